import { afterEach, expect, test } from "vitest";
import type { IncomingHttpHeaders } from "node:http";
import type { PurchaseRequestPlan } from "../../src/domain/plan.ts";
import { fillAll } from "../../src/domain/template.ts";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { jobFor, type JobChanges } from "./support/job.ts";
import { httpServer, type TestServer } from "./support/servers.ts";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** What a real server understands of the one request that a single buyer sends. */
async function requestOf(
  purchase: Partial<PurchaseRequestPlan>,
  changes: JobChanges = {},
  url: (base: string) => string = (base) => base,
): Promise<Received> {
  const received: Received[] = [];
  const server = await httpServer((body, request, response) => {
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(201).end();
  });
  open.push(server);
  const whole = { method: "POST", path: "/buy", headers: {}, body: null, items: LINE, ...purchase };
  const { history } = await autocannonEngine.fire(
    jobFor(url(server.url), { ...changes, purchase: whole, load: { buyers: 1, ...changes.load } }),
  );
  expect(history.status(0)).toBe(201);
  const [first] = received;
  if (first === undefined) throw new Error("no request came");
  return first;
}

const LINE = { product: "${product}", quantity: "${quantity}" };
const AWKWARD = 'a "quoted" ürün\\\n 🎁 ${buyer}';

test("a basket becomes a JSON list of lines, each as the contract spells it", async () => {
  const body = { lines: "${items}", who: "${buyer}", deep: { again: ["${items}"] } };
  const items = {
    sku: "${product}",
    amount: { units: "${quantity}", text: "${quantity} of ${product}" },
    for: "${key}",
  };
  const lines = [
    { product: 1, quantity: 2 },
    { product: 0, quantity: 1 },
  ];
  const received = await requestOf({ body, items }, { products: ["1", AWKWARD], load: { orders: [{ lines }] } });
  const expected = [
    { sku: AWKWARD, amount: { units: 2, text: `2 of ${AWKWARD}` }, for: "r-0" },
    { sku: "1", amount: { units: 1, text: "1 of 1" }, for: "r-0" },
  ];
  expect(JSON.parse(received.body)).toEqual({ lines: expected, who: "buyer-0", deep: { again: [expected] } });
});

test("an order of one line is a list of one", async () => {
  const { body } = await requestOf({ body: { items: "${items}", product: "${product}" } });
  expect(JSON.parse(body)).toEqual({ items: [{ product: "1", quantity: 1 }], product: "1" });
});

test("a structure becomes JSON in which lone placeholders keep their type", async () => {
  const body = {
    product: "${product}",
    quantity: "${quantity}",
    note: "${buyer} wants ${quantity}",
    buyers: ["${buyer}", "${buyer.number}"],
    nested: { key: "${key}", run: "${run}", yes: true, nothing: null, number: 1.5 },
    "of-${product}": "",
  };
  const received = await requestOf({ body }, { load: { orders: [{ lines: [{ product: 0, quantity: 3 }] }] } });
  expect(received.headers["content-type"]).toBe("application/json");
  expect(JSON.parse(received.body)).toEqual({
    product: "1",
    quantity: 3,
    note: "buyer-0 wants 3",
    buyers: ["buyer-0", 0],
    nested: { key: "r-0", run: "r", yes: true, nothing: null, number: 1.5 },
    "of-1": "",
  });
});

test("whatever a product is called, the body is valid JSON of the right length", async () => {
  const body = { product: "${product}", text: "<${product}>", literal: 'say "${nobody}"\n' };
  const received = await requestOf({ body }, { products: [AWKWARD] });
  expect(JSON.parse(received.body)).toEqual({ product: AWKWARD, text: `<${AWKWARD}>`, literal: 'say "${nobody}"\n' });
});

test("a precompiled request says the same as the template filled in the plain way", async () => {
  const body = ["${key}", { a: ["x${run}y${key}", "${buyer.number}", "${ buyer }", "$${buyer}"], b: "${unknown}" }];
  const variables = { product: "1", quantity: 1, run: "r", buyer: "buyer-0", "buyer.number": 0, key: "r-0" };
  expect(JSON.parse((await requestOf({ body })).body)).toEqual(fillAll(body, variables));
});

test("a text is sent as it is, with its placeholders filled in and no content type of ours", async () => {
  const received = await requestOf({ body: "product=${product}&buyer=${buyer}&ü" });
  expect(received.body).toBe("product=1&buyer=buyer-0&ü");
  expect(received.headers["content-type"]).toBeUndefined();
});

test("path and headers are templates, and a value cannot break out of either", async () => {
  const received = await requestOf(
    {
      path: "/products/${product}/buy?for=${buyer}",
      headers: { "X-Product": "p ${product}", "idempotency-key": "${key}" },
    },
    { products: ["a/b c\r\nX-Evil: 1"] },
  );
  expect(received.url).toBe("/products/a%2Fb%20c%0D%0AX-Evil%3A%201/buy?for=buyer-0");
  expect(received.headers["idempotency-key"]).toBe("r-0");
  expect(received.headers["x-product"]).toBe("p a/b c X-Evil: 1");
  expect(received.headers["x-evil"]).toBeUndefined();
});

test("the scenario's own headers win, in any case, except for the length", async () => {
  const headers = { HOST: "shop.example", "content-type": "application/vnd.shop+json", "CONTENT-LENGTH": "1" };
  const received = await requestOf({ headers, body: { a: 1 } });
  expect(received.headers.host).toBe("shop.example");
  expect(received.headers["content-type"]).toBe("application/vnd.shop+json");
  expect(received.headers["content-length"]).toBe("7");
  expect(received.body).toBe('{"a":1}');
});

test("a request without a body announces none when it is a GET, and an empty one when it is a POST", async () => {
  expect((await requestOf({ method: "GET" })).headers["content-length"]).toBeUndefined();
  expect((await requestOf({ method: "POST" })).headers["content-length"]).toBe("0");
});

test("a base URL may carry a path and a login", async () => {
  const received = await requestOf(
    { path: "/buy" },
    {},
    (base) => base.replace("http://", "http://me:s%40fe@") + "/api/",
  );
  expect(received.url).toBe("/api/buy");
  expect(received.headers.authorization).toBe(`Basic ${Buffer.from("me:s@fe").toString("base64")}`);
});

test("attempt n places order orderOf[n], and starts over at the end of the list", async () => {
  const products: string[] = [];
  const server = await httpServer((body, _request, response) => {
    const { key, product } = JSON.parse(body) as { key: string; product: string };
    products[Number(key.slice(2))] = product;
    response.writeHead(201).end();
  });
  open.push(server);
  const orders = [0, 1, 2].map((product) => ({ lines: [{ product, quantity: 1 }] }));
  const load = { buyers: 7, orders, orderOf: [2, 0, 1] };
  const { history } = await autocannonEngine.fire(jobFor(server.url, { products: ["a", "b", "c"], load }));
  expect(products).toEqual(["c", "a", "b", "c", "a", "b", "c"]);
  expect(products.map((_, attempt) => history.order(attempt))).toEqual([2, 0, 1, 2, 0, 1, 2]);
});

test("an order of several products is refused before anything is sent, because the template cannot name them", async () => {
  const orders = [{ lines: [0, 1].map((product) => ({ product, quantity: 1 })) }];
  const job = jobFor("http://127.0.0.1:9", { products: ["a", "b"], load: { orders } });
  await expect(autocannonEngine.fire(job)).rejects.toMatchObject({ code: "USAGE", exit: 2 });
});
