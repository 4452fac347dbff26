import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { environmentError } from "../../domain/errors.ts";
import type { ServerAddress } from "./server-address.ts";

/**
 * What lockbench uses of autocannon's Client. These are internals of autocannon
 * 9.0.0 (lib/httpClient.js, and http-parser-js below it), without types and
 * without a promise to stay: the version is pinned, and `createClient` looks.
 *
 * autocannon's `run()` is not used. It starts sending while it still connects,
 * ends on a one-second tick, retries a refused connection at full speed, and
 * takes the next answer for a lost one. Its Client connects, writes and parses;
 * when to connect and send, and what an answer means, is decided here.
 */
export interface Client {
  conn: Socket | undefined;
  readonly parser: HttpParser;
  readonly secure: boolean;
  readonly timeoutTicker: { clear(): void };
  _connect(): void;
  _doRequest(): void;
}

export interface HttpParser {
  readonly constructor: HttpParserClass;
  readonly info: { readonly statusCode?: number; readonly shouldKeepAlive?: boolean };
  readonly state: string;
  /** The part of a line that has arrived so far. */
  readonly line: string;
  /** Announced length of the body, or null when the answer does not say. */
  readonly body_bytes: number | null;
  /** What has been read of the current chunk, and where the chunk ends. */
  readonly offset: number;
  readonly end: number;
  execute(chunk: Buffer): number | Error;
  finish(): Error | undefined;
  reinitialize(type: unknown): void;
  [callback: number]: (...parameters: never[]) => unknown;
}

export interface HttpParserClass {
  readonly RESPONSE: unknown;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

interface ClientClass {
  new (options: object): Client;
  readonly prototype: Client;
}

const require = createRequire(import.meta.url);
const AutocannonClient = require("autocannon/lib/httpClient.js") as ClientClass;

/** A client that does nothing by itself: it connects when `connect` says so, and writes what it is given. */
export function createClient(server: ServerAddress): Client {
  const client = new AutocannonClient({
    protocol: server.protocol,
    hostname: server.hostname,
    port: server.port,
    setupClient: holdStill,
  });
  checkInternals(client);
  // It would cut a connection that is held open on purpose; see deadlines.ts for what is used instead.
  client.timeoutTicker.clear();
  return client;
}

/** Opens the client's connection; autocannon's own listeners are on it when this returns. */
export function connect(client: Client): Socket {
  AutocannonClient.prototype._connect.call(client);
  if (client.conn === undefined) throw misfit("_connect() that sets conn");
  return client.conn;
}

/** autocannon calls these two after every event; from here on they belong to lockbench. */
function holdStill(client: Client): void {
  client._connect = () => undefined;
  client._doRequest = () => undefined;
}

function checkInternals(client: Client): void {
  const { parser } = client;
  const parts: Readonly<Record<string, boolean>> = {
    "_connect()": typeof AutocannonClient.prototype._connect === "function",
    "setupClient hook": Object.hasOwn(client, "_connect") && client.conn === undefined,
    "timeoutTicker.clear()": typeof client.timeoutTicker.clear === "function",
    "parser.execute()": typeof parser.execute === "function",
    "parser.finish()": typeof parser.finish === "function",
    "parser.reinitialize()": typeof parser.reinitialize === "function",
    "parser.kOnBody": typeof parser[parser.constructor.kOnBody] === "function",
  };
  for (const [part, present] of Object.entries(parts)) if (!present) throw misfit(part);
}

function misfit(part: string): Error {
  return environmentError(
    "AUTOCANNON_MISFIT",
    `The load generator does not fit: expected the internals of autocannon 9.0.0, found a client without ${part}`,
    { hint: "Run `npm ci` to install the version that package-lock.json names." },
  );
}
