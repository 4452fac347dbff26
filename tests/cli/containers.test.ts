import { createServer } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { enginePresent } from "../support/engine.ts";
import {
  aContainerPlace,
  type ContainerPlace,
  expectCorrect,
  NOTHING,
  openContainerPlace,
} from "./support/containers.ts";
import { CORRECTNESS, keptRuns, passing, record, records, verdicts } from "./support/output.ts";
import { aPlace, lastLine } from "./support/place.ts";
import { serviceOf, stacksOf } from "./support/stacks.ts";
import { until } from "./support/until.ts";

/** Containers take seconds where processes take tenths. */
const SLOW = 120_000;
/**
 * A published port serves its newest connection first. With fewer than twenty
 * stamps that is chance to first_come, and with a hundred it does not show.
 */
const SMALL = "--users 18 --stock 10";
const LONG = "run v1_basic --run-time 60s --users 8";

describe("a stack of containers that is brought up to stay", { timeout: SLOW }, () => {
  let place: ContainerPlace | undefined;
  beforeAll(async () => {
    const engine = await enginePresent();
    if (engine.missing !== undefined) return;
    place = openContainerPlace(engine.env);
    const up = await place.lockbench("up v1_stress");
    expect(up, up.stderr).toMatchObject({ exit: 0 });
  }, SLOW);
  afterAll(() => place?.close());

  /** The shared place, or the test is skipped with the reason why there is none. */
  async function shared(context: { skip(note?: string): never }): Promise<ContainerPlace> {
    return place ?? context.skip((await enginePresent()).missing);
  }

  it("is shown with health, port, container and uptime of each service", async (context) => {
    const { exit, stdout } = await (await shared(context)).lockbench("status");
    expect(exit).toBe(0);
    expect(stdout).toContain("v1_stress in this folder: well");
    for (const name of ["app", "redis"])
      expect(stdout).toMatch(new RegExp(`${name} +port \\d+ +lb-\\S+-${name}-1 +up \\d+ s +healthy`));
  });

  it("is shown as paused while somebody has paused a container", async (context) => {
    const here = await shared(context);
    const [app = ""] = (await here.belongings()).containers.filter((name) => name.includes("-app-"));
    const container = here.docker.getContainer(app.slice(1));
    await container.pause();
    const status = await here.lockbench("status");
    await container.unpause();
    expect(status.exit).toBe(5);
    expect(status.stdout).toMatch(/ app .* up \d+ s +paused/);
  });

  it("consists of two containers, a network and a volume, published on 127.0.0.1 only", async (context) => {
    const here = await shared(context);
    const { containers, networks, volumes } = await here.belongings();
    expect([containers.length, networks.length, volumes.length]).toEqual([2, 1, 1]);
    for (const name of containers) {
      const { HostConfig, Config } = await here.docker.getContainer(name.slice(1)).inspect();
      const bindings = Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>).flat();
      expect(bindings.map(({ HostIp }) => HostIp)).toEqual(["127.0.0.1"]);
      expect(Config.User).toMatch(/^[1-9]/);
      expect(HostConfig.ReadonlyRootfs).toBe(true);
    }
  });

  it("is not brought up a second time, and is used by a run that it fits", async (context) => {
    const here = await shared(context);
    const before = await here.belongings();
    expect((await here.lockbench("up v1_stress")).stdout).toContain("already up");
    const ended = await here.lockbench(`run v1_basic ${SMALL} --json`);
    expectCorrect(ended);
    expect(record(ended).environment.stack).toBe("docker");
    expect(await here.belongings()).toEqual(before);
  });

  it("is not taken for one with another port that is asked for, which is then that port or an error", async (context) => {
    const here = await shared(context);
    const { port } = await serviceOf(here, "app");
    const asked = { env: { LOCKBENCH_REDIS_PORT: String(port) } };
    const ended = await here.lockbench(`run v1_basic ${SMALL}`, asked);
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toMatch(new RegExp(`is not used: port ${String(port)} is asked for redis, it has \\d+`));
    expect(ended.stderr).toMatch(/port taken: .*LOCKBENCH_REDIS_PORT/s);
    const wrong = await here.lockbench("up v1_stress", { env: { LOCKBENCH_REDIS_PORT: "foo" } });
    expect(wrong).toMatchObject({ exit: 2, stdout: "" });
    expect(wrong.stderr).toContain('LOCKBENCH_REDIS_PORT: expected a port from 1 to 65535, found "foo"');
  });

  it("can be looked into: stock, locks with their owners and how long they live, the last purchases", async (context) => {
    const here = await shared(context);
    await here.lockbench(`run v1_basic ${SMALL}`);
    const items = async (what: string): Promise<unknown> =>
      (JSON.parse((await here.lockbench(`inspect ${what} --json`)).stdout) as { items: unknown }).items;
    expect(await items("stock")).toMatchObject([
      { product: "1", source: "redis", units: "0" },
      { source: "database", units: "0" },
    ]);
    expect(await items("purchases --last 2")).toHaveLength(2);
    const redis = new Redis((await serviceOf(here, "redis")).port, "127.0.0.1");
    await redis.set("lock:stock:1", "somebody", "PX", 60_000);
    await redis.quit();
    expect(await items("locks")).toMatchObject([{ node: "redis", key: "lock:stock:1", "owner's token": "somebody" }]);
  });

  it("shows its logs, and follows them until Ctrl-C", async (context) => {
    const here = await shared(context);
    expect((await here.lockbench("logs")).stdout).toMatch(/app \| .*listening on[^]*redis \| /);
    expect((await here.lockbench("logs redis -n 1")).stdout.trim().split("\n")).toHaveLength(1);
    const following = here.start("logs app -f");
    await until("the log's beginning", () => following.stdout().includes("listening") || undefined);
    following.signal("SIGINT");
    const { exit, stderr } = await following.ended;
    expect(exit).toBe(130);
    expect(stderr).not.toMatch(/stopped|error/);
    expect((await here.lockbench("logs app -n 0")).stdout.trim()).toBe("");
  });

  it("is judged again while it is up, and from its evidence when it is down; down leaves nothing", async (context) => {
    const here = await shared(context);
    await here.lockbench(`run v1_basic ${SMALL}`);
    const live = await here.lockbench("verify");
    expect(live.stderr).toContain("judging from the stack");
    expectCorrect(live);
    expect((await here.lockbench("down")).stdout).toMatch(
      /stopped v1_stress .*-app-1.*-redis-1|stopped v1_stress .*-redis-1.*-app-1/,
    );
    expect(await here.belongings()).toEqual(NOTHING);
    const kept = await here.lockbench("verify");
    expect(kept.stderr).toContain("judging from the evidence");
    expectCorrect(kept);
  });
});

