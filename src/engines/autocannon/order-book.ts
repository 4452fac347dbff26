import type { LoadJob } from "../engine.ts";
import { RequestBuilder } from "./request-builder.ts";
import { parseServerAddress, type ServerAddress } from "./server-address.ts";

/** What one attempt asks for, and the request that says so. */
export interface Purchase {
  readonly buyer: number;
  readonly order: number;
  /** The server's place in the job's list. */
  readonly server: number;
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
    const { buyersRepeat, orderOf, retry } = this.#job.load;
    const buyer = buyersRepeat || retry !== null ? seat : attempt;
    // Whoever comes back wants what he wanted before.
    const order = orderOf[(retry === null ? attempt : seat) % orderOf.length] ?? 0;
    const server = seat % this.#servers.length;
    return { buyer, order, server, request: this.#requests.build(server, order, buyer, attempt) };
  }
}
