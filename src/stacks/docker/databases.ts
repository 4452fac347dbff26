import type { RemoteDatabases } from "../stack.ts";
import type { Door } from "./open-door.ts";

export interface DoorDatabases extends RemoteDatabases {
  /** Ends the helper; the next question would start another one. */
  close(): Promise<void>;
}

/**
 * SQLite files of a stack in containers, through a door that is opened when
 * the first question comes. Copies that are asked for while one is being made
 * share the next one, which is begun after all of them asked: nobody is handed
 * a state from before his question.
 */
export function remoteDatabases(open: () => Promise<Door>): DoorDatabases {
  let opening: Promise<Door> | undefined;
  const next = new Map<string, Promise<Buffer>>();
  const last = new Map<string, Promise<unknown>>();

  async function door(): Promise<Door> {
    const known = opening;
    const opened = await known?.catch(() => undefined);
    if (known === opening && opened?.client.isGone !== false) opening = open();
    return opening ?? door();
  }

  async function takeCopy(file: string): Promise<Buffer> {
    const { client } = await door();
    return client.ask(file, { want: "copy" });
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
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      await opened?.close();
    },
  };
}
