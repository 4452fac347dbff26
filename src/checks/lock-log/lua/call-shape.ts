/** One kind of call of a script. */
export interface CallShape {
  readonly keys: number;
  readonly args: number;
  /** Arguments that are texts which the script spells, by their place from 1. */
  readonly known: ReadonlyMap<number, string>;
  /** All texts that the script spells. */
  readonly literals: ReadonlySet<string>;
}
