/** What a Lua text says, as a tree. `at` is the place in the text, and the same for no two of a kind. */
export type Expression =
  | { readonly is: "constant"; readonly value: null | boolean | number | string }
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "index"; readonly of: Expression; readonly key: Expression }
  | {
      readonly is: "call";
      readonly callee: Expression;
      /** The name after a colon; null for a plain call. */
      readonly method: string | null;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  | { readonly is: "function"; readonly parameters: readonly string[]; readonly body: Block; readonly at: number }
  | { readonly is: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly is: "unary"; readonly operator: string; readonly operand: Expression }
  | { readonly is: "table"; readonly fields: readonly TableField[] }
  | { readonly is: "rest" };

export interface TableField {
  /** null: the next in the list. */
  readonly key: Expression | null;
  readonly value: Expression;
}

export type Block = readonly Statement[];

export type Statement =
  | {
      readonly is: "local";
      readonly names: readonly string[];
      readonly values: readonly Expression[];
      readonly at: number;
    }
  | { readonly is: "assignment"; readonly targets: readonly Expression[]; readonly values: readonly Expression[] }
  | { readonly is: "expression"; readonly call: Expression }
  | {
      readonly is: "if";
      readonly branches: readonly { readonly condition: Expression; readonly body: Block }[];
      readonly otherwise: Block;
    }
  | {
      readonly is: "count";
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression;
      readonly body: Block;
      readonly at: number;
    }
  | {
      readonly is: "each";
      readonly names: readonly string[];
      readonly of: Expression;
      readonly body: Block;
      readonly at: number;
    }
  | { readonly is: "loop"; readonly condition: Expression; readonly body: Block; readonly atLeastOnce: boolean }
  | { readonly is: "block"; readonly body: Block }
  | { readonly is: "return"; readonly values: readonly Expression[] }
  | { readonly is: "break" };
