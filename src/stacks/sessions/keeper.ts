import { type SessionEntry, writeRecord } from "./folders.ts";
import type { Service, Session } from "./session.ts";

/** The owner's hold on its session: every change is on disk before the next step is taken. */
export class SessionKeeper {
  readonly path: string;
  #session: Session;

  constructor(entry: SessionEntry) {
    this.path = entry.path;
    this.#session = entry.session;
  }

  get session(): Session {
    return this.#session;
  }

  change(change: Partial<Session>): void {
    this.#session = { ...this.#session, ...change };
    writeRecord(this.path, this.#session);
  }

  /** Adds a service, or replaces the one of the same name. */
  put(service: Service): void {
    this.change({ services: [...this.#others(service.name), service] });
  }

  drop(name: string): void {
    this.change({ services: this.#others(name) });
  }

  #others(name: string): Service[] {
    return this.#session.services.filter((service) => service.name !== name);
  }
}
