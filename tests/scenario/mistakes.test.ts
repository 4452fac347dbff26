import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockbenchError } from "../../src/domain/errors.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { folderWith, SOUND } from "./folders.ts";

async function complaints(yaml: string, others: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const cwd = await folderWith({ "sale/scenario.yaml": yaml, ...others });
  const error: unknown = await readScenario(join(cwd, "sale/scenario.yaml"), { cwd }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockbenchError)) throw new Error(`expected a LockbenchError, found ${String(error)}`);
  expect(error.exit).toBe(2);
  return error.message.split("\n").slice(1);
}

/** Marks the place that a complaint must point at; it is not part of the file. */
const HERE = "▶";

/** `line:column` of the mark, counted from 1. */
function marked(yaml: string): { readonly yaml: string; readonly place: string } {
  const before = yaml.slice(0, yaml.indexOf(HERE)).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { yaml: yaml.replace(HERE, ""), place: `${String(before.length)}:${String(column)}` };
}

/** The sound scenario with one text replaced, which must be there. */
function changed(from: string, to: string): string {
  if (!SOUND.includes(from)) throw new Error(`the sound scenario has no ${from}`);
  return SOUND.replace(from, to);
}

const ONE_MISTAKE: readonly (readonly [what: string, from: string, to: string, complaint: string])[] = [
  [
    "a text where a number belongs",
    "buyers: 300",
    "buyers: ▶many",
    'load.buyers: expected a whole number from 1 to 10000000, found "many"',
  ],
  ["no buyers at all", "buyers: 300", "buyers: ▶0", "load.buyers: expected a whole number from 1 to 10000000, found 0"],
  [
    "a missing key, at the mapping that lacks it",
    "load:\n  buyers: 300",
    "▶load:\n  timeout: 5s",
    "load.buyers: expected a whole number from 1 to 10000000, found nothing",
  ],
  [
    "a mistyped key, with the one that was meant",
    "buyers: 300",
    "buyers: 300\n  ▶spawnrate: 5",
    'load.spawnrate: unknown key, expected one of buyers, quantity, basket, retry, spawn_rate, run_time, timeout, buyers_repeat, order, found "spawnrate", did you mean "spawn_rate"?',
  ],
  [
    "a mistyped section",
    "stack:",
    "▶stak:",
    'stak: unknown key, expected one of title, aliases, tags, stack, target, lock, products, load, faults, expect, thresholds, contention, settle, seed, control, found "stak", did you mean "stack"?',
  ],
  [
    "a duration without a unit",
    "buyers: 300",
    "buyers: 300\n  timeout: ▶10",
    'load.timeout: expected a duration such as "500ms", "10s" or "2m", above zero and at most "24h", found 10',
  ],
  [
    "a threshold that is no bound",
    "load:",
    'thresholds:\n  p99: ▶"fast"\nload:',
    'thresholds.p99: expected a bound in ms such as "< 1s" (with <, <=, > or >=), found "fast"',
  ],
  [
    "a threshold in another metric's unit",
    "load:",
    'thresholds:\n  tps: ▶"> 100ms"\nload:',
    'thresholds.tps: expected a bound in /s such as ">= 100" (with <, <=, > or >=), found "> 100ms"',
  ],
  [
    "a regular expression that does not compile",
    "is: sold }",
    'body_matches: ▶"(", is: sold }',
    'target.outcomes[0].body_matches: expected a regular expression (Invalid regular expression: /(/: Unterminated group), found "("',
  ],
  [
    "an unknown outcome",
    "is: sold_out",
    "is: ▶soldout",
    'target.outcomes[1].is: expected one of sold, sold_out, busy, refused, error, unknown, found "soldout", did you mean "sold_out"?',
  ],
  [
    "a placeholder that does not exist at that place",
    '"${port}"',
    '▶"${quantity}"',
    'target.start.env.PORT: unknown placeholder, expected one of port, host, replica, redis.url, redis.urls, redis.host, redis.port, data, lock, lockbench, scenario, seed, products, run, stock, found "${quantity}"',
  ],
  [
    "a mistyped placeholder, with the one that was meant",
    'buyer: "${buyer}"',
    'buyer: ▶"${byer}"',
    'target.purchase.body.buyer: unknown placeholder, expected one of lock, run, product, quantity, items, buyer, buyer.number, key, found "${byer}", did you mean "buyer"?',
  ],
  [
    "a garbled placeholder",
    'buyer: "${buyer}"',
    'buyer: ▶"${ buyer }"',
    'target.purchase.body.buyer: expected a placeholder such as "${product}", found "${ buyer }"',
  ],
  [
    "a lock that the target does not list",
    "products:",
    "lock: ▶spinn\nproducts:",
    'lock: expected one of fifo, spin, found "spinn", did you mean "spin"?',
  ],
  [
    "a purchase query without buyer and key",
    '"SELECT id, buyer, key FROM sales"',
    '▶"SELECT id FROM sales"',
    'target.probes.purchases.sqlite.query: expected a column `buyer` or `key`, such as user_id AS buyer, found "SELECT id FROM sales"',
  ],
  [
    "a program that is not there",
    "[node, server.js]",
    "[▶./server]",
    "target.start.command[0]: expected a program that exists, found no ",
  ],
  [
    "no rule that sells",
    "- { status: 201, is: sold }",
    "▶- { status: 201, is: busy }",
    "target.outcomes: expected a rule with `is: sold`, found busy, sold_out",
  ],
  [
    "Redis commands without a Redis",
    'redis: 1 }\ntarget:\n  start:\n    command: [node, server.js]\n    env: { PORT: "${port}" }\n  locks: [fifo, spin]\n  seed:\n    - redis',
    'redis: 0 }\ntarget:\n  start:\n    command: [node, server.js]\n    env: { PORT: "${port}" }\n  locks: [fifo, spin]\n  seed:\n    - ▶redis',
    "target.seed[0]: expected no Redis, since this scenario has none (`stack.redis`), found Redis commands",
  ],
  [
    "a product named twice",
    "stock: 100 }",
    "stock: 100 }\n  - { id: ▶1, stock: 5 }",
    'products[1].id: expected an id of its own, found "1" again',
  ],
  [
    "buyers who come back to a sale in which everybody buys once",
    "buyers: 300",
    "buyers: 300\n  buyers_repeat: ▶true",
    "load.buyers_repeat: expected `run_time` beside it, since nobody comes back in a load without, found none",
  ],
  [
    "buyers who come back to a sale in which everybody buys on",
    "buyers: 300",
    "buyers: 300\n  run_time: 2s\n  retry: ▶{ pause: 50ms }",
    "load.retry: expected no `run_time` beside it, in which everybody goes on buying anyway, found both",
  ],
  [
    "everything that is asked for, in a sale without an end",
    "buyers: 300",
    "buyers: 300\n  run_time: 2s\nexpect: { sold: ▶all }",
    "expect.sold: expected a number, since nobody knows how much `run_time` lets be asked for, found all",
  ],
  [
    "a basket of more products than there are",
    "buyers: 300",
    "buyers: 300\n  basket: { products: ▶[1, 2] }",
    "load.basket.products: expected at most the 1 products for sale, found 2",
  ],
  [
    "a basket of fewest products above its most",
    "buyers: 300",
    "buyers: 300\n  basket: { products: ▶[3, 2] }",
    "load.basket.products: expected a number of products from 1 to 50, or two of them such as [2, 3], found a list of 2",
  ],
  [
    "a basket of both kinds",
    "buyers: 300",
    "buyers: 300\n  basket: ▶{ products: 1, items: [{ product: 1 }] }",
    "load.basket: expected exactly one of products, items, found a mapping of products, items",
  ],
  [
    "a bundle with a product that is not for sale",
    "buyers: 300",
    "buyers: 300\n  basket: { items: [{ product: 1 }, { product: ▶2 }] }",
    'load.basket.items[1].product: expected the id of a product for sale, found "2"',
  ],
  [
    "a bundle with a product twice",
    "buyers: 300",
    "buyers: 300\n  basket: { items: [{ product: 1 }, { product: ▶1, quantity: 2 }] }",
    'load.basket.items[1].product: expected each product once, with its quantity, found "1" again',
  ],
  [
    "a quantity beside a bundle, whose items have their own",
    "buyers: 300",
    "buyers: 300\n  quantity: ▶2\n  basket: { items: [{ product: 1 }] }",
    "load.quantity: expected no quantity, since every item of the basket has its own, found 2",
  ],
  [
    "a list in the middle of a text",
    'buyer: "${buyer}"',
    'buyer: "${buyer}", note: ▶"items: ${items}"',
    'target.purchase.body.note: expected "${items}" alone as a value of a structured body, found "items: ${items}"',
  ],
  [
    "a list in a path",
    "path: /buy",
    "path: ▶/buy/${items}",
    'target.purchase.path: expected "${items}" alone as a value of a structured body, found "/buy/${items}"',
  ],
  [
    "a list within its own lines",
    "path: /buy",
    'path: /buy\n    items: { all: ▶"${items}" }',
    'target.purchase.items.all: expected "${items}" alone as a value of a structured body, found "${items}"',
  ],
  [
    "a list in a body that is a text",
    'body: { product: "${product}", buyer: "${buyer}", key: "${key}" }',
    'body: ▶"${items}"',
    'target.purchase.body: expected "${items}" alone as a value of a structured body, found "${items}"',
  ],
  [
    "two kinds of probe in one",
    '- redis: { key: "stock:${product}" }',
    '- ▶redis: { key: "stock:${product}" }\n        http: { path: /stock }',
    "target.probes.stock[0]: expected exactly one of redis, sqlite, http, found a mapping of redis, http",
  ],
  [
    "a product id that would not survive a URL",
    'id: "1"',
    'id: ▶"a b"',
    'products[0].id: expected a product id of letters, digits and _ . : -, found "a b"',
  ],
  [
    "a status that is none",
    "status: 409",
    'status: ▶"409-"',
    'target.outcomes[1].status: expected a status such as 201, "4xx" or "500-599", found "409-"',
  ],
  [
    "a value that has none of the possible forms",
    "load:",
    "expect: { per_buyer: ▶none }\nload:",
    'expect.per_buyer: expected a whole number from 1, or "unlimited", found "none"',
  ],
  [
    "a mistake inside the form that was chosen",
    "stack: { redis: 1 }",
    "stack: { redis: { external: [▶http://x] } }",
    'stack.redis.external[0]: expected a URL such as "redis://127.0.0.1:6379", found "http://x"',
  ],
  [
    "stock that orders of three cannot sell out",
    "stock: 100 }\nload:\n  buyers: 300",
    "stock: ▶100 }\nload:\n  buyers: 300\n  quantity: 3",
    "products[0].stock: expected a multiple of load.quantity, 3, or expect.sold beside it, found 100",
  ],
  [
    "a key given twice",
    "buyers: 300",
    "buyers: 300\n  ▶buyers: 200",
    "YAML: duplicate key, expected each key once in a mapping, found it again here",
  ],
  ["a file that is no YAML", "stack: { redis: 1 }\ntarget", "stack: { redis: 1\n▶target", "YAML: "],
];

