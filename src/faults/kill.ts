import { faultTargets } from "../domain/describe-fault.ts";
import { environmentError } from "../domain/errors.ts";
import type { FaultAction } from "../domain/fault.ts";
import type { StackControls } from "../stacks/stack.ts";
import { toEach } from "./each.ts";
import type { Fault } from "./fault.ts";
import type { SharedState } from "./shared-state.ts";

/**
 * Services die, and are started again.
 * @param states what other faults may hold a service in, and what ends with its death
 */
export function killFault(
  action: Extract<FaultAction, { kind: "kill" }>,
  controls: StackControls,
  states: readonly SharedState[],
): Fault {
  const services = faultTargets(action);
  const killed = new Set<string>();
  return {
    inject: (hit) =>
      toEach(services, async (service) => {
        // It would be asked to save, and not answer.
        if (action.keepData && states.some((state) => state.isHeld(service))) throw cannotSave(service);
        const sentNs = await controls.kill(service, action.keepData ? "kept" : "lost");
        for (const state of states) state.forget(service);
        killed.add(service);
        // Whoever is cut off by it knows before its death is seen here.
        hit(sentNs);
      }),
    undo: () =>
      toEach([...killed], async (service) => {
        await controls.restart(service);
        killed.delete(service);
      }),
    answered: () => toEach(services, (service) => controls.answered(service)),
  };
}

function cannotSave(service: string): Error {
  return environmentError(
    "FAULT_IMPOSSIBLE",
    `fault: ${service} cannot save its data before it is killed, since another fault has frozen or paused it`,
    { hint: "let the other fault end before, or leave `data: kept` out" },
  );
}
