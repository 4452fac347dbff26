const LONGEST_SCENARIO = 60;

/**
 * A name for a run that sorts by time (UTC, milliseconds) and is safe as a file
 * name: `20261123T150405.123Z-v1_stress-ab12`.
 * @param tail four random hex digits, which only make a collision unlikely; the
 * store makes it impossible by claiming the folder
 */
export function newRunId(scenario: string, startedAt: Date, tail: string): string {
  const time = startedAt.toISOString().replace(/[-:]/g, "");
  return `${time}-${fileSafe(scenario)}-${tail}`;
}

/** True for what newRunId makes, so that no other folder in results/ is taken for a run. */
export function isRunId(name: string): boolean {
  return /^\d{8}T\d{6}\.\d{3}Z-[\w.+-]+-[0-9a-f]{4}$/.test(name);
}

/** True for the id of a run of this scenario; also, rarely, of another whose name is as long and spelled alike. */
export function isRunOf(id: string, scenario: string): boolean {
  return isRunId(id) && id.slice(id.indexOf("-") + 1, id.lastIndexOf("-")) === fileSafe(scenario);
}

function fileSafe(scenario: string): string {
  const safe = scenario.replace(/[^\w.+-]+/g, "_").slice(0, LONGEST_SCENARIO);
  return safe === "" ? "run" : safe;
}
