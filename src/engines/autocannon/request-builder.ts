import { attemptKey, buyerName } from "../../domain/buyers.ts";
import { usageError } from "../../domain/errors.ts";
import type { Order } from "../../domain/order.ts";
import type { PurchaseRequestPlan } from "../../domain/plan.ts";
import type { Variables } from "../../domain/template.ts";
import type { LoadJob } from "../engine.ts";
import { bind, headerPhrase, jsonPhrase, pathPhrase, type Phrase, speak, textPhrase } from "./phrase.ts";
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
    const known = job.load.orders.map((order, place) => orderVariables(order, place, job));
    this.#drafts = servers.map((server) => known.map((variables) => draft(job.purchase, server, variables)));
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

function orderVariables(order: Order, place: number, job: LoadJob): Variables {
  const [line, ...more] = order.lines;
  const product = line === undefined ? undefined : job.products[line.product];
  if (line === undefined || product === undefined || more.length > 0) {
    throw usageError(
      `The load cannot be sent: order ${String(place)} has ${String(order.lines.length)} lines, ` +
        "expected one line with a known product, because ${product} and ${quantity} name only one",
      "Let each buyer order one product.",
    );
  }
  return { product, quantity: line.quantity, run: job.run };
}

function draft(purchase: PurchaseRequestPlan, server: ServerAddress, variables: Variables): Draft {
  const body = bodyPhrase(purchase);
  const head: Phrase = [
    `${purchase.method} ${server.prefix}`,
    ...pathPhrase(purchase.path),
    " HTTP/1.1\r\n",
    ...headers(purchase, server).flatMap(([name, value]) => [`${name}: `, ...headerPhrase(value), "\r\n"]),
  ];
  return { head: bind(head, variables), body: body === null ? null : bind(body, variables) };
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
