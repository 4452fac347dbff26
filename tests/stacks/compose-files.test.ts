import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly ports: readonly string[];
  readonly healthcheck: { readonly test: readonly string[]; readonly interval: string; readonly retries: number };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly mem_limit: string;
  readonly stop_grace_period: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly volumes?: readonly string[];
}

const root = resolve(import.meta.dirname, "../..");
const REDIS = ["redis", "redis1", "redis2", "redis3", "redis4"];
const TOPOLOGIES = [
  { file: "compose/single.yml", redis: REDIS.slice(0, 1) },
  { file: "compose/redlock.yml", redis: REDIS },
];
const COMPOSE = ["docker-compose", "docker compose"];

const text = (file: string): string => readFileSync(join(root, file), "utf8");
const dockerfile = text("compose/Dockerfile");

function servicesOf(file: string): Readonly<Record<string, Service>> {
  return (parse(text(file), { merge: true }) as { services: Record<string, Service> }).services;
}

describe.each(TOPOLOGIES)("$file", ({ file, redis }) => {
  const services = servicesOf(file);

  test("has one server, and the Redis nodes of its topology", () => {
    expect(Object.keys(services).sort()).toEqual(["app", ...redis].sort());
  });

  test("says first what is safe about it, and what is not", () => {
    const [beginning = ""] = text(file).split(/^\w/m);
    expect(beginning).toMatch(/^# Safe: /m);
    expect(beginning).toMatch(/^# Not safe:$/m);
  });

  test("publishes every service on 127.0.0.1 only, on a port of its own that a variable can change", () => {
    const [app, ...others] = ["app", ...redis].map((name) => services[name]?.ports);
    expect(app).toEqual(["127.0.0.1:${LOCKBENCH_APP_PORT:-8080}:8080"]);
    expect(others).toEqual(
      redis.map((name, index) => [`127.0.0.1:\${LOCKBENCH_${name.toUpperCase()}_PORT:-${String(6380 + index)}}:6379`]),
    );
  });

  test.each(Object.entries(services))("gives %s no more than it needs", (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
    // The server's user is the image's.
    const user = service.user ?? /^USER (.+)$/m.exec(dockerfile)?.[1];
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  test.each(Object.entries(services))("checks %s often until it is well, and rarely from then on", (_name, service) => {
    const { test: check, interval, retries } = service.healthcheck;
    expect(interval).toBe("250ms");
    expect(retries).toBe(100);
    expect(check).toEqual([
      "CMD-SHELL",
      expect.stringMatching(/^\[ ! -e \/tmp\/well \] \|\| { sleep 20; rm \/tmp\/well; }; /),
    ]);
    // Newer engines check every 5 s for as long as this lasts, and older Compose knows no other pace for it.
    expect(service.healthcheck).not.toHaveProperty("start_period");
  });

  test("starts the server when every Redis node is healthy, and tells it where they are", () => {
    const { app } = services;
    expect(app?.depends_on).toEqual(Object.fromEntries(redis.map((name) => [name, { condition: "service_healthy" }])));
    const urls = redis.map((name) => `redis://${name}:6379`);
    expect(app?.environment?.["REDIS_URL"]).toBe(urls[0]);
    expect(app?.environment?.["REDIS_URLS"]).toBe(urls.length > 1 ? urls.join(",") : undefined);
    expect(app?.volumes).toEqual(["data:/data"]);
  });

  test("builds the server on the same Node image as the Dockerfile by itself does", () => {
    const [, image = ""] = /^ARG LOCKBENCH_NODE_IMAGE=(.+)$/m.exec(dockerfile) ?? [];
    expect(services["app"]?.build?.args).toEqual({ LOCKBENCH_NODE_IMAGE: `\${LOCKBENCH_NODE_IMAGE:-${image}}` });
  });

  test("is accepted by the Compose of this machine", async (context) => {
    const compose = await installedCompose();
    if (compose === undefined) return context.skip(`no Compose on this machine: ${COMPOSE.join(", ")}`);
    const [program = "", ...args] = compose.split(" ");
    const { stdout } = await execa(program, [...args, "-f", join(root, file), "config"]);
    expect(Object.keys((parse(stdout) as { services: object }).services).sort()).toEqual(Object.keys(services).sort());
  });
});

test("both files describe the same server, but for the Redis nodes and the lock that fits them", () => {
  const [single, redlock] = TOPOLOGIES.map(({ file }) => {
    const { environment, depends_on: _, ...rest } = servicesOf(file)["app"] ?? {};
    return { ...rest, environment: { ...environment, REDIS_URLS: "", LOCK: "" } };
  });
  expect(single).toEqual(redlock);
});

test("every Redis node of both files is configured alike, but for its port", () => {
  const nodes = TOPOLOGIES.flatMap(({ file, redis }) => redis.map((name) => servicesOf(file)[name]));
  for (const node of nodes) expect({ ...node, ports: [] }).toEqual({ ...nodes[0], ports: [] });
});

async function installedCompose(): Promise<string | undefined> {
  for (const command of COMPOSE) {
    const [program = "", ...args] = command.split(" ");
    const { failed } = await execa(program, [...args, "version"], { reject: false });
    if (!failed) return command;
  }
  return undefined;
}
