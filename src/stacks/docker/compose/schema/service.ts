import * as z from "zod";
import { attachmentsSchema } from "./attachments.ts";
import { buildSchema } from "./build.ts";
import { commandSchema } from "./command.ts";
import { dependsOnSchema } from "./depends-on.ts";
import { duration } from "./durations.ts";
import { envFilesSchema, labelsSchema, variablesSchema } from "./environment.ts";
import { extraHostsSchema } from "./extra-hosts.ts";
import { healthcheckSchema } from "./healthcheck.ts";
import { mountsSchema, tmpfsSchema } from "./mounts.ts";
import { exposeSchema, portsSchema } from "./ports.ts";
import { restartSchema } from "./restart.ts";
import { size } from "./sizes.ts";
import { flag, listOf, mapping, oneOf, parsed, scalarText, text, textLike, wholeNumber } from "./spelling.ts";

const MOST_CONTAINERS = 1000;
const texts = (what: string) => listOf(text(), what).prefault([]);

const pullPolicy = oneOf(["always", "missing", "if_not_present", "never", "build"]).transform((policy) =>
  policy === "if_not_present" ? "missing" : policy,
);

const user = parsed('a user such as "node", 1000 or "1000:1000"', (value) =>
  (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined,
);

/** What a service of a Compose file may say here; every other key is refused by name. */
export const serviceSchema = z.object({
  image: text("the name of an image").optional(),
  build: buildSchema.optional(),
  pull_policy: pullPolicy.prefault("missing"),
  command: commandSchema.prefault(null),
  entrypoint: commandSchema.prefault(null),
  environment: variablesSchema.prefault({}),
  env_file: envFilesSchema.prefault([]),
  ports: portsSchema.prefault([]),
  expose: exposeSchema.prefault([]),
  depends_on: dependsOnSchema.prefault([]),
  profiles: texts("a list of profiles"),
  healthcheck: healthcheckSchema.optional(),
  labels: labelsSchema.prefault({}),
  networks: attachmentsSchema.prefault([]),
  volumes: mountsSchema.prefault([]),
  tmpfs: tmpfsSchema.prefault([]),
  mem_limit: size().optional(),
  restart: restartSchema.prefault("no"),
  stop_grace_period: duration().optional(),
  stop_signal: scalarText("a signal such as SIGTERM").optional(),
  scale: wholeNumber(0, MOST_CONTAINERS).optional(),
  deploy: mapping({ replicas: wholeNumber(0, MOST_CONTAINERS).optional() }).prefault({}),
  user: user.optional(),
  working_dir: text("a path inside the container").optional(),
  hostname: text("a host name").optional(),
  container_name: textLike(/^[a-zA-Z0-9][\w.-]+$/, "a name of letters, digits and _ . -").optional(),
  read_only: flag().prefault(false),
  init: flag().optional(),
  cap_add: texts("a list of capabilities"),
  cap_drop: texts("a list of capabilities"),
  security_opt: texts("a list of options"),
  extra_hosts: extraHostsSchema.prefault([]),
});

export type ServiceSpec = z.output<typeof serviceSchema>;
