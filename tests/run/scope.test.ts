import { describe, expect, it } from "vitest";
import { withScope } from "../../src/run/scope.ts";

describe("a scope", () => {
  it("stops what was started in reverse order", async () => {
    const stopped: string[] = [];
    await withScope(async (scope) => {
      scope.defer(() => void stopped.push("redis"));
      scope.defer(() => Promise.resolve(void stopped.push("server")));
    });
    expect(stopped).toEqual(["server", "redis"]);
  });

  it("stops the rest when one of them will not stop, and tells of it", async () => {
    const stopped: string[] = [];
    const closing = withScope(async (scope) => {
      scope.defer(() => void stopped.push("redis"));
      scope.defer(() => Promise.reject(new Error("stuck")));
    });
    await expect(closing).rejects.toThrow("stuck");
    expect(stopped).toEqual(["redis"]);
  });

  it("never hides the error of the work behind one of the clean-up", async () => {
    const failing = withScope((scope) => {
      scope.defer(() => Promise.reject(new Error("stuck")));
      return Promise.reject(new Error("no Redis"));
    });
    await expect(failing).rejects.toThrow("no Redis");
  });
});
