/**
 * The door to the SQLite files of a stack in containers. It runs in a helper
 * container that mounts the same volume, because SQLite can only be shared
 * where its locks and its shared memory are: on one kernel, in one file system.
 * It ends when its standard input does, so a lockbench that is killed leaves none behind.
 */
import { createInterface } from "node:readline";
import { answerTo } from "./answer.ts";
import type { DoorRequest } from "./protocol.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const { answer, bytes } = answerTo(JSON.parse(line) as DoorRequest);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.stdout.write(bytes);
}
