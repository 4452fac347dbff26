import type { ComposeProject, ComposeService } from "../compose/project.ts";
import { startOrder } from "../compose/start-order.ts";
import type { Mark } from "./marks.ts";

/** The place of one container in a project. */
export interface Slot {
  readonly service: ComposeService;
  readonly mark: Mark;
}

/** Every container of a project, those of one service together, those that others depend on first. */
export function slotsOf({ services }: ComposeProject): readonly Slot[] {
  return startOrder(services).flatMap((inWave, wave) =>
    inWave.flatMap((service) =>
      Array.from({ length: service.scale }, (_, place) => ({
        service,
        mark: { service: service.name, index: place + 1, wave },
      })),
    ),
  );
}
