import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/domain/plan.ts";
import { requireLoopback } from "../../src/run/loopback.ts";

function planAt(url: string, redis: readonly string[] = []): Plan {
  return { target: { url }, stack: { externalRedis: redis } } as unknown as Plan;
}

describe("the loopback rule", () => {
  it.each(["http://127.0.0.1:8080", "http://127.9.8.7", "http://localhost:1", "http://[::1]:8080"])(
    "allows %s",
    (url) => {
      expect(() => {
        requireLoopback(planAt(url), false);
      }).not.toThrow();
    },
  );

  it.each(["http://10.0.0.1", "http://127.0.0.1.example.org", "http://0.0.0.0", "http://user@192.0.2.1:8080"])(
    "refuses %s",
    (url) => {
      expect(() => {
        requireLoopback(planAt(url), false);
      }).toThrow(/--allow-remote|outside the loopback range/);
    },
  );

  it("refuses a Redis on another machine", () => {
    expect(() => {
      requireLoopback(planAt("http://127.0.0.1:1", ["redis://192.0.2.1:6379"]), false);
    }).toThrow(/192\.0\.2\.1/);
  });

  it("allows another machine when told to", () => {
    expect(() => {
      requireLoopback(planAt("http://192.0.2.1"), true);
    }).not.toThrow();
  });
});
