import * as z from "zod";
import { labelsSchema } from "./environment.ts";
import { flag, mapping, text } from "./spelling.ts";

const common = {
  driver: text("the name of a driver").optional(),
  labels: labelsSchema.prefault({}),
  name: text("a name").optional(),
  external: flag().prefault(false),
};

const NOT_EXTERNAL = "no driver, labels or internal beside `external: true`, since somebody else made it";

const network = mapping({ ...common, internal: flag().prefault(false) }).refine(
  ({ external, driver, labels, internal }) => !external || !(driver !== undefined || internal || hasKeys(labels)),
  { error: NOT_EXTERNAL },
);
const volume = mapping(common).refine(
  ({ external, driver, labels }) => !external || !(driver !== undefined || hasKeys(labels)),
  { error: NOT_EXTERNAL },
);

function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

const filled = (value: unknown) => value ?? {};

/** The networks of a file; a key alone takes what is usual. */
export const networksSchema = z
  .record(z.string(), z.preprocess(filled, network), { error: "a mapping of networks" })
  .nullable()
  .transform((networks) => networks ?? {});
/** The named volumes of a file; a key alone takes what is usual. */
export const volumesSchema = z
  .record(z.string(), z.preprocess(filled, volume), { error: "a mapping of volumes" })
  .nullable()
  .transform((volumes) => volumes ?? {});

export type NetworkSpec = z.output<typeof network>;
export type VolumeSpec = z.output<typeof volume>;
