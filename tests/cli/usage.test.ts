import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { aPlace } from "./support/place.ts";

/** What is typed, and what must be said about it. */
const MISTAKES: readonly (readonly [typed: string, ...said: readonly string[]])[] = [
  ["rnu v1_basic", "unknown command 'rnu'", "Did you mean run?"],
  ["rnu --help", "unknown command 'rnu'", "Did you mean run?"],
  ["report -h", "unknown command 'report'", "lockbench --help lists the commands"],
  ["help statsu", "unknown command 'statsu'", "Did you mean status?"],
  ["run v1_stess", 'found "v1_stess", did you mean "v1_stress"?', "lockbench list"],
  ["show v1_basc", 'did you mean "v1_basic"?'],
  ["up v1_strss", 'did you mean "v1_stress"?'],
  ["run v1_stress --usres 3", "unknown option '--usres'", "Did you mean --users?"],
  ["run v1_stress --lock fif", 'did you mean "fifo"?'],
  ["run", "expected at least one name, glob or path"],
  ["run nothing_*", "nothing_*"],
  ["run ./no-such-folder", "no-such-folder"],
  ["run v1_basic --users 0", "--users", "at least 1"],
  ["run v1_basic --users -5", "--users"],
  ["run v1_basic --users 1e3", 'error: --users: expected a whole number, found "1e3"'],
  ["run v1_basic --stock 0", "--stock", "from 1"],
  ["run v1_basic --repeat 0", "--repeat", "at least 1"],
  ["run v1_basic --run-time 5", "--run-time", "500ms, 10s or 2m"],
  ["run v1_basic --spawn-rate 0", "--spawn-rate"],
  ["run v1_basic --replicas 0", "--replicas"],
  ["run v1_basic --port 70000", "--port", "65535"],
  ["run v1_basic --stack moon", "--stack", "local"],
  ["run v1_basic --lock fifo,,lua", "--lock"],
  ["run v1_basic --results=", "--results", "a folder"],
  ["list extra", "too many arguments"],
  ["verify", "no run is kept", "lockbench run"],
  ["inspect stok", 'error: what: expected stock, locks, purchases, found "stok"'],
  ["completion tcsh", 'error: shell: expected bash, zsh, fish, found "tcsh"'],
  ["init a/b", "a name"],
  ["init --help-me", "--help-me"],
];

describe("a mistake in what was typed", () => {
  it.each(MISTAKES)("is explained, ends with exit code 2, and starts nothing: lockbench %s", async (typed, ...said) => {
    const place = aPlace();
    const ended = await place.lockbench(typed);
    expect(ended.exit, ended.stderr).toBe(2);
    for (const text of said) expect(ended.stderr).toContain(text);
    expect(ended.stderr.trimEnd().split("\n").at(-1)).toMatch(/^exit 2: /);
    expect(ended.stdout).toBe("");
    expect([place.runtime, place.file("results")].filter((folder) => existsSync(folder))).toEqual([]);
  });
});

describe("mistakes in a scenario", () => {
  it("are all shown with file, line and column before anything is started", async () => {
    const place = aPlace();
    place.write(
      "my-shop/scenario.yaml",
      [
        "title: A sale",
        "target: ../no.target.yaml",
        "load:",
        "  buyers: many",
        "  spawnrate: 3",
        "products: []",
        "",
      ].join("\n"),
    );
    const ended = await place.lockbench("run ./my-shop");
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toMatch(/^my-shop\/scenario\.yaml:2:9: .*no\.target\.yaml/m);
    expect(ended.stderr).toMatch(/^my-shop\/scenario\.yaml:4:11: load\.buyers: expected .*found "many"/m);
    expect(ended.stderr).toMatch(/^my-shop\/scenario\.yaml:5:3: .*did you mean "spawn_rate"\?/m);
    expect(existsSync(place.runtime)).toBe(false);
  });

  it("in one of several scenarios keep all of them from being started", async () => {
    const place = aPlace();
    place.write("my-shop/scenario.yaml", "title: [unfinished\n");
    const ended = await place.lockbench("run v1_basic ./my-shop");
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toMatch(/my-shop\/scenario\.yaml:\d+:\d+: /);
    expect(existsSync(place.file("results"))).toBe(false);
  });
});

describe("a target on another machine", () => {
  const SCENARIO = `title: Somebody else's shop
stack: { redis: 0 }
target:
  url: "http://HOST:PORT"
  ready: { within: 100ms }
  purchase: { path: /buy, body: { buyer: "\${buyer}" } }
  outcomes: [{ status: 201, is: sold }]
  probes:
    stock: [{ http: { path: /stock, value: units } }]
products: [{ id: "1", stock: 5 }]
load: { buyers: 10 }
`;

  it.each(["run ./far", "up ./far"])("is refused before anything is sent: lockbench %s", async (typed) => {
    const place = aPlace();
    place.write("far/scenario.yaml", SCENARIO.replace("HOST", "192.0.2.1").replace("PORT", "8080"));
    const ended = await place.lockbench(typed);
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toMatch(/192\.0\.2\.1.*refused, it is outside the loopback range/);
    expect(ended.stderr).toContain("--allow-remote");
  });

  it("is refused when only its Redis is there", async () => {
    const place = aPlace();
    place.write(
      "far/scenario.yaml",
      SCENARIO.replace("HOST", "127.0.0.1")
        .replace("PORT", "8080")
        .replace("redis: 0", "redis: { external: ['redis://192.0.2.1:6379'] }"),
    );
    const ended = await place.lockbench("run ./far");
    expect(ended.exit, ended.stderr).toBe(2);
    expect(ended.stderr).toContain("redis://192.0.2.1:6379");
  });

  it("is asked once --allow-remote is given, shown with a name for this very machine", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const place = aPlace();
    // 0.0.0.0 is outside the loopback range by its letters, and leads here all the same.
    place.write("far/scenario.yaml", SCENARIO.replace("HOST", "0.0.0.0").replace("PORT", port));
    expect(await place.lockbench("run ./far")).toMatchObject({ exit: 2 });
    const ended = await place.lockbench("run ./far --allow-remote");
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toContain("server is not ready");
  });
});
