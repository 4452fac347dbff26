import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import { Unavailable } from "../unavailable.ts";
import type { AnswerSender, HttpAnswer } from "./answer.ts";
import { BadRequest } from "./bad-request.ts";
import { linger } from "./linger.ts";

/** Everybody in a stampede must get a place before the first of them is accepted. */
const BACKLOG = 4096;
/** Longer than a load generator's pauses, so that no request meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

export interface HttpTools {
  /** @throws BadRequest or Unavailable */
  readonly route: (request: IncomingMessage, arrivedAtNs: bigint) => Promise<HttpAnswer>;
  /** What every answer to a purchase says besides. */
  readonly complete: (answer: HttpAnswer, arrivedAtNs: bigint) => HttpAnswer;
  readonly send: AnswerSender;
  /** Told the outcome of every answer to a purchase. */
  readonly answered: (outcome: string) => void;
  readonly log: Log;
}

/** Turns requests into answers, whatever goes wrong. */
export class HttpServer {
  readonly #tools: HttpTools;
  readonly #server: Server;
  #closing = false;

  constructor(tools: HttpTools) {
    this.#tools = tools;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      // Stamped before anything else is done: this is the buyer's place among all arrivals.
      void this.#handle(request, response, process.hrtime.bigint());
    });
  }

  /** @returns the port, which is the system's choice when 0 was asked for */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host, backlog: BACKLOG }, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Accepts nobody any more. @returns when everybody who is here has been answered */
  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  /** Drops every connection, answered or not. */
  abandon(): void {
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse, arrivedAtNs: bigint): Promise<void> {
    let answer = await this.#answer(request, arrivedAtNs);
    if (request.method === "POST") {
      this.#tools.answered(outcomeOf(answer));
      answer = this.#tools.complete(answer, arrivedAtNs);
    }
    if (response.destroyed) return;
    if (this.#closing) response.setHeader("connection", "close");
    this.#tools.send(answer, { request, response });
    if (!request.complete && !request.destroyed) linger(request);
  }

  async #answer(request: IncomingMessage, arrivedAtNs: bigint): Promise<HttpAnswer> {
    try {
      return await this.#tools.route(request, arrivedAtNs);
    } catch (error) {
      return this.#failure(error, String(arrivedAtNs));
    }
  }

  #failure(error: unknown, arrivedAtNs: string): HttpAnswer {
    if (error instanceof BadRequest) {
      const body = { outcome: "bad_request", error: error.message, arrivedAtNs };
      return { status: error.status, headers: error.headers, body };
    }
    this.#tools.log(error instanceof Error ? error.message : String(error));
    if (error instanceof Unavailable) {
      return { status: 503, body: { outcome: "unavailable", error: error.message, arrivedAtNs } };
    }
    return { status: 500, body: { outcome: "error", error: "a fault of this server; its log says more", arrivedAtNs } };
  }
}

function outcomeOf({ body }: HttpAnswer): string {
  const outcome = typeof body === "string" ? undefined : body["outcome"];
  return typeof outcome === "string" ? outcome : "other";
}
