import { attemptKey, buyerName } from "../../domain/buyers.ts";
import { usageError } from "../../domain/errors.ts";
import type { Order, OrderLine } from "../../domain/order.ts";
import type { PurchaseRequestPlan } from "../../domain/plan.ts";
import { placeholders, type Variables } from "../../domain/template.ts";
import type { LoadJob } from "../engine.ts";
import {
  bind,
  headerPhrase,
  jsonPhrase,
  listPhrase,
  pathPhrase,
  type Phrase,
  speak,
  substitute,
  textPhrase,
} from "./phrase.ts";
import type { ServerAddress } from "./server-address.ts";

/** One order at one server: all but the buyer, the key and the length is written already. */
interface Draft {
  /** From the request line up to where the length of the body belongs. */
  readonly head: Phrase;
  /** null: the request has no body and announces none. */
  readonly body: Phrase | null;
}

/** Writes HTTP requests from the scenario's templates. */
export class RequestBuilder {
  readonly #run: string;
  /** By server, then by order. */
  readonly #drafts: readonly (readonly Draft[])[];

  /** @throws LockbenchError (exit 2) for an order that the template cannot express */
  constructor(job: LoadJob, servers: readonly ServerAddress[]) {
    this.#run = job.run;
    const asked = job.load.orders.map((order, place) => askFor(order, place, job));
    this.#drafts = servers.map((server) =>
      asked.map(({ variables, body }) => ({ head: bind(headPhrase(job.purchase, server), variables), body })),
    );
  }

  /** @param server place of the server in the job's list */
  build(server: number, order: number, buyer: number, attempt: number): string {
    const draft = this.#drafts[server]?.[order];
    if (draft === undefined) throw new RangeError(`no request for order ${String(order)} at server ${String(server)}`);
    const variables = {
      buyer: buyerName(buyer),
      "buyer.number": buyer,
      key: attemptKey(this.#run, attempt),
    };
    const head = speak(draft.head, variables);
    if (draft.body === null) return `${head}\r\n`;
    const body = speak(draft.body, variables);
    return `${head}Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
  }
}

/** What an order says, at whichever server. */
interface Asked {
  readonly variables: Variables;
  readonly body: Phrase | null;
}

function askFor(order: Order, place: number, job: LoadJob): Asked {
  const { purchase } = job;
  const lines = order.lines.map((line) => lineVariables(line, job));
  const [line, ...more] = lines;
  const alone = line !== undefined && more.length === 0;
  const used = placeholders([purchase.path, purchase.headers, purchase.body]);
  if (lines.length === 0 || (!alone && ["product", "quantity"].some((name) => used.includes(name)))) {
    throw usageError(
      `The load cannot be sent: order ${String(place)} has ${String(lines.length)} lines, ` +
        "expected one line, because ${product} and ${quantity} name only one",
      "Write ${items} in the request's body, or let each buyer order one product.",
    );
  }
  const variables = { run: job.run, ...(alone ? line : {}) };
  const body = bodyPhrase(purchase);
  if (body === null) return { variables, body };
  const items = listPhrase(lines.map((each) => bind(jsonPhrase(purchase.items), each)));
  return { variables, body: bind(substitute(body, "items", items), variables) };
}

function lineVariables({ product, quantity }: OrderLine, { products }: LoadJob): Variables {
  const name = products[product];
  if (name === undefined) throw usageError(`The load cannot be sent: it has no product ${String(product)}`);
  return { product: name, quantity };
}

function headPhrase(purchase: PurchaseRequestPlan, server: ServerAddress): Phrase {
  return [
    `${purchase.method} ${server.prefix}`,
    ...pathPhrase(purchase.path),
    " HTTP/1.1\r\n",
    ...headers(purchase, server).flatMap(([name, value]) => [`${name}: `, ...headerPhrase(value), "\r\n"]),
  ];
}

function bodyPhrase({ method, body }: PurchaseRequestPlan): Phrase | null {
  if (body === null) return method === "GET" || method === "HEAD" ? null : [];
  return typeof body === "string" ? textPhrase(body) : jsonPhrase(body);
}

/** The scenario's headers win over ours, whatever their case; only the length is never theirs. */
function headers({ headers: own, body }: PurchaseRequestPlan, server: ServerAddress): (readonly [string, string])[] {
  const given = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const defaults: (readonly [string, string])[] = [
    ["Host", server.host],
    ["Connection", "keep-alive"],
  ];
  if (body !== null && typeof body === "object") defaults.push(["Content-Type", "application/json"]);
  if (server.authorization !== null) defaults.push(["Authorization", server.authorization]);
  return [
    ...defaults.filter(([name]) => !given.has(name.toLowerCase())),
    ...Object.entries(own).filter(([name]) => name.toLowerCase() !== "content-length"),
  ];
}
