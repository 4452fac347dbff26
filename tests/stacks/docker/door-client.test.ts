import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { DoorClient } from "../../../src/stacks/docker/door-client.ts";
import type { DoorAnswer, DoorRequest } from "../../../src/stacks/docker/door/protocol.ts";

/** A connection that keeps what is asked, for the test to answer. */
function connection(): { readonly stream: Duplex; readonly asked: DoorRequest[] } {
  const asked: DoorRequest[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trim().split("\n")) asked.push(JSON.parse(line) as DoorRequest);
      done();
    },
  });
  return { stream, asked };
}

function framed(answer: DoorAnswer, bytes = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(answer)}\n`), bytes]);
}

it("puts answers together however the bytes arrive", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 17 }), async (copies, size) => {
      const { stream } = connection();
      const client = new DoorClient(stream);
      const answers = copies.map(() => client.ask("/data/shop.db", { want: "copy" }));
      const wire = Buffer.concat(
        copies.map((bytes, place) => framed({ id: place + 1, bytes: bytes.length }, Buffer.from(bytes))),
      );
      for (let from = 0; from < wire.length; from += size) client.take(wire.subarray(from, from + size));
      expect((await Promise.all(answers)).map((bytes) => [...bytes])).toEqual(copies.map((bytes) => [...bytes]));
    }),
  );
});

it("hands an error to whoever asked, and goes on", async () => {
  const { stream, asked } = connection();
  const client = new DoorClient(stream);
  const refused = client.ask("/data/none.db", { want: "copy" });
  const done = client.ask("/data/shop.db", { want: "change", statements: [{ sql: "DELETE FROM sales", values: {} }] });
  client.take(framed({ id: 1, error: "unable to open database file" }));
  client.take(framed({ id: 2, bytes: 0 }));
  await expect(refused).rejects.toThrow("unable to open database file");
  expect(await done).toHaveLength(0);
  expect(asked).toEqual([
    { id: 1, file: "/data/none.db", want: "copy" },
    { id: 2, file: "/data/shop.db", want: "change", statements: [{ sql: "DELETE FROM sales", values: {} }] },
  ]);
});

it("leaves nobody waiting when the helper ends", async () => {
  const { stream } = connection();
  const client = new DoorClient(stream);
  const waiting = client.ask("/data/shop.db", { want: "copy" });
  client.fail(new Error("the helper container ended"));
  await expect(waiting).rejects.toThrow("the helper container ended");
  await expect(client.ask("/data/shop.db", { want: "copy" })).rejects.toThrow("the helper container ended");
  expect(client.isGone).toBe(true);
});
