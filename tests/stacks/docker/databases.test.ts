import { expect, it } from "vitest";
import { remoteDatabases } from "../../../src/stacks/docker/databases.ts";
import type { Door } from "../../../src/stacks/docker/open-door.ts";

/** A door that answers each copy when it is told to, with the number of the copy. */
function slowDoor(): { readonly door: Door; readonly finish: (() => void)[] } {
  const finish: (() => void)[] = [];
  let copies = 0;
  const ask = (): Promise<Buffer> => {
    const bytes = Buffer.from(String((copies += 1)));
    return new Promise((resolve) => {
      finish.push(() => {
        resolve(bytes);
      });
    });
  };
  return { door: { client: { isGone: false, ask } } as unknown as Door, finish };
}

async function settled(finish: (() => void)[], count: number): Promise<void> {
  await expect.poll(() => finish.length).toBe(count);
  finish[count - 1]?.();
}

it("shares one copy among those who ask while another is being made, and none from before they asked", async () => {
  const { door, finish } = slowDoor();
  const databases = remoteDatabases(() => Promise.resolve(door));
  const first = databases.copy("/data/shop.db");
  await expect.poll(() => finish.length).toBe(1);
  const later = [databases.copy("/data/shop.db"), databases.copy("/data/shop.db")];
  await settled(finish, 1);
  expect(String(await first)).toBe("1");
  await settled(finish, 2);
  for (const copy of await Promise.all(later)) expect(String(copy)).toBe("2");
  expect(finish).toHaveLength(2);
});

it("opens the door again after it was gone", async () => {
  let opened = 0;
  const open = (): Promise<Door> => {
    opened += 1;
    const mine = opened;
    const ask = (): Promise<Buffer> => Promise.resolve(Buffer.from(String(mine)));
    return Promise.resolve({ client: { isGone: mine === 1, ask } } as unknown as Door);
  };
  const databases = remoteDatabases(open);
  expect(String(await databases.copy("/data/shop.db"))).toBe("1");
  expect(String(await databases.copy("/data/shop.db"))).toBe("2");
});
