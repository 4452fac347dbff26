import { messageOf } from "../domain/errors.ts";
import { concludeRun } from "../domain/verdict.ts";
import { lastHealing } from "../domain/last-healing.ts";
import type { Plan } from "../domain/plan.ts";
import { type RunRecord, SCHEMA_VERSION } from "../domain/record.ts";
import { type Remark, remarksOn } from "../domain/remark.ts";
import type { WireLog } from "../domain/wire.ts";
import type { LoadProgress } from "../engines/engine.ts";
import type { ProbeTarget } from "../probes/probe.ts";
import type { RunningStack } from "../stacks/stack.ts";
import { GuardedFolder } from "./guarded-folder.ts";
import { judgeableOn } from "./judgeable.ts";
import { isBehindProxy, judge } from "./judge.ts";
import { lossesFirst } from "./losses-first.ts";
import { type Scope, withScope } from "./scope.ts";
import { requireStartState, seedShop } from "./start-state.ts";
import { describeEnvironment, summarizeFaults, summarizeTruth } from "./summary.ts";
import type { EvidenceFolder, Tools } from "./tools.ts";
import { readTruth, type TruthReading } from "./truth.ts";
import { readWire, type Sale, sell } from "./sale.ts";
import { Witnesses } from "./witnesses.ts";

export type Phase = "starting" | "seeding" | "selling" | "healing" | "settling" | "judging" | "stopping";

export interface ConductOptions {
  /** The folder in which lockbench was called. */
  readonly folder: string;
  /** Leave the stack up afterwards. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: Phase) => void;
  /** What the start of a stack has to tell while it takes its time. */
  readonly onProgress: (line: string) => void;
  readonly onLoad: (soFar: LoadProgress) => void;
}

/** A stage of a run has everything that the stages before it made. */
interface Stage {
  /** As it can be judged on this stack. */
  readonly plan: Plan;
  /** What the stack does not let us judge. */
  readonly remarks: readonly string[];
  readonly tools: Tools;
  readonly options: ConductOptions;
  readonly stack: RunningStack;
  readonly folder: EvidenceFolder;
  readonly witnesses: Witnesses;
}

/**
 * Runs one scenario from a cold start to a stored record: stack, seed, load,
 * settle, truth, judgement. Whatever it started is stopped when it returns or
 * throws, unless the stack was there before or is to be kept.
 * @throws LockbenchError when the run cannot be judged at all
 */
export async function conduct(plan: Plan, tools: Tools, options: ConductOptions): Promise<RunRecord> {
  const startedAt = tools.clock.date();
  const started = tools.clock.now();
  return withScope(async (scope) => {
    const stage = await prepare(plan, tools, options, startedAt, scope);
    options.onPhase("selling");
    const sale = await sellUnderFaults(stage, scope);
    options.onPhase("settling");
    const reading = await readTruth({
      plan: stage.plan,
      history: sale.load.history,
      healedAt: lastHealing(sale.faults),
      locks: () => tools.locks(stage.plan, stage.stack.redis),
      witnesses: stage.witnesses,
      folder: stage.folder,
      clock: tools.clock,
      signal: options.signal,
      broken: async () => (await stage.stack.casualties()).length > 0,
    });
    options.onPhase("judging");
    const record = await conclude(stage, sale, reading, {
      startedAt: startedAt.toISOString(),
      durationMs: tools.clock.now() - started,
    });
    options.onPhase("stopping");
    return record;
  });
}

async function prepare(
  asked: Plan,
  tools: Tools,
  options: ConductOptions,
  startedAt: Date,
  scope: Scope,
): Promise<Stage> {
  const { signal } = options;
  options.onPhase("starting");
  const stack = await standUp(asked, tools, options, scope);
  const { plan, remarks } = judgeableOn(stack, asked);
  const folder = new GuardedFolder(tools.keeper.begin(plan, startedAt));
  scope.defer(() => folder.abandon());
  signal.throwIfAborted();
  options.onPhase("seeding");
  // Before the first change: from here on the stack no longer shows an earlier run.
  tools.noteRun(stack, folder.id);
  const target: ProbeTarget = {
    server: stack.servers[0] ?? "",
    redis: stack.redis,
    variables: { ...stack.variables, run: folder.id },
    databases: stack.databases,
    folder: plan.folder,
  };
  const witnesses = await lossesFirst(`seeding ${plan.scenario}`, stack, tools.clock, async () => {
    await seedShop(plan, target, tools);
    const opened = await openWitnesses(plan, tools, target, scope);
    await requireStartState(plan, opened, tools.clock, signal);
    return opened;
  });
  return { plan, remarks, tools, options, stack, folder, witnesses };
}

