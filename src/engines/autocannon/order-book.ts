import type { LoadJob } from "../engine.ts";
import { RequestBuilder } from "./request-builder.ts";
import { parseServerAddress, type ServerAddress } from "./server-address.ts";

/** What one attempt asks for, and the request that says so. */
export interface Purchase {
  readonly buyer: number;
  readonly order: number;
  readonly request: string;
}

/** Knows who buys what, and at which server. */
export class OrderBook {
  readonly #job: LoadJob;
  readonly #servers: readonly ServerAddress[];
  readonly #requests: RequestBuilder;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#servers = job.servers.map(parseServerAddress);
    this.#requests = new RequestBuilder(job, this.#servers);
  }

  get method(): string {
    return this.#job.purchase.method;
  }

  /** Seats are spread over the servers in turn, and stay with theirs. */
  serverOf(seat: number): ServerAddress {
    const server = this.#servers[seat % this.#servers.length];
    if (server === undefined) throw new RangeError("a load needs at least one server");
    return server;
  }

  /** @param attempt the index that the attempt will have in the history */
  purchase(seat: number, attempt: number): Purchase {
    const { buyersRepeat, orderOf } = this.#job.load;
    const buyer = buyersRepeat ? seat : attempt;
    const order = orderOf[attempt % orderOf.length] ?? 0;
    return { buyer, order, request: this.#requests.build(seat % this.#servers.length, order, buyer, attempt) };
  }
}
