import type { Finding } from "../domain/finding.ts";
import type { LoadedRun } from "./load-run.ts";

const SHOWN = 5;

/** Judges whether the evidence is still what was written when the run ended. */
export function evidenceFinding(loaded: LoadedRun): Finding {
  const { damage, damageCount, files } = loaded;
  const intact = damageCount === 0;
  const compared = `${String(files)} ${files === 1 ? "file" : "files"} compared with the sha256 in the record`;
  return {
    name: "evidence_intact",
    kind: "correctness",
    verdict: intact ? "pass" : "fail",
    expected: "as it was written",
    actual: intact ? "as it was written" : `${String(damageCount)} ${damageCount === 1 ? "difference" : "differences"}`,
    detail: intact ? `${compared}, all equal` : `${compared}: the evidence was changed after the run`,
    evidence: damageCount <= SHOWN ? damage : [...damage.slice(0, SHOWN), `… and ${String(damageCount - SHOWN)} more`],
  };
}
