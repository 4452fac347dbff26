import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RemoteDatabases } from "../stack.ts";
import type { DoorClient } from "./door-client.ts";

/**
 * SQLite files of a stack in containers. Copies that are asked for while one
 * is being made share the next one, which is begun after all of them asked:
 * nobody is handed a state from before their question.
 */
export function remoteDatabases(open: () => Promise<DoorClient>, folder: string): RemoteDatabases & { close(): void } {
  let opening: Promise<DoorClient> | undefined;
  const next = new Map<string, Promise<string>>();
  const last = new Map<string, Promise<unknown>>();

  async function door(): Promise<DoorClient> {
    const known = opening;
    const client = await known?.catch(() => undefined);
    if (known === opening && client?.isGone !== false) opening = open();
    return opening ?? door();
  }

  async function takeCopy(file: string): Promise<string> {
    const bytes = await (await door()).ask(file, { want: "copy" });
    const path = join(folder, `copy-${createHash("sha256").update(file).digest("hex").slice(0, 12)}.db`);
    // Replaced in one step: whoever still reads the one before keeps it.
    writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return path;
  }

  return {
    copy(file) {
      const planned = next.get(file);
      if (planned !== undefined) return planned;
      const before = last.get(file) ?? Promise.resolve();
      const copy = before
        .catch(() => undefined)
        .then(() => {
          next.delete(file);
          return takeCopy(file);
        });
      next.set(file, copy);
      last.set(file, copy);
      return copy;
    },
    async change(file, statements) {
      await (await door()).ask(file, { want: "change", statements });
    },
    close() {
      opening?.then(
        (client) => {
          client.close();
        },
        () => undefined,
      );
    },
  };
}
