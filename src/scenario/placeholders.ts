/** Where a scenario may use placeholders. */
export type Place = "start" | "seed" | "probe" | "purchase";

/** What must be there for a placeholder to have a value. */
type Need = "start" | "redis" | "locks";

export interface Placeholder {
  readonly name: string;
  readonly places: readonly Place[];
  readonly meaning: string;
  readonly needs?: Need;
}

const AROUND: readonly Place[] = ["start", "seed", "probe"];
const EVERYWHERE: readonly Place[] = ["start", "seed", "probe", "purchase"];

/** Every placeholder there is: the reader checks templates against this table, and a test holds the docs to it. */
export const PLACEHOLDERS: readonly Placeholder[] = [
  {
    name: "port",
    places: AROUND,
    needs: "start",
    meaning: "the port this server must listen on (in seeds and probes: the first server's)",
  },
  {
    name: "host",
    places: ["start"],
    needs: "start",
    meaning: "the address this server must listen on: 127.0.0.1, or 0.0.0.0 inside a container",
  },
  { name: "replica", places: ["start"], needs: "start", meaning: "this server's number, from 0" },
  { name: "redis.url", places: AROUND, needs: "redis", meaning: "URL of the first Redis node" },
  { name: "redis.urls", places: AROUND, needs: "redis", meaning: "URLs of all Redis nodes, with commas between them" },
  { name: "redis.host", places: AROUND, needs: "redis", meaning: "host of the first Redis node" },
  { name: "redis.port", places: AROUND, needs: "redis", meaning: "port of the first Redis node" },
  { name: "data", places: AROUND, meaning: "a fresh folder of this stack, for database files" },
  { name: "lock", places: EVERYWHERE, needs: "locks", meaning: "the chosen lock" },
  { name: "lockbench", places: AROUND, meaning: "the folder in which lockbench is installed" },
  { name: "scenario", places: AROUND, meaning: "the scenario's folder" },
  { name: "seed", places: AROUND, meaning: "the seed of this run" },
  { name: "products", places: AROUND, meaning: "all product ids, with commas between them" },
  { name: "run", places: EVERYWHERE, meaning: "the id of this run; around the stack, the id of the stack" },
  { name: "stock", places: AROUND, meaning: "units for sale of this product (in `start`: of the first one)" },
  { name: "product", places: ["seed", "probe", "purchase"], meaning: "the id of this product" },
  { name: "quantity", places: ["purchase"], meaning: "how many units the buyer asks for" },
  { name: "items", places: ["purchase"], meaning: "all lines of the order as a list, alone in a structured body" },
  { name: "buyer", places: ["purchase"], meaning: "the buyer's name, such as buyer-17" },
  { name: "buyer.number", places: ["purchase"], meaning: "the buyer's number, such as 17" },
  { name: "key", places: ["purchase"], meaning: "the idempotency key of this attempt" },
];

/** The names that have a value at a place, given what the scenario has. */
export function namesAt(place: Place, has: Readonly<Record<Need, boolean>>): readonly string[] {
  return PLACEHOLDERS.filter(({ places, needs }) => places.includes(place) && (needs === undefined || has[needs])).map(
    ({ name }) => name,
  );
}
