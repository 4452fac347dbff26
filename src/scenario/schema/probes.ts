import * as z from "zod";
import { jsonPath, sqliteFile } from "./parts.ts";
import { httpPath, mapping, oneKind, text } from "./spelling.ts";

const named = () =>
  text().describe("The witness's name in the report; needed only where two probes of one kind would share it.");

export const stockProbeSchema = oneKind(
  {
    redis: mapping({
      key: text().describe("The key that holds the units left; takes placeholders."),
      field: text().optional().describe("The field, where the key is a hash; takes placeholders."),
    })
      .optional()
      .describe("A key, read on every Redis node; each node is a witness of its own."),
    sqlite: mapping({
      file: sqliteFile(),
      query: text("an SQL query").describe("A query for one number; `:product` is bound."),
    })
      .optional()
      .describe("A query on a SQLite file."),
    http: mapping({
      path: httpPath().describe("What to GET from the shop; takes placeholders."),
      value: z
        .string({ error: "a dotted path" })
        .prefault("")
        .describe('Dotted path to the number; "": the whole body.'),
    })
      .optional()
      .describe("An answer of the shop itself."),
  },
  { name: named().optional() },
).describe("One witness of how many units are left.");

const rowFields = mapping({
  id: jsonPath().optional().describe("What the shop calls the row."),
  buyer: jsonPath().optional().describe("The buyer's name or number, as it was sent."),
  product: jsonPath().optional().describe("The product's id."),
  quantity: jsonPath().optional().describe("How many units."),
  key: jsonPath().optional().describe("The idempotency key, where the shop stores it."),
  remaining: jsonPath().optional().describe("The units left after this sale."),
  fencing_token: jsonPath().optional().describe("The grant under which the row was written."),
});

export const purchaseProbeSchema = oneKind(
  {
    sqlite: mapping({
      file: sqliteFile(),
      query: text("an SQL query").describe(
        "Gives the columns buyer or key (or both), and id, product, quantity, remaining, fencing_token where the shop has them, in the order of the commits.",
      ),
    })
      .optional()
      .describe("A query on a SQLite file."),
    http: mapping({
      path: httpPath().describe("What to GET from the shop."),
      rows: z
        .string({ error: "a dotted path" })
        .prefault("")
        .describe('Dotted path to the list of rows; "": the body itself.'),
      fields: rowFields.prefault({}).describe("Which field of a row holds what, where it is not called so already."),
    })
      .optional()
      .describe("An answer of the shop itself."),
  },
  {},
).describe("Where the purchases can be read, in the order in which they were committed.");
