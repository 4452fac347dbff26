import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keptRuns, SMALL } from "./support/output.ts";
import { aPlace, type Place } from "./support/place.ts";
import { whileSelling } from "./support/stacks.ts";
import type { Started } from "./support/started.ts";
import { CTRL_C, inTerminal } from "./support/terminal.ts";
import { until } from "./support/until.ts";

const LONG = "run v1_basic --run-time 60s --users 8";

/** Nothing runs, no stack is written down, and no half of a run lies about. */
function expectNothingLeft(place: Place): void {
  expect(place.left()).toEqual([]);
  expect(existsSync(place.runtime) ? readdirSync(place.runtime) : ["ports"]).toEqual(["ports"]);
  const results = existsSync(place.file("results")) ? readdirSync(place.file("results")) : [];
  expect(results.filter((name) => name.startsWith("."))).toEqual([]);
}

function waitFor(text: string, screen: Started): Promise<true> {
  return until(text, () => screen.stdout().includes(text) || undefined);
}

describe("Ctrl-C in a terminal", () => {
  // A scenario that takes its time where it is to be interrupted.
  it.each(["starting", "selling", "settling"])("while it is %s stops everything, with exit code 130", async (phase) => {
    const place = aPlace();
    await place.lockbench("init my-shop");
    const scenario = place.file("my-shop/scenario.yaml");
    place.edit(scenario, (text) => `${text}settle: { quiet: 60s, within: 90s }\n`);
    const call = phase === "selling" ? "--run-time 60s --users 8" : SMALL;
    const screen = inTerminal(place, `run ./my-shop ${call}`);
    await waitFor(phase, screen);
    screen.type(CTRL_C);
    const { exit, stdout } = await screen.ended;
    expect(exit).toBe(130);
    expect(stdout.trimEnd().split("\n").at(-1)).toContain("exit 130: interrupted by SIGINT");
    expectNothingLeft(place);
  });

  it("pressed many times changes nothing about it", async () => {
    const place = aPlace();
    const screen = inTerminal(place, LONG);
    await waitFor("selling", screen);
    for (let press = 0; press < 5; press += 1) screen.type(CTRL_C);
    expect((await screen.ended).exit).toBe(130);
    expectNothingLeft(place);
  });

  it("ends a repetition, and keeps the runs that were complete", async () => {
    const place = aPlace();
    const screen = inTerminal(place, `run v1_basic ${SMALL} --repeat 100`);
    await waitFor("2/100", screen);
    screen.type(CTRL_C);
    expect((await screen.ended).exit).toBe(130);
    expect(keptRuns(place).length).toBeGreaterThanOrEqual(2);
    expectNothingLeft(place);
  });

  it("while up is starting leaves no stack", async () => {
    const place = aPlace();
    const screen = inTerminal(place, "up v1_basic --replicas 4");
    await waitFor("starting 4 servers", screen);
    screen.type(CTRL_C);
    expect((await screen.ended).exit).toBe(130);
    expectNothingLeft(place);
  });
});

describe("a signal from elsewhere", () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)("%s stops everything, with exit code %i and the reason on stderr", async (name, code) => {
    const place = aPlace();
    const run = place.start(`${LONG} --json`);
    await whileSelling(place);
    run.signal(name);
    const { exit, stdout, stderr } = await run.ended;
    expect([exit, stdout]).toEqual([code, ""]);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(new RegExp(`^exit ${String(code)}: interrupted by ${name}`));
    expectNothingLeft(place);
  });

  it("spares a stack that was up before", async () => {
    const place = aPlace();
    await place.lockbench("up v1_basic");
    const run = place.start(LONG);
    await whileSelling(place);
    run.signal("SIGTERM");
    expect((await run.ended).exit).toBe(143);
    expect(await place.lockbench("status")).toMatchObject({ exit: 0 });
    expect(await place.lockbench("down")).toMatchObject({ exit: 0 });
    expectNothingLeft(place);
  });
});

describe("a terminal that is closed", () => {
  it("takes everything that was started along", async () => {
    const place = aPlace();
    const screen = inTerminal(place, LONG);
    await waitFor("selling", screen);
    screen.signal("SIGKILL");
    await screen.ended;
    await until("the end of everything", () => (place.left().length === 0 ? true : undefined));
    expectNothingLeft(place);
  });
});
