import { randomUUID } from "node:crypto";
import { onTestFinished, type TestContext } from "vitest";
import { systemClock } from "../../../../src/host/clock.ts";
import type { ComposeProject, ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import type { EngineConnection } from "../../../../src/stacks/docker/engine/connect.ts";
import { listLabelled } from "../../../../src/stacks/docker/engine/list.ts";
import { removeLabelled } from "../../../../src/stacks/docker/engine/remove.ts";
import { upProject } from "../../../../src/stacks/docker/engine/up.ts";
import type { UpContainer, UpOrder } from "../../../../src/stacks/docker/engine/up-order.ts";
import { engineUnderTest } from "../../../support/engine.ts";

const LABEL = "dev.lockbench.test";

export interface TestEngine {
  readonly connection: EngineConnection;
  /** Image with redis-server and a Debian's shell. */
  readonly redis: string;
  /** Of this test's own, for names. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `key=value` of the label. */
  readonly label: string;
  project(...services: ComposeService[]): ComposeProject;
  service(name: string, more?: Partial<ComposeService>): ComposeService;
  up(project: ComposeProject, more?: Partial<UpOrder>): Promise<readonly UpContainer[]>;
  /** How many containers, networks and volumes carry the label. */
  counts(): Promise<readonly [number, number, number]>;
}

/** An engine with a label of this test's own; whatever carries it is removed when the test is over. */
export async function testEngine(context: TestContext): Promise<TestEngine> {
  const { connection, env } = await engineUnderTest(context, ["LOCKBENCH_REDIS_IMAGE"]);
  const id = `lbt${randomUUID().slice(0, 8)}`;
  const label = `${LABEL}=${id}`;
  onTestFinished(async () => {
    await removeLabelled(connection, label, { graceful: false });
  });
  const labels = { [LABEL]: id };
  const redis = env.LOCKBENCH_REDIS_IMAGE;
  return {
    connection,
    redis,
    id,
    labels,
    label,
    project: (...services) => ({
      name: id,
      file: "/tests/compose.yml",
      folder: "/tests",
      services,
      networks: [{ key: "default", name: `${id}_default`, driver: null, internal: false, labels: {}, external: false }],
      volumes: [],
    }),
    service: (name, more) => ({ ...plainService(name, redis), ...more }),
    up: (project, more) =>
      upProject(connection, {
        project,
        labels,
        signal: AbortSignal.timeout(25_000),
        clock: systemClock(),
        progress: () => undefined,
        ...more,
      }),
    async counts() {
      const { containers, networks, volumes } = await listLabelled(connection, label);
      return [containers.length, networks.length, volumes.length];
    },
  };
}

/** The container of a service, which must be there. */
export function containerOf(containers: readonly UpContainer[], service: string): UpContainer {
  const found = containers.find((container) => container.service === service);
  if (found === undefined) throw new Error(`no container of ${service}`);
  return found;
}

/** Sleeps, and ends at once when it is asked to. */
export const SLEEP = ["sh", "-c", 'trap "exit 0" TERM; sleep 1000 & wait'];

function plainService(name: string, image: string): ComposeService {
  return {
    name,
    at: `/tests/compose.yml:1:1`,
    image,
    build: null,
    pullPolicy: "missing",
    command: SLEEP,
    entrypoint: null,
    environment: {},
    ports: [],
    expose: [],
    dependsOn: [],
    healthcheck: null,
    labels: {},
    networks: [{ network: "default", aliases: [] }],
    mounts: [],
    memoryBytes: null,
    restart: { name: "no", maximumRetries: 0 },
    stopGraceMs: null,
    stopSignal: null,
    scale: 1,
    user: null,
    workingDir: null,
    hostname: null,
    containerName: null,
    readOnly: false,
    init: null,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    extraHosts: [],
  };
}

/** Passes as soon as the command does. */
export function healthcheck(command: string, retries = 20): ComposeService["healthcheck"] {
  return { test: ["CMD-SHELL", command], intervalMs: 100, timeoutMs: 2000, startPeriodMs: 0, retries };
}

/** What a container prints when a command is run in it. */
export async function runInside({ docker }: EngineConnection, container: string, ...Cmd: string[]): Promise<string> {
  const exec = await docker.getContainer(container).exec({ Cmd, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let said = "";
  for await (const part of stream) said += String(part);
  return said.trim();
}
