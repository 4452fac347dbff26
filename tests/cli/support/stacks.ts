import type { Place } from "./place.ts";
import { until } from "./until.ts";

export interface ServiceSeen {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
}

interface StackSeen {
  readonly healthy: boolean;
  readonly session: {
    readonly scenario: string;
    readonly servers: readonly string[];
    readonly variables: { readonly data: string };
  };
  readonly services: readonly ServiceSeen[];
}

/** The stacks of a place as `lockbench status --json` shows them. */
export async function stacksOf(place: Place): Promise<StackSeen[]> {
  return JSON.parse((await place.lockbench("status --json")).stdout) as StackSeen[];
}

export async function serviceOf(place: Place, name: string): Promise<ServiceSeen> {
  const service = (await stacksOf(place))[0]?.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`no service ${name} in ${place.folder}`);
  return service;
}

/** Waits until a running `lockbench run` has sold something. @returns the services of its stack */
export async function whileSelling(place: Place): Promise<readonly ServiceSeen[]> {
  return until("a sale", async () => {
    const [stack] = await stacksOf(place);
    const [server] = stack?.session.servers ?? [];
    if (stack === undefined || server === undefined) return undefined;
    return (await purchases(server)) > 0 ? stack.services : undefined;
  });
}

async function purchases(server: string): Promise<number> {
  const answer = await fetch(`${server}/purchases`).catch(() => undefined);
  const body = (await answer?.text()) ?? "";
  return body.split('"buyer"').length - 1;
}
