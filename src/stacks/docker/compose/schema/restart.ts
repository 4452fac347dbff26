import type { ComposeService } from "../project.ts";
import { parsed } from "./spelling.ts";

type Restart = ComposeService["restart"];

const POLICY = /^(no|always|unless-stopped|on-failure)(?::(\d{1,9}))?$/;

export const restartSchema = parsed("no, always, unless-stopped, on-failure or on-failure:5", (value) => {
  const [, name, retries] = typeof value === "string" ? (POLICY.exec(value) ?? []) : [];
  if (name === undefined || (retries !== undefined && name !== "on-failure")) return undefined;
  return { name: name as Restart["name"], maximumRetries: Number(retries ?? 0) };
});
