import * as z from "zod";
import type { ComposeAttachment } from "../project.ts";
import { listOf, mapping, oneForm, text } from "./spelling.ts";

export interface AttachmentSpec extends ComposeAttachment {
  /** Where it stands below `networks`: a key or a place in the list. */
  readonly step: string | number;
}

const aliases = mapping({ aliases: listOf(text("a name"), "a list of names").prefault([]) });

/** The networks of a service. */
export const attachmentsSchema = oneForm<readonly AttachmentSpec[]>("a list of networks, or a mapping of them", {
  list: listOf(text("the name of a network"), "a list").transform((names) =>
    names.map((network, step): AttachmentSpec => ({ network, aliases: [], step })),
  ),
  mapping: z.record(z.string(), aliases.nullable()).transform((networks) =>
    Object.entries(networks).map(([network, rest]): AttachmentSpec => ({
      network,
      aliases: rest?.aliases ?? [],
      step: network,
    })),
  ),
});
