import type { WireCommand } from "../../domain/wire.ts";
import { ownersByReading } from "./readings.ts";
import type { GuardedWrite, LockOp } from "./lock-op.ts";

/** Finds out for which owner a command was sent that does not say so itself. */
export class Tokens {
  /** The tokens under which each product's lock was ever asked for. */
  readonly #known = new Map<number, Set<string>>();
  readonly #readings: ReadonlyMap<LockOp, string>;

  /** @param ops in the order of sending */
  constructor(ops: readonly LockOp[]) {
    for (const { deed, product, token } of ops) {
      if ((deed !== "acquire" && deed !== "overwrite") || token === null) continue;
      const known = this.#known.get(product) ?? new Set();
      known.add(token);
      this.#known.set(product, known);
    }
    this.#readings = ownersByReading(ops);
  }

  name(op: LockOp): LockOp {
    if (op.token !== null || (op.deed !== "release" && op.deed !== "extend")) return op;
    const token = this.#carriedBy(op.command, op.product) ?? this.#readings.get(op) ?? null;
    return token === null ? op : { ...op, token };
  }

  /** For whom a write was done; null where nobody can tell. */
  ownerOf({ token, product, command }: GuardedWrite): string | null {
    return token !== null && this.#known.get(product)?.has(token) === true ? token : this.#carriedBy(command, product);
  }

  /** The token among a command's arguments, if there is one and only one. */
  #carriedBy(command: WireCommand, product: number): string | null {
    const known = this.#known.get(product);
    const [token = null, another] = new Set(argumentsOf(command).filter((word) => known?.has(word)));
    return another === undefined ? token : null;
  }
}

/** Of a script its ARGV. Of any other command what follows the key, but no numbers: a stock may be what a token is, too. */
function argumentsOf({ words }: WireCommand): readonly string[] {
  const scripted = /^(EVAL|FCALL)/.test(words[0] ?? "");
  return scripted ? words.slice(3 + Number(words[2])) : words.slice(2).filter((word) => !/^-?\d+$/.test(word));
}
