import type { Host } from "../host/host.ts";
import { listSessions } from "../stacks/sessions/folders.ts";
import { abandoned } from "../stacks/sessions/remove.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import { statusOf } from "../stacks/sessions/status.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "earlier runs";

/** What killed commands left behind, and stacks that are up. */
export async function leftovers(host: Pick<Host, "env" | "clock" | "chance" | "processes">): Promise<DoctorLine> {
  const runtime = runtimeOf(host);
  const left = abandoned(runtime).length;
  if (left > 0) {
    const advice = "nothing: the next lockbench command removes it";
    return { name: NAME, health: "warn", found: `${String(left)} left behind in ${runtime.folder}`, advice };
  }
  const staying = listSessions(runtime).filter(({ session }) => session.stays && session.ready);
  const states = await Promise.all(staying.map((entry) => statusOf(runtime, entry)));
  const sick = states.filter((state) => !state.healthy).map((state) => state.session.folder);
  if (sick.length > 0) {
    return {
      name: NAME,
      health: "warn",
      found: `a stack that no longer answers: ${sick.join(", ")}`,
      advice: "type there: lockbench down",
    };
  }
  return {
    name: NAME,
    health: "ok",
    found: staying.length === 0 ? "nothing left behind" : `${String(staying.length)} stack(s) up and well`,
  };
}
