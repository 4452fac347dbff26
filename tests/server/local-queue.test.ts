import { describe, expect, it } from "vitest";
import { LocalQueue } from "../../src/server/locks/local-queue.ts";

const soon = (): number => performance.now() + 5;

describe("a local queue", () => {
  it("lets one in at a time, in the order in which they came", async () => {
    const queue = new LocalQueue();
    const order: number[] = [];
    let inside = 0;
    const visit = async (visitor: number): Promise<void> => {
      const leave = await queue.enter("lock", performance.now() + 60_000);
      order.push(visitor);
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      leave?.();
    };
    await Promise.all(Array.from({ length: 50 }, (_, visitor) => visit(visitor)));
    expect(order).toEqual(Array.from({ length: 50 }, (_, visitor) => visitor));
  });

  it("keeps those who wait for different locks apart", async () => {
    const queue = new LocalQueue();
    expect(await queue.enter("one", soon())).not.toBeNull();
    expect(await queue.enter("other", soon())).not.toBeNull();
  });

  it("gives up whose time has run out, and does not call him later", async () => {
    const queue = new LocalQueue();
    const leave = await queue.enter("lock", soon());
    const late = queue.enter("lock", soon());
    const patient = queue.enter("lock", performance.now() + 60_000);
    expect(await late).toBeNull();
    leave?.();
    expect(await patient).not.toBeNull();
  });

  it("waits for ever where the deadline is never", async () => {
    const queue = new LocalQueue();
    const leave = await queue.enter("lock", Infinity);
    const patient = queue.enter("lock", Infinity);
    expect(await queue.enter("lock", soon())).toBeNull();
    leave?.();
    expect(await patient).not.toBeNull();
  });

  it("lets nobody else in when somebody leaves twice", async () => {
    const queue = new LocalQueue();
    const leave = await queue.enter("lock", soon());
    const second = queue.enter("lock", performance.now() + 60_000);
    leave?.();
    leave?.();
    await second;
    expect(await queue.enter("lock", soon())).toBeNull();
  });

  it("turns away those who wait, keeps whoever is inside, and lets others come", async () => {
    const queue = new LocalQueue();
    const leave = await queue.enter("lock", soon());
    const waiting = [queue.enter("lock", performance.now() + 60_000), queue.enter("lock", performance.now() + 60_000)];
    queue.turnAway();
    expect(await Promise.all(waiting)).toEqual([null, null]);
    const newcomer = queue.enter("lock", performance.now() + 60_000);
    leave?.();
    expect(await newcomer).not.toBeNull();
  });

  it("is closed to those who wait and to those who come", async () => {
    const queue = new LocalQueue();
    await queue.enter("lock", soon());
    const waiting = queue.enter("lock", performance.now() + 60_000);
    queue.close();
    expect(await waiting).toBeNull();
    expect(await queue.enter("other", performance.now() + 60_000)).toBeNull();
  });
});
