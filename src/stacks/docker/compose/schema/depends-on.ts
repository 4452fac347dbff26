import * as z from "zod";
import type { ComposeDependency } from "../project.ts";
import { flag, listOf, mapping, oneForm, oneOf, text } from "./spelling.ts";

export interface DependencySpec extends ComposeDependency {
  /** False for a service that may be missing. */
  readonly required: boolean;
  /** Where it stands below `depends_on`: a key or a place in the list. */
  readonly step: string | number;
}

const CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"] as const;

const shortForm = listOf(text("the name of a service"), "a list").transform((names) =>
  names.map((service, step): DependencySpec => ({ service, condition: "service_started", required: true, step })),
);

const longForm = z
  .record(z.string(), mapping({ condition: oneOf(CONDITIONS), required: flag().prefault(true) }))
  .transform((services) =>
    Object.entries(services).map(([service, rest]): DependencySpec => ({ service, step: service, ...rest })),
  );

export const dependsOnSchema = oneForm<readonly DependencySpec[]>(
  "a list of services, or a mapping of services to conditions",
  { list: shortForm, mapping: longForm },
);