describe("a run in containers", { timeout: SLOW }, () => {
  for (const name of ["v1_basic", "v1_stress"])
    it(`of ${name} satisfies every check of correctness, and leaves nothing`, async (context) => {
      const place = await aContainerPlace(context);
      const ended = await place.lockbench(`run ${name}`);
      expectCorrect(ended);
      expect(verdicts(ended.stdout)).toMatchObject(passing(CORRECTNESS));
      expect(ended.stdout).toContain("stack docker");
      expect(await place.belongings()).toEqual(NOTHING);
      const [id = ""] = keptRuns(place);
      expect(readdirSync(place.file("results", id))).toContain("purchases.ndjson");
    });

  it("without a lock is caught selling more than there was", async (context) => {
    const place = await aContainerPlace(context);
    // A burst that its proxy handed over one by one is inconclusive; one that met must be caught.
    const ended = await place.lockbench("run control_no_lock --repeat 5 --json");
    expect(ended.exit, ended.stderr).toBe(1);
    const runs = records(ended);
    expect(runs).toHaveLength(5);
    expect(runs.map(({ verdict }) => verdict)).not.toContain("pass");
    const oversold = runs.map(({ checks }) => checks.find(({ name }) => name === "oversold"));
    expect(oversold).toContainEqual(expect.objectContaining({ verdict: "fail" }));
  });

  it("with five Redis nodes and two servers brings them all up, and sells each unit once", async (context) => {
    const place = await aContainerPlace(context);
    const stress = readFileSync(new URL("../../scenarios/v1_stress/scenario.yaml", import.meta.url), "utf8");
    const bundled = new URL("../../scenarios/shop.target.yaml", import.meta.url).pathname;
    place.write("five/README.md", "# five\n");
    place.write(
      "five/scenario.yaml",
      stress
        .replace("redis: 1, replicas: 1", "redis: 5, replicas: 2")
        .replace("lock: fifo", "lock: redlock-manual")
        .replace("../shop.target.yaml", bundled),
    );
    const run = place.start(`run ./five ${SMALL} --keep --json`);
    const ended = await run.ended;
    expectCorrect(ended);
    expect(record(ended).metrics.outcomes.sold).toBe(10);
    const [stack] = await stacksOf(place);
    expect(stack?.services.map(({ name }) => name).sort()).toEqual([
      "app",
      "app1",
      "redis",
      "redis1",
      "redis2",
      "redis3",
      "redis4",
    ]);
    expect(stack?.healthy).toBe(true);
    await place.lockbench("down");
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("of several products reads each of them, and ends without waiting for its helper", async (context) => {
    const place = await aContainerPlace(context);
    const basic = readFileSync(new URL("../../scenarios/v1_basic/scenario.yaml", import.meta.url), "utf8");
    const bundled = new URL("../../scenarios/shop.target.yaml", import.meta.url).pathname;
    const products = 'products:\n  - { id: "1", stock: 5 }\n  - { id: "2", stock: 5 }\n';
    const several = basic.replace(/products:\n.*\n/, products).replace("../shop.target.yaml", bundled);
    place.write("several/README.md", "# several\n");
    place.write("several/scenario.yaml", several);
    const ended = await place.lockbench("run ./several --users 18 --json");
    const { truth } = record(ended);
    expect(truth.products.map(({ sold, stock }) => [sold, stock])).toEqual([
      [5, { redis: 0, database: 0 }],
      [5, { redis: 0, database: 0 }],
    ]);
  });

  it("two at once take ports of their own and do not disturb each other", async (context) => {
    const place = await aContainerPlace(context);
    const call = `run v1_basic ${SMALL} --json`;
    for (const ended of await Promise.all([place.lockbench(call), place.lockbench(call)])) {
      expectCorrect(ended);
      expect(record(ended).metrics.outcomes).toMatchObject({ sold: 10, sold_out: 8 });
    }
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("of two users at once, who know nothing of each other, take ports of their own", async (context) => {
    const [one, other] = [await aContainerPlace(context), await aContainerPlace(context)];
    const ups = await Promise.all([one.lockbench("up v1_basic"), other.lockbench("up v1_basic")]);
    for (const { exit, stderr } of ups) expect(exit, stderr).toBe(0);
    expect(await Promise.all([one.lockbench("down"), other.lockbench("down")])).toMatchObject([
      { exit: 0 },
      { exit: 0 },
    ]);
  });
});

describe("containers at a bad moment", { timeout: SLOW }, () => {
  it("a lockbench that is killed while it sells: the next command removes its containers, networks and volumes", async (context) => {
    const place = await aContainerPlace(context);
    const run = place.start(LONG);
    await until("a running stack", async () => (await stacksOf(place))[0]?.healthy === true || undefined);
    run.signal("SIGKILL");
    await run.ended;
    expect(await place.belongings()).not.toEqual(NOTHING);
    const next = await place.lockbench("list");
    expect(next.stderr).toMatch(/removed what a lockbench in .* left behind: .*-app-1/);
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("a lockbench that is killed while it starts leaves nothing that outlives the next command", async (context) => {
    const place = await aContainerPlace(context);
    const run = place.start(LONG);
    await until("its first container", async () => (await place.belongings()).containers.length > 0 || undefined);
    run.signal("SIGKILL");
    await run.ended;
    await place.lockbench("status");
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("Ctrl-C while it starts and while it sells removes everything, with exit code 130", async (context) => {
    const place = await aContainerPlace(context);
    for (const moment of ["starting", "selling"]) {
      const run = place.start(LONG);
      await until(moment, async () =>
        moment === "starting"
          ? (await place.belongings()).containers.length > 0 || undefined
          : (await stacksOf(place))[0]?.healthy === true || undefined,
      );
      run.signal("SIGINT");
      expect((await run.ended).exit, moment).toBe(130);
      expect(await place.belongings()).toEqual(NOTHING);
    }
  });

  it("a container that somebody else removed has no log to show, and that is said", async (context) => {
    const place = await aContainerPlace(context);
    await place.lockbench("up v1_basic");
    const [app = ""] = (await place.belongings()).containers.filter((name) => name.includes("-app-"));
    await place.docker.getContainer(app.slice(1)).remove({ force: true });
    for (const call of ["logs", "logs app", "logs app -f"]) {
      const ended = await place.lockbench(call);
      expect(ended.exit, call).toBe(5);
      expect(ended.stderr).toMatch(/container \S+-app-1: expected it to be there, found none/);
    }
    expect((await place.lockbench("logs")).stdout).toContain("redis | ");
  });

  it("a server that is killed while it sells is named, and the run does not pass", async (context) => {
    const place = await aContainerPlace(context);
    const run = place.start(`${LONG} --json`.replace("60s", "6s"));
    await until("a running stack", async () => (await stacksOf(place))[0]?.healthy === true || undefined);
    const [app = ""] = (await place.belongings()).containers.filter((name) => name.includes("-app-"));
    await place.docker.getContainer(app.slice(1)).kill();
    const ended = await run.ended;
    const kept = JSON.parse(ended.stdout) as RunRecord;
    expect(kept.verdict, ended.stderr).not.toBe("pass");
    expect(kept.incidents.join("\n")).toMatch(/app died: exit code 137/);
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("an engine that is away: status and down say so, and down finds the stack again when it is back", async (context) => {
    const place = await aContainerPlace(context);
    await place.lockbench("up v1_basic");
    const [folder = ""] = readdirSync(place.runtime).filter((name) => name.startsWith("lb-"));
    const session = `${place.runtime}/${folder}/session.json`;
    place.edit(session, (text) => text.replace('"engine": "unix:///', '"engine": "unix:///nowhere/'));
    const status = await place.lockbench("status");
    expect(status.exit).toBe(5);
    expect(status.stdout).toMatch(/app .*no Docker engine answers at unix:\/\/\/nowhere\//);
    expect(await place.lockbench("down")).toMatchObject({ exit: 5, stdout: "" });
    place.edit(session, (text) => text.replace("unix:///nowhere/", "unix:///"));
    expect((await place.lockbench("down")).stdout).toContain("stopped v1_basic");
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("a record that is garbled hides no container from the next command", async (context) => {
    const place = await aContainerPlace(context);
    await place.lockbench("up v1_basic");
    const [folder = ""] = readdirSync(place.runtime).filter((name) => name.startsWith("lb-"));
    place.edit(`${place.runtime}/${folder}/session.json`, () => "{ garbled");
    expect((await place.lockbench("status")).stderr).toMatch(/removed what .* left behind: .*-app-1/);
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("a port that was asked for and is taken is named, with who holds it", async (context) => {
    const place = await aContainerPlace(context);
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, "127.0.0.1", () => {
        resolve((holder.address() as { port: number }).port);
      });
    });
    const ended = await place.lockbench(`run v1_basic --port ${String(port)}`);
    holder.close();
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toMatch(new RegExp(`port taken: ${String(port)} .*pid ${String(process.pid)}`));
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("an image that cannot be built is told with the step that failed", async (context) => {
    const place = await aContainerPlace(context);
    const env = { LOCKBENCH_NODE_IMAGE: (await enginePresent()).env.LOCKBENCH_REDIS_IMAGE };
    const ended = await place.lockbench("run v1_basic", { env });
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toMatch(/app .*Step \d+\/\d+ : RUN .*npm/);
    expect(await place.belongings()).toEqual(NOTHING);
  });
});

describe("--stack", { timeout: SLOW }, () => {
  it("auto takes containers where no Redis server is on PATH, and says why", async (context) => {
    const place = await aContainerPlace(context);
    const env = { LOCKBENCH_STACK: "auto", PATH: place.folder };
    const ended = await place.lockbench(`run v1_basic ${SMALL}`, { env });
    expectCorrect(ended);
    expect(ended.stderr).toContain("stack: docker, no redis-server or valkey-server on PATH");
  });

  it("auto takes processes where a Redis server is on PATH, and says so", async () => {
    const ended = await aPlace().lockbench(`run v1_basic ${SMALL}`);
    expect(ended.stderr).toMatch(/stack: local, \S*redis-server is there/);
  });

  it("docker without an engine ends with exit code 5 and what to do", async () => {
    const place = aPlace({ env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });
    const ended = await place.lockbench("run v1_basic --stack docker");
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toContain("/nowhere/docker.sock");
    expect(ended.stderr).toContain("next:");
    const auto = await place.lockbench("run v1_basic", { env: { PATH: place.folder } });
    expect(auto.exit).toBe(5);
    expect(auto.stderr).toMatch(/neither redis-server nor valkey-server is on PATH, and .*\/nowhere\/docker.sock/);
  });

  it("docker refuses a shop that is a program of this machine, and a kind that there is not, with exit code 2", async () => {
    const place = aPlace();
    await place.lockbench("init my-shop");
    place.edit(place.file("my-shop/scenario.yaml"), (text) =>
      text.replace(/^ {4}command: .*$/m, "    command: [node, server.js]"),
    );
    const own = await place.lockbench("run ./my-shop --stack docker");
    expect(own.exit).toBe(2);
    expect(own.stderr).toMatch(/--stack docker: .*my-shop cannot run in containers/);
    const unknown = await place.lockbench("run v1_basic --stack dokcer");
    expect(unknown.exit).toBe(2);
    expect(lastLine(unknown) + unknown.stderr).toContain('did you mean "docker"?');
  });
});
