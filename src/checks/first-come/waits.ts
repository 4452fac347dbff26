import type { History } from "../../domain/history.ts";
import { plausibleArrival, plausibleGrant } from "../../domain/stamps.ts";
import { percentile } from "../../domain/statistics.ts";
import { count, milliseconds } from "../wording.ts";

/** `p50 1.2 ms and p99 3.4 ms from arrival to grant (300 samples)`; the whole answer time where servers do not stamp. */
export function describeWaits(history: History, contending: Uint32Array): string {
  const grants = sorted(contending, (attempt) => plausibleGrant(history, attempt) - plausibleArrival(history, attempt));
  if (grants.length > 0) return describe(grants, "from arrival to grant");
  return describe(
    sorted(contending, (attempt) => history.endedAt(attempt) - history.sentAt(attempt)),
    "from sending to answer",
  );
}

function sorted(contending: Uint32Array, wait: (attempt: number) => number): Float64Array {
  const waits = new Float64Array(contending.length);
  let known = 0;
  for (const attempt of contending) {
    const ns = wait(attempt);
    if (!(ns >= 0)) continue;
    waits[known] = ns;
    known += 1;
  }
  return waits.subarray(0, known).sort();
}

function describe(waits: Float64Array, what: string): string {
  const [p50, p99] = [percentile(waits, 50), percentile(waits, 99)];
  return `p50 ${milliseconds(p50)} and p99 ${milliseconds(p99)} ${what} (${count(waits.length, "sample")})`;
}
