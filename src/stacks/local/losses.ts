import type { Runtime } from "../sessions/runtime.ts";
import type { Service } from "../sessions/session.ts";
import { lastWords } from "../last-words.ts";
import type { Casualty } from "../stack.ts";
import type { Crew } from "./crew.ts";
import { fullDisk } from "./full-disk.ts";
import { logTail } from "./log-tail.ts";

/** How much of a log fits on the line of a casualty. */
const TAIL_LINES = 3;
/** How a process ended that is no child of this one. */
export const UNKNOWN_END = "how is not known, another command had started it";
/** Nobody ends like that unless he is told to. */
const TOLD_TO = /^(killed by SIG(KILL|TERM|INT|HUP)|exit code 0)$/;

/** What befell the processes of a stack, and the disk that they write to. */
export function losses({ processes }: Runtime, crew: Crew, path: string): readonly Casualty[] {
  const stopped = crew.moving.filter(
    ({ service: { process } }) => process !== null && processes.isStopped(process.pid),
  );
  return [
    ...crew.dead.map(({ service, ended }) => obituary(service, ended() ?? "")),
    ...stopped.map(({ service: { name } }) => ({
      what: `${name} was stopped by somebody else (SIGSTOP)`,
      byOthers: true,
    })),
    ...fullDisk(path).map((what) => ({ what, byOthers: true })),
  ];
}

/** Only a server can die by the shop's own doing. */
function obituary({ name, role, log }: Service, end: string): Casualty {
  const words = lastWords(logTail(log), TAIL_LINES);
  const byOthers = role !== "server" || end === UNKNOWN_END || TOLD_TO.test(end);
  return { what: `${name} died: ${end}; ${words}`, byOthers };
}