describe("reading a scenario with a mistake", () => {
  it.each(ONE_MISTAKE)("shows the place of %s", async (_, from, to, complaint) => {
    const { yaml, place } = marked(changed(from, to));
    expect((await complaints(yaml)).join("\n")).toContain(`sale/scenario.yaml:${place}: ${complaint}`);
  });

  it("says of a basket what its request must say, and what it cannot", async () => {
    const yaml = changed("buyers: 300", "buyers: 300\n  order: in_turn\n  basket: { items: [{ product: 1 }] }");
    const single = "since an order of several products has more than one (${items} in the body names all)";
    expect(await complaints(yaml.replace("/buy", '"/buy/${product}"'))).toEqual([
      `sale/scenario.yaml:11:11: target.purchase.path: expected no \${product} here, ${single}, found "/buy/\${product}"`,
      'sale/scenario.yaml:12:11: target.purchase.body: expected "${items}" in it, since orders hold several products, found none',
      `sale/scenario.yaml:12:22: target.purchase.body.product: expected no \${product} here, ${single}, found "\${product}"`,
      "sale/scenario.yaml:25:10: load.order: expected random, since baskets are drawn, found in_turn",
    ]);
  });

  it("shows all mistakes at once, in the order of the file, and no others", async () => {
    const broken = changed("buyers: 300", "buyers: -3\n  colour: red")
      .replace("title: A sale", "title:")
      .replace("status: 201", "status: 999")
      .replace("[node, server.js]", "node server.js")
      .replace("${key}", "${kee}");
    expect((await complaints(broken)).map((line) => line.split(/: expected|: unknown/)[0])).toEqual([
      "sale/scenario.yaml:1:7: title",
      "sale/scenario.yaml:5:14: target.start.command",
      "sale/scenario.yaml:12:60: target.purchase.body.key",
      "sale/scenario.yaml:14:17: target.outcomes[0].status",
      "sale/scenario.yaml:24:11: load.buyers",
      "sale/scenario.yaml:25:3: load.colour",
    ]);
  });

  it("still sees a wrong lock when another section is broken", async () => {
    const lines = await complaints(changed("products:", "lock: nosuch\nproducts:").replace("buyers: 300", "buyers: x"));
    expect(lines.map((line) => line.split(": expected")[0])).toEqual([
      "sale/scenario.yaml:21:7: lock",
      "sale/scenario.yaml:25:11: load.buyers",
    ]);
  });

  it("says of an empty file what it should hold", async () => {
    expect(await complaints("# nothing yet\n")).toEqual([
      "sale/scenario.yaml:1:1: the file: expected a mapping of title, target, products, load, …, found an empty value",
    ]);
  });

  it("names an SQL parameter that nobody binds", async () => {
    const seed =
      '- sqlite: { file: "${data}/a.db", statements: [▶"INSERT INTO p VALUES (:produkt, \':x\')"] }\n    - redis:';
    const { yaml, place } = marked(changed("- redis:", seed));
    expect(await complaints(yaml)).toEqual([
      `sale/scenario.yaml:${place}: target.seed[0].sqlite.statements[0]: expected no parameter but :product or :stock, found :produkt, did you mean "product"?`,
    ]);
  });
});

