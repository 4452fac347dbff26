import type { FaultSummary } from "../domain/record.ts";
import { figure } from "./figure.ts";
import type { Palette } from "./palette.ts";
import { hanging } from "./paragraph.ts";
import { visible } from "./width.ts";

/**
 * What was broken while the load ran, and when; nothing without faults.
 * @param firstSendMs on the clock of the faults; null: in the records that do not say, times are left as they are
 */
export function faultsSection(
  faults: readonly FaultSummary[],
  firstSendMs: number | null,
  width: number,
  paint: Palette,
): string {
  if (faults.length === 0) return "";
  const title = firstSendMs === null ? "faults" : "faults, times after the first send";
  return [paint.title(title), ...faults.flatMap((fault) => hanging("  ", line(fault, firstSendMs ?? 0), width))].join(
    "\n",
  );
}

function line({ kind, what, injectedMs, healedMs, obstacle }: FaultSummary, zeroMs: number): string {
  const name = visible(what);
  if (injectedMs === null) {
    return obstacle === null ? `${name}: never came` : `${name}: could not be injected: ${visible(obstacle)}`;
  }
  const injected = `${name}: at ${figure(injectedMs - zeroMs)} ms`;
  if (kind === "script_flush") return injected;
  return healedMs === null ? `${injected}, never healed` : `${injected}, healed at ${figure(healedMs - zeroMs)} ms`;
}
