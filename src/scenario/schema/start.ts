import * as z from "zod";
import { command, status } from "./parts.ts";
import { duration, httpPath, mapping, scalarText, text } from "./spelling.ts";

export const startSchema = mapping({
  command: command().describe("The program and its arguments, without a shell. It must stay in the foreground."),
  cwd: text()
    .optional()
    .describe("The folder it runs in, relative to this file. Default: the folder of the file that says `command`."),
  env: z
    .record(z.string(), scalarText(), { error: "a mapping of variables" })
    .prefault({})
    .describe(
      "Environment variables on top of lockbench's own. Where the shop takes its port, Redis and database from.",
    ),
  stop_within: duration().prefault("5s").describe("How long it may take to stop after SIGTERM before it is killed."),
}).describe("How to start the shop under test. `${…}` placeholders are filled in.");

const BASE_URL = 'the base URL of a running shop, such as "http://127.0.0.1:8080", without path, query and user';
export const urlSchema = z.string({ error: BASE_URL }).refine(isBaseUrl, { error: BASE_URL });

function isBaseUrl(spelling: string): boolean {
  if (!URL.canParse(spelling)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(spelling);
  return /^https?:$/.test(protocol) && pathname === "/" && search + hash + username + password === "";
}

export const readySchema = mapping({
  path: httpPath().prefault("/health").describe("What is asked until it answers with `status`."),
  status: status().prefault(200).describe("The status that means: ready to sell."),
  within: duration().prefault("10s").describe("How long the shop may take to become ready."),
}).describe("How lockbench knows that the shop is ready.");