describe("reading SQL", () => {
  it("refuses placeholders where parameters are bound", async () => {
    const seed = "- sqlite: { file: x.db, statements: [▶'UPDATE p SET n = ${stock}'] }\n    - redis:";
    const { yaml, place } = marked(changed("- redis:", seed));
    expect(await complaints(yaml)).toEqual([
      `sale/scenario.yaml:${place}: target.seed[0].sqlite.statements[0]: expected no placeholder in SQL, where :product or :stock is bound, found "\${stock}"`,
    ]);
  });
});

const TARGET = SOUND.slice(SOUND.indexOf("  start:"), SOUND.indexOf("products:")).replace(/^ {2}/gm, "");

function withTarget(reference: string): string {
  return `title: A sale\ntarget: ${reference}\nproducts: { count: 2, stock: 5 }\nload: { buyers: 10 }\n`;
}

describe("reading a scenario with a target file", () => {
  it("shows a mistake of the target file at its place there", async () => {
    const target = TARGET.replace("status: 409", "status: 4099");
    expect(await complaints(withTarget("../shop.target.yaml"), { "shop.target.yaml": target })).toEqual([
      'shop.target.yaml:12:15: outcomes[1].status: expected a status such as 201, "4xx" or "500-599", found 4099',
    ]);
  });

  it("shows a mistake in an override at its place in the scenario", async () => {
    const reference = "{ from: ../shop.target.yaml, ready: { status: up } }";
    expect(await complaints(withTarget(reference), { "shop.target.yaml": TARGET })).toEqual([
      'sale/scenario.yaml:2:55: target.ready.status: expected a whole number from 100 to 599, found "up"',
    ]);
  });

  it("says so when the target file is not there", async () => {
    const lines = await complaints(withTarget("../nosuch.yaml"));
    expect(lines[0]).toMatch(
      /^sale\/scenario\.yaml:2:9: target: expected a target file that can be read, found "\.\.\/nosuch\.yaml"/,
    );
  });

  it("still sees the mistakes of the rest when there is no target", async () => {
    const rest = "title:\nproducts: 5\nload: { buyers: 10 }\n";
    const places = async (yaml: string): Promise<unknown> =>
      (await complaints(yaml)).map((line) => line.split(": expected")[0]);
    const others = ["sale/scenario.yaml:1:7: title", "sale/scenario.yaml:2:11: products"];
    expect(await places(rest)).toEqual(["sale/scenario.yaml:1:1: target", ...others]);
    expect(await places(`${rest}target: ../nosuch.yaml\n`)).toEqual([...others, "sale/scenario.yaml:4:9: target"]);
    expect(await places(`${rest}target: 5\n`)).toEqual([...others, "sale/scenario.yaml:4:9: target"]);
  });

  it("demands the product's name of probes and requests when there are several products", async () => {
    const target = TARGET.replace('stock:${product}" }', 'stock" }').replace('product: "${product}", ', "");
    expect(await complaints(withTarget("../shop.target.yaml"), { "shop.target.yaml": target })).toEqual([
      "shop.target.yaml:8:3: purchase: expected ${product} or ${items} in it, since there are several products, found ${buyer}, ${key}",
      "shop.target.yaml:15:7: probes.stock[0]: expected ${product} in it, since there are several products, found none",
    ]);
  });

  it("refuses seeds and processes for a shop and a Redis that already run", async () => {
    const target = TARGET.replace(/start:[\s\S]*?locks:/, "url: http://127.0.0.1:8080\nlocks:");
    const stack = "stack:\n  redis: { external: [redis://127.0.0.1] }\n  replicas: 2\n  port: 80\n";
    const yaml = withTarget("../shop.target.yaml") + stack;
    expect(await complaints(yaml, { "shop.target.yaml": target })).toEqual([
      "sale/scenario.yaml:7:13: stack.replicas: expected 1, since a shop that already runs (`target.url`) is not started, found 2",
      "sale/scenario.yaml:8:9: stack.port: expected no port, since a shop that already runs (`target.url`) is not started, found 80",
      "shop.target.yaml:4:5: seed[0]: expected an http, sqlite or command step, since a Redis that lockbench did not start is never written, found Redis commands",
    ]);
  });
});
