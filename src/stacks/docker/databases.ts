import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RemoteDatabases } from "../stack.ts";
import type { Door } from "./open-door.ts";

export interface DoorDatabases extends RemoteDatabases {
  close(): Promise<void>;
}

/**
 * SQLite files of a stack in containers, through a door that is opened when
 * the first question comes. Copies that are asked for while one is being made
 * share the next one, which is begun after all of them asked: nobody is handed
 * a state from before his question.
 */
export function remoteDatabases(open: () => Promise<Door>, folder: string): DoorDatabases {
  let opening: Promise<Door> | undefined;
  const next = new Map<string, Promise<string>>();
  const last = new Map<string, Promise<unknown>>();

  async function door(): Promise<Door> {
    const known = opening;
    const opened = await known?.catch(() => undefined);
    if (known === opening && opened?.client.isGone !== false) opening = open();
    return opening ?? door();
  }

  async function takeCopy(file: string): Promise<string> {
    const { client } = await door();
    const bytes = await client.ask(file, { want: "copy" });
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
      const { client } = await door();
      await client.ask(file, { want: "change", statements });
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