/** Each probe is in the scope as soon as it is open: the next one may fail to open. */
async function openWitnesses(plan: Plan, tools: Tools, target: ProbeTarget, scope: Scope): Promise<Witnesses> {
  const stock = await tools.stockProbes(plan, target);
  for (const probe of stock) scope.defer(() => probe.close());
  const purchases = await tools.purchaseProbe(plan, target);
  if (purchases !== null) scope.defer(() => purchases.close());
  return new Witnesses(plan, stock, purchases);
}

async function standUp(plan: Plan, tools: Tools, options: ConductOptions, scope: Scope): Promise<RunningStack> {
  const up = { folder: options.folder, stays: options.keep, signal: options.signal, progress: options.onProgress };
  const stack = (await tools.stack.attach(plan, up)) ?? (await tools.stack.up(plan, up));
  // Of a stack that was there before, `down` only lets go.
  if (stack.reused || !options.keep) scope.defer(() => stack.down());
  return stack;
}

function sellUnderFaults({ plan, tools, options, stack, folder }: Stage, scope: Scope): Promise<Sale> {
  const job = {
    servers: stack.servers,
    load: plan.load,
    purchase: plan.target.purchase,
    outcomes: plan.target.outcomes,
    answer: plan.target.answer,
    products: plan.products.map(({ id }) => id),
    run: folder.id,
    seed: plan.seed,
    signal: options.signal,
  };
  return sell({
    plan,
    tools,
    stack,
    scope,
    fire: (progress) => tools.engine.fire({ ...job, progress }),
    onProgress: options.onLoad,
    onHealing: () => options.onPhase("healing"),
  });
}

async function conclude(
  stage: Stage,
  sale: Sale,
  reading: TruthReading,
  times: Pick<RunRecord, "startedAt" | "durationMs">,
): Promise<RunRecord> {
  const { plan, tools, stack, folder } = stage;
  const { history, generatorCpuPercent } = sale.load;
  const tap = await readWire(stack, history.originNs);
  keepWhatBroke(stage, sale, tap.wire);
  const casualties = await stack.casualties();
  const { metrics, checks, remarks } = judge(
    {
      plan,
      history,
      truth: reading.truth,
      generatorCpuPercent,
      behindProxy: isBehindProxy(stack.kind),
      wire: tap.wire,
      faults: sale.faults,
    },
    await tools.checksFor(plan),
  );
  const surroundings = {
    incidents: [...casualties.map(({ what }) => what), ...sale.incidents, ...reading.unreachable, ...tap.incidents],
    disturbed: casualties.some(({ byOthers }) => byOthers),
  };
  const unwritten: Omit<RunRecord, "evidence"> = {
    schemaVersion: SCHEMA_VERSION,
    id: folder.id,
    scenario: plan.scenario,
    ...times,
    ...concludeRun(checks, surroundings),
    checks,
    metrics,
    truth: summarizeTruth(plan, reading.truth),
    faults: summarizeFaults(plan, sale.faults),
    environment: describeEnvironment(plan, tools, stack.kind, await tools.redisVersion(stack.redis)),
    ...surroundings,
    remarks: [...remarksBefore(stage, sale), ...remarksOn("judgement", remarks)],
  };
  await folder.attempts(history);
  try {
    return folder.finish(unwritten);
  } catch (error) {
    return unkept(unwritten, error);
  }
}

/** What was remarked before anything was judged. */
function remarksBefore({ remarks }: Stage, { load }: Sale): Remark[] {
  return [...remarksOn("stack", remarks), ...remarksOn("load", load.remarks)];
}

function keepWhatBroke({ plan, folder }: Stage, { faults }: Sale, wire: WireLog | null): void {
  if (plan.faults.length > 0) folder.faults(faults);
  if (wire !== null) folder.wire(wire);
}

/** A verdict that could not be stored is still told, and the failure to store it is part of it. */
function unkept(record: Omit<RunRecord, "evidence">, error: unknown): RunRecord {
  const incidents = [...record.incidents, `the record could not be kept: ${messageOf(error)}`];
  return { ...record, ...concludeRun(record.checks, { ...record, incidents }), incidents, evidence: {} };
}
