import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity, type ProcessIdentity } from "../../host/processes.ts";
import { prepareRuntimeFolder, type Runtime } from "./runtime.ts";
import { parseSession, type Session } from "./session.ts";

/** A session with the folder that holds its record, logs and data. */
export interface SessionEntry {
  readonly path: string;
  readonly session: Session;
}

const RECORD = "session.json";
const PREFIX = "lb-";

export const dataFolder = (path: string): string => join(path, "data");
export const logFolder = (path: string): string => join(path, "logs");
/** Working folders of services that have none of their own. */
export const workFolder = (path: string): string => join(path, "work");

type SessionDraft = Omit<Session, "version" | "id" | "owner" | "startedAt">;

/** Makes the folder of a new session, with its record already in it when it appears. */
export function createSession(runtime: Runtime, draft: SessionDraft): SessionEntry {
  prepareRuntimeFolder(runtime.folder);
  const owner = ownIdentity(runtime.processes);
  const id = `${PREFIX}${identityWord(owner)}-${runtime.chance.hex(4)}`;
  const session: Session = { version: 1, id, owner, startedAt: runtime.clock.date().toISOString(), ...draft };
  const unborn = join(runtime.folder, `.new-${id}`);
  mkdirSync(unborn, { mode: 0o700 });
  for (const folder of [dataFolder(unborn), logFolder(unborn), workFolder(unborn)]) mkdirSync(folder, { mode: 0o700 });
  writeRecord(unborn, session);
  const path = join(runtime.folder, id);
  renameSync(unborn, path);
  return { path, session };
}

/** Replaces a session's record in one step, so that no reader ever sees half of it. */
export function writeRecord(path: string, session: Session): void {
  const draft = join(path, `${RECORD}.${String(process.pid)}`);
  writeFileSync(draft, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(path, RECORD));
}

/** undefined when the record is missing or garbled. */
export function readRecord(path: string): Session | undefined {
  try {
    return parseSession(readFileSync(join(path, RECORD), "utf8"));
  } catch {
    return undefined;
  }
}

/** Every session whose record can be read, the oldest first; only those of `folder` when it is given. */
export function listSessions(runtime: Runtime, folder?: string): SessionEntry[] {
  const entries = namesIn(runtime.folder)
    .filter((name) => name.startsWith(PREFIX))
    .flatMap((name) => {
      const path = join(runtime.folder, name);
      const session = readRecord(path);
      return session === undefined || (folder !== undefined && session.folder !== folder) ? [] : [{ path, session }];
    });
  return entries.sort((one, other) => one.session.startedAt.localeCompare(other.session.startedAt));
}

/** The names in a folder, none when it does not exist or is something else. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}

/** A process's identity as part of a file name. */
export function identityWord(who: ProcessIdentity): string {
  return `${String(who.pid)}-${who.startTime.replaceAll(/\W+/g, "_")}`;
}

/** True when a name holds the identity of a living process, as `identityWord` wrote it. */
export function namesLivingProcess(runtime: Runtime, name: string): boolean {
  const [, pid, startTime] = /(\d+)-(\w+?)(?:-[0-9a-f]{8})?$/.exec(name) ?? [];
  const now = pid === undefined ? undefined : runtime.processes.startTime(Number(pid));
  return now !== undefined && now.replaceAll(/\W+/g, "_") === startTime;
}
