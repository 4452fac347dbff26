import { inLockOrder, type Order, type OrderLine } from "./order.ts";

const MOST_UNITS = 10_000;
const MOST_ITEMS = 50;
const LONGEST_NAME = 256;

/** The request is no order; the message tells the buyer why. */
export class BadOrder extends Error {
  override readonly name = "BadOrder";
}

/**
 * Reads `{product, quantity?, buyer, key?}` or `{items: [{product, quantity?}], buyer, key?}`.
 * @param headerKey the Idempotency-Key header, which may stand in for `key`
 * @throws BadOrder
 */
export function readOrder(body: string, headerKey: string | undefined): Order {
  const said = record(parse(body), "the body");
  const buyer = name(said["buyer"], "buyer");
  const key = readKey(said["key"], headerKey);
  const basket = said["items"] !== undefined;
  if (basket && said["product"] !== undefined) throw new BadOrder("expected either product or items, found both");
  const lines = basket ? readItems(said["items"]) : [readLine(said, "")];
  return { buyer, key, lines, basket };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new BadOrder(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new BadOrder(`${what}: expected an object, found ${shown(value)}`);
}

function name(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "" && value.length <= LONGEST_NAME) return value;
  throw new BadOrder(`${what}: expected a string of 1 to ${String(LONGEST_NAME)} characters, found ${shown(value)}`);
}

function readKey(inBody: unknown, inHeader: string | undefined): string | null {
  const key = inBody ?? inHeader ?? null;
  if (inHeader !== undefined && key !== inHeader) {
    throw new BadOrder("key: the body and the Idempotency-Key header say different things");
  }
  return key === null ? null : name(key, "key");
}

function readItems(value: unknown): OrderLine[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ITEMS) {
    throw new BadOrder(`items: expected a list of 1 to ${String(MOST_ITEMS)}, found ${shown(value)}`);
  }
  const lines = inLockOrder(
    value.map((item: unknown, place) => {
      const where = `items[${String(place)}]`;
      return readLine(record(item, where), `${where}.`);
    }),
  );
  for (const line of lines) quantity(line.quantity, `quantity of ${line.product} in all`);
  return lines;
}

function readLine(said: Readonly<Record<string, unknown>>, where: string): OrderLine {
  const product = name(said["product"], `${where}product`);
  return { product, quantity: quantity("quantity" in said ? said["quantity"] : 1, `${where}quantity`) };
}

function quantity(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_UNITS) return value;
  throw new BadOrder(`${what}: expected a whole number from 1 to ${String(MOST_UNITS)}, found ${shown(value)}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${String(value.length)}`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
