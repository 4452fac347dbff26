/**
 * What was started, to be stopped in reverse order whatever happens. Closing
 * goes on after an error and throws the first one at the end, so that one
 * failed clean-up never keeps another from happening.
 */
export class Scope {
  readonly #closers: (() => Promise<void> | void)[] = [];

  defer(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Runs `work` with a scope of its own. A failed clean-up is thrown only if the work itself did not fail first. */
export async function withScope<Result>(work: (scope: Scope) => Promise<Result>): Promise<Result> {
  const scope = new Scope();
  let result: Result;
  try {
    result = await work(scope);
  } catch (error) {
    await scope.close().catch(() => undefined);
    throw error;
  }
  await scope.close();
  return result;
}
