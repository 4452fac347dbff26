import { command, METHODS, requestBody, sqliteFile, status } from "./parts.ts";
import { duration, httpPath, listOf, mapping, oneKind, oneOf, scalarText, text } from "./spelling.ts";

export const seedStepSchema = oneKind(
  {
    redis: listOf(listOf(scalarText(), "a command as a list such as [SET, key, value]"), "a list of Redis commands")
      .optional()
      .describe("Redis commands, sent in order to every node that lockbench started."),
    sqlite: mapping({
      file: sqliteFile(),
      statements: listOf(text("an SQL statement"), "a list of SQL statements").describe(
        "SQL statements, done in order; `:product` and `:stock` are bound.",
      ),
    })
      .optional()
      .describe("SQL statements on a SQLite file."),
    http: mapping({
      method: oneOf(METHODS).prefault("POST").describe("The request's method."),
      path: httpPath().describe("The request's path on the shop; takes placeholders."),
      body: requestBody().prefault(null).describe("A structure is sent as JSON, a text as it is; takes placeholders."),
      status: status().prefault(200).describe("The status that means: done."),
    })
      .optional()
      .describe("A request to the shop itself, for shops that re-initialise by an endpoint."),
    command: command()
      .optional()
      .describe("A program that seeds, run in the scenario's folder; takes placeholders. Exit code 0 means: done."),
  },
  { within: duration().optional().describe("How long a `command` may take. Default: 30s.") },
).describe(
  "What names the product or its stock (a Redis command, a statement, a request, a program) is done for each product.",
);
