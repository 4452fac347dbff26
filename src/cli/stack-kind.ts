import { usageError } from "../domain/errors.ts";

/** @throws LockbenchError (exit 2) for a kind of stack that there is not */
export function requireStackKind(kind: string): void {
  if (kind !== "local")
    throw usageError(`--stack: expected local, found "${kind}"`, "leave it out: local is the default");
}
