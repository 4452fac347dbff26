import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startOrder } from "../../../src/stacks/docker/compose/start-order.ts";

function service(name: string, ...needs: readonly string[]) {
  return { name, dependsOn: needs.map((one) => ({ service: one, condition: "service_started" as const })) };
}

describe("the order of starting", () => {
  it("starts independent services side by side, in the order of the file", () => {
    const waves = startOrder([service("app", "redis", "db"), service("redis"), service("web", "app"), service("db")]);
    expect(waves.map((wave) => wave.map(({ name }) => name))).toEqual([["redis", "db"], ["app"], ["web"]]);
  });

  it("starts nothing where there is nothing", () => {
    expect(startOrder([])).toEqual([]);
  });

  it("starts each service once, and after all that it depends on", () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const services = Array.from({ length: 10 }, (_, number) =>
          service(String(number), ...pairs.flatMap(([from, to]) => (from === number && to < from ? [String(to)] : []))),
        );
        const started: string[] = [];
        for (const wave of startOrder(services)) {
          for (const { dependsOn } of wave) for (const { service: one } of dependsOn) expect(started).toContain(one);
          started.push(...wave.map(({ name }) => name));
        }
        expect(started.toSorted()).toEqual(services.map(({ name }) => name));
      }),
    );
  });

  it("says so rather than to wait forever, where services wait for each other", () => {
    expect(() => startOrder([service("a", "b"), service("b", "a")])).toThrow("wait for each other: a, b");
  });
});
