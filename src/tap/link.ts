import { createServer, type Server, type Socket } from "node:net";
import type { WireRule } from "../domain/wire.ts";
import { Connection } from "./connection.ts";
import type { LaneTools } from "./lane.ts";
import { listenOn } from "./listen-on.ts";
import type { TapLink } from "./protocol.ts";
import type { Recorder } from "./recorder.ts";
import { type LinkShape, shapeOf } from "./shape.ts";
import { Transcript } from "./transcript.ts";

export interface LinkTools extends LaneTools {
  readonly recorder: Recorder;
  readonly prefixes: readonly string[];
  /** Numbers the connections of all links. */
  readonly nextConnection: () => number;
}

/** The wire between one server and one node. */
export class Link {
  readonly #link: TapLink;
  readonly #tools: LinkTools;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  #shape: LinkShape;

  constructor(link: TapLink, tools: LinkTools) {
    this.#link = link;
    this.#tools = tools;
    this.#shape = shapeOf([], link.server, link.node);
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** @throws Error that names the port, when it is taken */
  async listen(): Promise<void> {
    await listenOn(this.#listener, this.#link.listen);
  }

  shape(rules: readonly WireRule[]): void {
    this.#shape = shapeOf(rules, this.#link.server, this.#link.node);
    for (const connection of [...this.#connections]) connection.shape(this.#shape);
  }

  /** A new log begins. */
  begin(): void {
    for (const { transcript } of this.#connections) transcript.begin();
  }

  writeOpen(): void {
    for (const { transcript } of this.#connections) transcript.writeOpen();
  }

  /** Writes what is known of all connections, and resets them. */
  close(): void {
    this.#listener.close();
    for (const connection of [...this.#connections]) {
      connection.transcript.close();
      connection.reset();
    }
  }

  #accept(socket: Socket): void {
    const { recorder, prefixes, nextConnection, clock, random } = this.#tools;
    const { server, node, to } = this.#link;
    const transcript = new Transcript({ server, node, connection: nextConnection() }, recorder, prefixes);
    const onClosed = (): void => {
      this.#connections.delete(connection);
    };
    const connection = new Connection(socket, to, this.#shape, { clock, random, transcript, onClosed });
    this.#connections.add(connection);
  }
}
