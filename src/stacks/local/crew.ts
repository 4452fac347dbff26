import { environmentError } from "../../domain/errors.ts";
import type { Launched } from "./launch.ts";

/** The processes of a stack, and which of them are meant to be down just now. */
export class Crew {
  readonly #members = new Map<string, Launched>();
  readonly #felled = new Set<string>();
  readonly #frozen = new Set<string>();

  constructor(launched: readonly Launched[]) {
    for (const one of launched) this.#members.set(one.service.name, one);
  }

  /** @throws LockbenchError (exit 5) when there is none of this name, or it does not run */
  running(name: string): Launched {
    const member = this.member(name);
    if (this.#felled.has(name)) throw cannotBreak(`${name} is down already`);
    const end = member.ended();
    if (end !== undefined) throw cannotBreak(`${name} has died by itself: ${end}`);
    return member;
  }

  member(name: string): Launched {
    const member = this.#members.get(name);
    if (member === undefined) throw cannotBreak(`there is no service ${name}`);
    return member;
  }

  isFelled(name: string): boolean {
    return this.#felled.has(name);
  }

  /** From now on it is meant to be down. */
  fell(name: string): void {
    this.#felled.add(name);
  }

  /** From now on it is meant to stand still. */
  freeze(name: string): void {
    this.#frozen.add(name);
  }

  thaw(name: string): void {
    this.#frozen.delete(name);
  }

  /** Somebody runs in its place. */
  replace(launched: Launched): void {
    this.#members.set(launched.service.name, launched);
    this.#felled.delete(launched.service.name);
    this.#frozen.delete(launched.service.name);
  }

  /** Those that are dead and were not meant to be. */
  get dead(): readonly Launched[] {
    return this.#meantToLive.filter(({ ended }) => ended() !== undefined);
  }

  /** Those that live, and are meant to move. */
  get moving(): readonly Launched[] {
    return this.#meantToLive.filter(({ service, ended }) => !this.#frozen.has(service.name) && ended() === undefined);
  }

  get #meantToLive(): readonly Launched[] {
    return [...this.#members.values()].filter(({ service }) => !this.#felled.has(service.name));
  }
}

function cannotBreak(why: string): Error {
  return environmentError("FAULT_IMPOSSIBLE", `fault: ${why}, expected a service that runs`);
}
