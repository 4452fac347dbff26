import { describeAction } from "../domain/describe-fault.ts";
import { messageOf } from "../domain/errors.ts";
import type { FaultPlan, FaultRecord } from "../domain/fault.ts";
import type { Random } from "../domain/random.ts";
import type { Fault } from "../faults/fault.ts";
import type { Clock } from "../host/clock.ts";
import { FaultMoments } from "./fault-moments.ts";

export interface FaultRunnerOptions {
  readonly plans: readonly FaultPlan[];
  /** One for each plan. */
  readonly faults: readonly Fault[];
  /** Units for sale over all products. */
  readonly units: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Told before the first fault, and when the last one was undone. */
  readonly inFault: (inForce: boolean) => void;
}

/** A fault on its way. Stamps are ns on the machine's monotonic clock. */
interface Course {
  readonly plan: FaultPlan;
  readonly fault: Fault;
  injectedNs: bigint | null;
  inForceNs: bigint | null;
  /** Why it could not be injected. */
  failure: string | undefined;
  healedNs: bigint | null;
  /** Null again when it failed: then it is tried once more at the end. */
  undoing: Promise<boolean> | null;
  /** Why it could not be undone, the last time it was tried. */
  obstacle: string;
  /** A first look whether it answers again, while the load goes on. */
  healing: Promise<void> | null;
}

/** Injects the faults of a run when their moment comes, and undoes every one of them, whatever happens. */
export class FaultRunner {
  readonly #options: FaultRunnerOptions;
  readonly #courses: readonly Course[];
  readonly #moments: FaultMoments;
  readonly #incidents: string[] = [];
  readonly #under: Promise<void>[];
  #injected: Course[] = [];
  #ending: Promise<void> | undefined;

  constructor(options: FaultRunnerOptions) {
    const { plans, faults, units, clock, random } = options;
    this.#options = options;
    this.#moments = new FaultMoments(plans, units, clock, random);
    this.#courses = plans.flatMap((plan, place) => {
      const fault = faults[place];
      return fault === undefined ? [] : [{ plan, fault, ...NOT_YET }];
    });
    this.#under = this.#courses.map((course, place) => this.#run(course, place));
  }

  /** @param soFar attempts sent, and units answered as sold */
  progress(soFar: { readonly sent: number; readonly sold: number }): void {
    this.#moments.progress(soFar);
  }

  /** The load has ended, or was broken off: undoes all that is in force, the last one first. Harmless when called twice. */
  end(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  /** What could not be done, a line each. */
  get incidents(): readonly string[] {
    return this.#incidents;
  }

  /** @param originNs the zero of the history's clock */
  records(originNs: bigint): readonly FaultRecord[] {
    const stamp = (ns: bigint | null): number => (ns === null ? Number.NaN : Number(ns - originNs));
    return this.#courses.map(({ injectedNs, inForceNs, healedNs, failure }, fault) => ({
      fault,
      injectedAt: stamp(injectedNs),
      inForceAt: stamp(inForceNs),
      healedAt: stamp(injectedNs === null ? null : healedNs),
      obstacle: failure,
    }));
  }

  async #end(): Promise<void> {
    this.#moments.close();
    // One that is being injected just now must be whole before it can be undone.
    await Promise.all(this.#under);
    for (const course of this.#injected.toReversed()) await this.#undo(course);
    // What failed may have been kept from it by a fault that is undone by now.
    for (const course of this.#injected.toReversed()) {
      if (!(await this.#undo(course))) this.#incidents.push(course.obstacle);
    }
    // Only now: what was hit may answer only when everything else is whole again, too.
    for (const course of this.#injected) await this.#untilHealed(course);
    const healed = this.#injected.every(({ healedNs }) => healedNs !== null);
    if (this.#injected.length > 0 && healed) this.#options.inFault(false);
  }

  async #run(course: Course, place: number): Promise<void> {
    if (!(await this.#moments.reached(place))) return;
    await this.#inject(course);
    const { forMs } = course.plan;
    if (forMs === null) return;
    // At the end of the load the runner undoes all of them in their order.
    if (!(await this.#moments.passed(forMs)) || !(await this.#undo(course))) return;
    course.healing = this.#lookAt(course);
    // What this fault had kept from answering answers now, perhaps.
    for (const other of this.#injected) {
      if (other !== course && other.healing !== null) other.healing = other.healing.then(() => this.#lookAt(other));
    }
  }

  /** Another fault may keep it from answering; then its healing is looked at again when that one is undone, and at the end. */
  async #lookAt(course: Course): Promise<void> {
    if (course.healedNs === null) await this.#healed(course).catch(() => undefined);
  }

  async #inject(course: Course): Promise<void> {
    const { clock, inFault } = this.#options;
    try {
      if (this.#injected.length === 0) inFault(true);
      this.#injected.push(course);
      await course.fault.inject((sinceNs = clock.nowNs()) => {
        if (course.injectedNs === null || sinceNs < course.injectedNs) course.injectedNs = sinceNs;
      });
      course.inForceNs = clock.nowNs();
    } catch (error) {
      course.failure = messageOf(error);
      this.#incidents.push(`${describeAction(course.plan.action)} could not be injected: ${course.failure}`);
    }
  }

  /** @returns false when it could not be undone */
  #undo(course: Course): Promise<boolean> {
    return (course.undoing ??= this.#tryToUndo(course));
  }

  async #tryToUndo(course: Course): Promise<boolean> {
    try {
      await course.fault.undo();
      return true;
    } catch (error) {
      course.obstacle = `${describeAction(course.plan.action)} could not be undone: ${messageOf(error)}`;
      course.undoing = null;
      return false;
    }
  }

  async #untilHealed(course: Course): Promise<void> {
    await course.healing;
    if (course.healedNs !== null || (await course.undoing) !== true) return;
    try {
      await this.#healed(course);
    } catch (error) {
      this.#incidents.push(`${describeAction(course.plan.action)} did not heal: ${messageOf(error)}`);
    }
  }

  async #healed(course: Course): Promise<void> {
    await course.fault.answered();
    course.healedNs ??= this.#options.clock.nowNs();
  }
}

const NOT_YET = {
  injectedNs: null,
  inForceNs: null,
  failure: undefined,
  healedNs: null,
  undoing: null,
  obstacle: "",
  healing: null,
};
