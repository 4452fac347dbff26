import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { engineAddress } from "../../../../src/stacks/docker/engine/address.ts";
import { connectEngine } from "../../../../src/stacks/docker/engine/connect.ts";
import { engineUnderTest } from "../../../support/engine.ts";
import { temporaryFolder } from "../../../support/folders.ts";
import { freePort } from "../../../support/free-port.ts";

const CONTEXT_META = (name: string, host: string): string =>
  JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });

describe("where the engine is", () => {
  it("is said by DOCKER_HOST before anything else", () => {
    const home = homeWith({ current: "mine", contexts: { mine: "tcp://127.0.0.1:1" } });
    expect(engineAddress({ HOME: home, DOCKER_HOST: "tcp://127.0.0.1:2375", DOCKER_CONTEXT: "mine" })).toEqual({
      address: "tcp://127.0.0.1:2375",
      from: "DOCKER_HOST",
      certificates: null,
    });
    expect(engineAddress({ HOME: home, DOCKER_HOST: "127.0.0.1:2375" }).address).toBe("tcp://127.0.0.1:2375");
  });

  it("is said by the context of DOCKER_CONTEXT, or by the current one", () => {
    const home = homeWith({
      current: "mine",
      contexts: { mine: "unix:///run/user/1000/docker.sock", "the other": "tcp://127.0.0.1:7" },
    });
    expect(engineAddress({ HOME: home })).toEqual({
      address: "unix:///run/user/1000/docker.sock",
      from: 'context "mine"',
      certificates: null,
    });
    expect(
      engineAddress({ HOME: "/nowhere", DOCKER_CONFIG: join(home, ".docker"), DOCKER_CONTEXT: "the other" }),
    ).toMatchObject({
      address: "tcp://127.0.0.1:7",
      from: 'context "the other"',
    });
    expect(engineAddress({ HOME: home, DOCKER_CONTEXT: "default" }).from).toMatch(/the (default|rootless) socket/);
  });

  it("is the default socket where nothing is said", () => {
    expect(engineAddress({ HOME: "/nowhere" })).toMatchObject({
      address: "unix:///var/run/docker.sock",
      from: "the default socket",
    });
  });

  it("has certificates where they are asked for", () => {
    const host = { HOME: "/home/me", DOCKER_HOST: "tcp://127.0.0.1:2376" };
    expect(engineAddress({ ...host, DOCKER_TLS_VERIFY: "1" }).certificates).toBe("/home/me/.docker");
    expect(engineAddress({ ...host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" }).certificates).toBe("/certs");
    expect(engineAddress({ ...host, DOCKER_CERT_PATH: "/certs" }).certificates).toBeNull();
  });

  it.each([
    [{ DOCKER_HOST: "ssh://me@far" }, /ssh:\/\/me@far, which lockbench cannot use/],
    [{ DOCKER_HOST: "npipe:////./pipe/docker_engine" }, /npipe:.*cannot use/],
    [{ DOCKER_HOST: "ftp://127.0.0.1" }, /DOCKER_HOST: expected an address such as .*found "ftp:\/\/127.0.0.1"/],
    [{ DOCKER_HOST: "tcp://" }, /expected an address/],
    [{ DOCKER_CONTEXT: "gone" }, /context "gone": expected it in .*meta\.json, found no such file/],
  ])("is refused by name: %j", (env, message) => {
    const refusal = expect.objectContaining({ exit: 2, message: expect.stringMatching(message) as string }) as Error;
    expect(() => engineAddress({ HOME: "/nowhere", ...env })).toThrow(refusal);
  });

  it("is not guessed where Docker's settings cannot be read", () => {
    const home = temporaryFolder();
    write(join(home, ".docker/config.json"), "{ not JSON");
    expect(() => engineAddress({ HOME: home })).toThrow(/cannot read .*config\.json/);
  });
});

describe("connecting to an engine", () => {
  it("says where it is and why there, whatever this process's own environment says", async (context) => {
    const { connection } = await engineUnderTest(context, []);
    expect((await connection.docker.version()).ApiVersion).toMatch(/^\d+\.\d+$/);
    const again = await connectEngine({ DOCKER_HOST: connection.address });
    expect(again).toMatchObject({ address: connection.address, from: "DOCKER_HOST" });
  });

  it("speaks to an engine behind tcp://", async () => {
    const address = await httpServer((_, response) => response.end("OK"));
    expect(await connectEngine({ DOCKER_HOST: address })).toMatchObject({ address });
  });

  it.each([
    [
      "no socket",
      "NO_ENGINE",
      /expected a socket, found none/,
      /systemctl start docker/,
      () => "unix:///nowhere/docker.sock",
    ],
    ["a socket that nobody listens on", "NO_ENGINE", /nobody listens there/, /systemctl start docker/, deadSocket],
    [
      "a file that is no socket",
      "NO_ENGINE",
      /expected a socket, found a file/,
      /correct DOCKER_HOST/,
      () => "unix:///etc/passwd",
    ],
    [
      "a port that nobody listens on",
      "NO_ENGINE",
      /nobody listens/,
      /start an engine/,
      async () => `tcp://127.0.0.1:${String(await freePort())}`,
    ],
    [
      "something that is silent",
      "ENGINE_SILENT",
      /awaited an answer for 0\.3 s, found none/,
      /docker info/,
      silentServer,
    ],
    [
      "something else",
      "NOT_AN_ENGINE",
      /it answered "hello"/,
      /look what listens/,
      () => httpServer((_, response) => response.end("hello")),
    ],
    [
      "something that refuses without a word",
      "NOT_AN_ENGINE",
      /: status 404, without a word$/,
      /look what listens/,
      () => httpServer((_, response) => response.writeHead(404).end()),
    ],
    [
      "something that refuses",
      "NOT_AN_ENGINE",
      /no, thanks/,
      /look what listens/,
      () => httpServer((_, response) => response.writeHead(404).end('{"message":"no, thanks"}')),
    ],
    [
      "something that wants encryption",
      "NOT_AN_ENGINE",
      /HTTPS server/,
      /DOCKER_TLS_VERIFY=1/,
      () => httpServer((_, response) => response.writeHead(400).end("Client sent an HTTP request to an HTTPS server.")),
    ],
  ])("tells what to do about %s", async (_, code, message, hint, start) => {
    const address = await start();
    const error = await connectEngine({ DOCKER_HOST: address }, { withinMs: 300 }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code,
      exit: 5,
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
    expect(String(error)).toContain(`no Docker engine answers at ${address} (DOCKER_HOST)`);
  });

  it("tells how to get the permission to use its socket", async (context) => {
    if (process.getuid?.() === 0) dropRoot(context.onTestFinished);
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const socket = join(folder, "docker.sock");
    await listening(createServer(), socket);
    chmodSync(socket, 0o000);
    await expect(connectEngine({ DOCKER_HOST: `unix://${socket}` })).rejects.toMatchObject({
      code: "ENGINE_PERMISSION",
      hint: expect.stringContaining("usermod -aG docker") as string,
    });
  });

  it("names certificates that are missing", async () => {
    const env = { DOCKER_HOST: "tcp://127.0.0.1:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" };
    await expect(connectEngine(env)).rejects.toThrow(/expected ca\.pem, cert\.pem and key\.pem in \/nowhere/);
  });
});

/** Root may use every socket; nobody may not. */
function dropRoot(onFinished: (undo: () => void) => void): void {
  process.seteuid?.(65_534);
  onFinished(() => process.seteuid?.(0));
}

function homeWith(config: { current: string; contexts: Readonly<Record<string, string>> }): string {
  const home = temporaryFolder();
  write(join(home, ".docker/config.json"), JSON.stringify({ currentContext: config.current }));
  for (const [name, host] of Object.entries(config.contexts)) {
    const key = createHash("sha256").update(name).digest("hex");
    write(join(home, ".docker/contexts/meta", key, "meta.json"), CONTEXT_META(name, host));
  }
  return home;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function httpServer(answer: RequestListener): Promise<string> {
  const port = await freePort();
  await listening(createHttpServer(answer), port);
  return `tcp://127.0.0.1:${String(port)}`;
}

async function silentServer(): Promise<string> {
  const port = await freePort();
  await listening(createServer(), port);
  return `tcp://127.0.0.1:${String(port)}`;
}

/** What is left of a server that was killed. */
function deadSocket(): string {
  const socket = join(temporaryFolder(), "docker.sock");
  // Whoever is killed leaves his socket behind.
  const listener = "net.createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
  spawnSync(process.execPath, ["-e", listener, socket]);
  return `unix://${socket}`;
}

async function listening(server: Server, where: number | string): Promise<void> {
  const open = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => open.add(socket));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => {
    if (typeof where === "number") server.listen(where, "127.0.0.1", resolve);
    else server.listen(where, resolve);
  });
}
