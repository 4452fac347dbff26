/** What goes over the door's standard input and output. The program behind it runs inside a container. */

/** A statement with the values of its named parameters. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** One line of JSON. */
export type DoorRequest =
  /** Asks for a consistent copy of a database. */
  | { readonly id: number; readonly want: "copy"; readonly file: string }
  /** Runs statements in one transaction. */
  | {
      readonly id: number;
      readonly want: "change";
      readonly file: string;
      readonly statements: readonly BoundStatement[];
    };

/** One line of JSON; so many bytes of the copy follow it. */
export type DoorAnswer =
  { readonly id: number; readonly bytes: number } | { readonly id: number; readonly error: string };
