import { Unavailable } from "../unavailable.ts";

/** Nobody is let through: too few Redis nodes answered lately. */
export class CircuitOpen extends Unavailable {
  constructor() {
    super("the circuit breaker is open: no quorum of Redis nodes answers");
  }
}
