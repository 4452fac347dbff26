import type { Plan } from "../domain/plan.ts";
import type { RunRecord } from "../domain/record.ts";
import { liveLine } from "../reporters/live-line.ts";
import { conduct, type Phase } from "../run/conduct.ts";
import type { Tools } from "../run/tools.ts";
import type { Context } from "./context.ts";
import { whileDrawing } from "./while-drawing.ts";

/** A start that takes longer than this says what it is doing: an image may be built or pulled. */
const PATIENCE_MS = 1500;

/** Conducts one run while a live line tells how far it is. */
export async function runOne(context: Context, plan: Plan, tools: Tools, keep: boolean): Promise<RunRecord> {
  const { host, console, signal } = context;
  const started = host.clock.now();
  let phase: Phase = "starting";
  let load = { sent: 0, ended: 0 };
  const expected = plan.load.runTimeMs === null ? plan.load.buyers : null;
  const draw = (): void => {
    const elapsedMs = host.clock.now() - started;
    console.live(liveLine({ scenario: nameOf(plan), phase, elapsedMs, ...load, expected }, console.liveWidth));
  };
  return whileDrawing(console, draw, () =>
    conduct(plan, tools, {
      folder: host.cwd,
      keep,
      signal,
      onPhase: (next) => {
        phase = next;
        draw();
      },
      onProgress: (line) => {
        if (host.clock.now() - started > PATIENCE_MS) console.note(line);
      },
      onLoad: (soFar) => {
        load = soFar;
      },
    }),
  );
}

function nameOf(plan: Plan): string {
  return plan.lock === null ? plan.scenario : `${plan.scenario} (${plan.lock})`;
}
