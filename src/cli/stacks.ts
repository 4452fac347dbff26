import { isAbsolute, relative } from "node:path";
import { exitCode, usageError } from "../domain/errors.ts";
import { plural } from "../reporters/figure.ts";
import { startingLine } from "../reporters/live-line.ts";
import { requireLoopback } from "../run/loopback.ts";
import { resolvePlan } from "../scenario/resolve-plan.ts";
import { listSessions } from "../stacks/sessions/folders.ts";
import { stopSessions } from "../stacks/sessions/manage.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import { type ServiceStatus, type SessionStatus, statusOf } from "../stacks/sessions/status.ts";
import type { RunningStack } from "../stacks/stack.ts";
import type { DownOptions, StatusOptions, UpOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";
import { selectScenarios } from "./scenarios.ts";
import { whileDrawing } from "./while-drawing.ts";
import { requireFit, stackKind } from "./stack-kind.ts";
import { createStack } from "./stack-provider.ts";

/** `lockbench up`: brings up a stack that stays, or tells that it is up already. */
export async function bringUp(context: Context, pattern: string, options: UpOptions): Promise<Ended> {
  const kind = stackKind(options.stack);
  const [scenario, ...others] = await selectScenarios(context, [pattern], undefined);
  if (scenario === undefined || others.length > 0) {
    throw usageError(`up: expected one scenario, found several for "${pattern}"`, "bring them up one by one");
  }
  const plan = resolvePlan(scenario, options);
  requireLoopback(plan, options.allowRemote === true);
  requireFit(kind, plan);
  const { host, console, signal } = context;
  const provider = createStack(context, kind);
  const up = { folder: host.cwd, stays: true, signal, progress: (line: string) => console.note(line) };
  const started = host.clock.now();
  const draw = (): void => console.live(startingLine(plan.scenario, host.clock.now() - started, console.liveWidth));
  const stack = await whileDrawing(console, draw, async () => {
    const attached = await provider.attach(plan, up);
    await attached?.down();
    return attached ?? provider.up(plan, up);
  });
  console.result(describe(scenario.name, stack));
  return OK;
}

function describe(scenario: string, stack: RunningStack): string {
  return [
    `${stack.reused ? "already up" : "up"}: the stack of ${scenario}`,
    ...stack.servers.map((url) => `  server  ${url}`),
    ...stack.redis.map(({ name, url }) => `  ${name.padEnd(6)}  ${url}`),
    `next: lockbench run ${scenario}, lockbench status, lockbench logs, lockbench down`,
  ].join("\n");
}

/** `lockbench down` */
export async function stopStacks({ host, console }: Context, { all, of }: DownOptions): Promise<Ended> {
  const which = { folder: all === true ? undefined : host.cwd, scenario: of };
  const { stopped, left, failures } = await stopSessions(runtimeOf(host), which);
  const lines = [...stopped, ...left];
  if (lines.length > 0 || failures.length === 0) {
    console.result(lines.length === 0 ? `nothing to stop${of === undefined ? "" : ` of ${of}`}` : lines.join("\n"));
  }
  if (failures.length > 0) throw failures[0];
  return OK;
}

/** `lockbench status`: exit 5 when something that should be up is not well. */
export async function showStatus(context: Context, options: StatusOptions): Promise<Ended> {
  const runtime = runtimeOf(context.host);
  const entries = listSessions(runtime, options.all === true ? undefined : context.host.cwd);
  const statuses = await Promise.all(entries.map((entry) => statusOf(runtime, entry)));
  if (options.json === true) context.console.result(JSON.stringify(statuses, null, 2));
  else
    context.console.result(
      statuses.length === 0 ? "nothing is up here" : statuses.map((one) => asText(context, one)).join("\n\n"),
    );
  const sick = statuses.filter(({ healthy }) => !healthy);
  if (sick.length === 0) return OK;
  if (sick.some(({ session }) => session.ready)) context.console.note("next: lockbench down, then lockbench up again");
  const reasonTo = options.json === true ? "stderr" : "stdout";
  return {
    exit: exitCode.environment,
    reason: `${String(sick.length)} of ${plural(statuses.length, "stack")} not well`,
    reasonTo,
  };
}

function asText({ console: { chalk }, host }: Context, status: SessionStatus): string {
  const { session, services, healthy } = status;
  const width = Math.max(...services.map(({ name }) => name.length), 6);
  const whoOf = ({ container, pid }: ServiceStatus): string => container ?? `pid ${String(pid ?? "–")}`;
  const whoWidth = Math.max(...services.map((one) => whoOf(one).length), 11);
  const where = relative(host.cwd, session.folder);
  const word = healthy ? chalk.green("well") : session.ready ? chalk.red("not well") : chalk.yellow("starting");
  return [
    `${chalk.bold(session.scenario)} in ${where === "" ? "this folder" : isAbsolute(where) ? where : session.folder}: ${word}`,
    ...services.map((service) => {
      const { name, port, uptimeMs, health } = service;
      const up = uptimeMs === null ? "down" : `up ${String(Math.round(uptimeMs / 1000))} s`;
      const who = whoOf(service).padEnd(whoWidth);
      return `  ${name.padEnd(width)}  port ${String(port).padEnd(5)}  ${who}  ${up.padEnd(9)}  ${health}`;
    }),
  ].join("\n");
}
