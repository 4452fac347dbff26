/** Labels that lockbench's engine room puts on containers for itself. */
const SERVICE = "dev.lockbench.service";
const NUMBER = "dev.lockbench.number";
const WAVE = "dev.lockbench.wave";

type Labels = Readonly<Record<string, string>>;

/** What is remembered on a container itself, so that it can be stopped in order by whoever finds it. */
export interface Mark {
  readonly service: string;
  /** From 1. */
  readonly index: number;
  /** Containers of a higher wave depend on lower ones. */
  readonly wave: number;
}

/** Not Compose's own labels: `docker compose down` must not take a stack of lockbench for one of its own. */
export function markLabels({ service, index, wave }: Mark): Record<string, string> {
  return { [SERVICE]: service, [NUMBER]: String(index), [WAVE]: String(wave) };
}

/** Of a container without a mark, such as a helper: no service, and stopped first. */
export function markOf(labels: Labels): Mark {
  return {
    service: labels[SERVICE] ?? "",
    index: Number(labels[NUMBER] ?? 0),
    wave: Number(labels[WAVE] ?? Number.MAX_SAFE_INTEGER),
  };
}

/** `key=value` of every label, as the engine filters by them. */
export function labelFilter(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}
