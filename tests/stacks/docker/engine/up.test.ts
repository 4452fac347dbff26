import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { ComposeVolume } from "../../../../src/stacks/docker/compose/project.ts";
import { removeLabelled } from "../../../../src/stacks/docker/engine/remove.ts";
import { freePort } from "../../../support/free-port.ts";
import { containerOf, healthcheck, runInside, testEngine } from "./support.ts";

describe("upProject", () => {
  it("starts a Redis that is healthy, published on 127.0.0.1, and answers there; removing leaves nothing", async (context) => {
    const engine = await testEngine(context);
    const port = await freePort();
    const redis = engine.service("redis", {
      command: ["redis-server", "--save", "", "--protected-mode", "no"],
      ports: [{ containerPort: 6379, protocol: "tcp", hostAddress: "127.0.0.1", hostPorts: [port, port] }],
      healthcheck: healthcheck("redis-cli ping"),
      readOnly: true,
    });
    const containers = await engine.up(engine.project(redis));
    expect(containers).toMatchObject([
      {
        service: "redis",
        index: 1,
        name: `${engine.id}-redis-1`,
        ports: [{ container: 6379, host: port, address: "127.0.0.1" }],
      },
    ]);
    expect(await ping(port)).toBe("+PONG\r\n");
    expect(await engine.counts()).toEqual([1, 1, 0]);
    expect(await removeLabelled(engine.connection, engine.label, { graceful: true })).toEqual([
      `${engine.id}-redis-1`,
      `${engine.id}_default`,
    ]);
    expect(await engine.counts()).toEqual([0, 0, 0]);
  });

  it("lets containers find each other by service and alias, and share a volume", async (context) => {
    const engine = await testEngine(context);
    const volume: ComposeVolume = { key: "data", name: `${engine.id}_data`, driver: null, labels: {}, external: false };
    const mounts = [{ kind: "volume", volume: "data", target: "/data", readOnly: false }] as const;
    const writer = engine.service("writer", {
      command: ["sh", "-c", "echo written > /data/word; sleep 1000"],
      mounts,
      networks: [{ network: "default", aliases: ["the-writer"] }],
      healthcheck: healthcheck("test -s /data/word"),
    });
    const reader = engine.service("reader", {
      mounts,
      dependsOn: [{ service: "writer", condition: "service_healthy" }],
    });
    const containers = await engine.up({ ...engine.project(reader, writer), volumes: [volume] });
    const { id } = containerOf(containers, "reader");
    expect(await runInside(engine.connection, id, "cat", "/data/word")).toBe("written");
    for (const name of ["writer", "the-writer"])
      expect(await runInside(engine.connection, id, "getent", "hosts", name)).toContain(name);
    expect(await engine.counts()).toEqual([2, 1, 1]);
  });
});

function ping(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(String(answer));
    });
  });
}
