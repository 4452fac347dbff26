import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Environment } from "../host/programs.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "Docker engine";
const ASK_WITHIN_MS = 2000;

/** For information only: the local stack needs no Docker. */
export async function dockerEngine(env: Environment): Promise<DoctorLine> {
  const socket = socketPath(env);
  if (socket === undefined) return { name: NAME, health: "ok", found: "none, and none is needed for the local stack" };
  const version = await askVersion(socket);
  if (version !== undefined) return { name: NAME, health: "ok", found: `${version} at ${socket}` };
  return { name: NAME, health: "ok", found: `${socket} does not answer; the local stack does not need it` };
}

function socketPath(env: Environment): string | undefined {
  const given = /^unix:\/\/(.+)$/.exec(env["DOCKER_HOST"] ?? "")?.[1];
  const rootless = env["XDG_RUNTIME_DIR"] === undefined ? [] : [join(env["XDG_RUNTIME_DIR"], "docker.sock")];
  const places = given === undefined ? ["/var/run/docker.sock", ...rootless] : [given];
  return places.find((place) => existsSync(place));
}

function askVersion(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/version", timeout: ASK_WITHIN_MS }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("close", () => resolve(/"Version":\s*"([^"]+)"/.exec(body)?.[1]));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
