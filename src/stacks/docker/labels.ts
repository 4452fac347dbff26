import type { Session } from "../sessions/session.ts";

/** Every container, network and volume of a stack carries it, with the session's id as value. */
const SESSION_LABEL = "dev.lockbench.session";
/** What a person who finds a container wants to know. */
const SCENARIO_LABEL = "dev.lockbench.scenario";
const FOLDER_LABEL = "dev.lockbench.folder";

/** As the engine filters by it. */
export function sessionLabel(session: string): string {
  return `${SESSION_LABEL}=${session}`;
}

export function labelsOf({
  id,
  scenario,
  folder,
}: Pick<Session, "id" | "scenario" | "folder">): Record<string, string> {
  return { [SESSION_LABEL]: id, [SCENARIO_LABEL]: scenario, [FOLDER_LABEL]: folder };
}
