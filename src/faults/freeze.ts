import { faultTargets } from "../domain/describe-fault.ts";
import type { FaultAction } from "../domain/fault.ts";
import type { StackControls } from "../stacks/stack.ts";
import { toEach } from "./each.ts";
import type { Fault } from "./fault.ts";
import { SharedState } from "./shared-state.ts";

/** Services stop in their tracks, and go on later as if no time had passed. */
export function freezeFault(
  action: Extract<FaultAction, { kind: "freeze" }>,
  controls: StackControls,
  frozen: SharedState,
): Fault {
  const services = faultTargets(action);
  return {
    inject: (hit) =>
      toEach(services, async (service) => {
        await frozen.take(service, action);
        hit();
      }),
    undo: () => toEach(services, (service) => frozen.release(service, action)),
    answered: () => toEach(services, (service) => controls.answered(service)),
  };
}

/** What is frozen in a run, whichever of its faults has done it. */
export function frozenBy(controls: StackControls): SharedState {
  return new SharedState(
    (service) => controls.freeze(service),
    (service) => controls.thaw(service),
  );
}
