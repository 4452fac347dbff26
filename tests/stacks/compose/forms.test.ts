import { describe, expect, it } from "vitest";
import { readApp } from "./reading.ts";

/** `keys` of a service, and what must be the same in what is read of it. */
type Form = readonly [keys: string, service: Readonly<Record<string, unknown>>];

const port = (containerPort: number, hostPorts: readonly [number, number] | null = null, rest = {}) => ({
  containerPort,
  protocol: "tcp",
  hostAddress: "",
  hostPorts,
  ...rest,
});

const PORTS: readonly Form[] = [
  ["ports: [8080]", { ports: [port(8080)] }],
  ['ports: ["8080:80"]', { ports: [port(80, [8080, 8080])] }],
  ["ports: [8080:80]", { ports: [port(80, [8080, 8080])] }],
  ["ports: [22:22]", { ports: [port(22, [22, 22])] }],
  [
    'ports: ["127.0.0.1:8080:80/udp"]',
    { ports: [port(80, [8080, 8080], { hostAddress: "127.0.0.1", protocol: "udp" })] },
  ],
  ['ports: ["127.0.0.1::80"]', { ports: [port(80, null, { hostAddress: "127.0.0.1" })] }],
  ['ports: ["[::1]:8080:80"]', { ports: [port(80, [8080, 8080], { hostAddress: "::1" })] }],
  ['ports: ["0:80", ":81"]', { ports: [port(80), port(81)] }],
  ['ports: ["3000-3002"]', { ports: [port(3000), port(3001), port(3002)] }],
  ['ports: ["9090-9091:8080-8081"]', { ports: [port(8080, [9090, 9090]), port(8081, [9091, 9091])] }],
  ['ports: ["9000-9005:80"]', { ports: [port(80, [9000, 9005])] }],
  ["ports: [80, 80]", { ports: [port(80)] }],
  ["ports: [{ target: 80 }]", { ports: [port(80)] }],
  [
    'ports: [{ target: "80", published: "8080", host_ip: 127.0.0.1, protocol: udp, mode: host }]',
    {
      ports: [port(80, [8080, 8080], { hostAddress: "127.0.0.1", protocol: "udp" })],
    },
  ],
  ['ports: [{ target: 80, published: "8080-8090" }]', { ports: [port(80, [8080, 8090])] }],
  ['expose: [6379, "53/udp", "3000-3001", 6379]', { expose: ["6379/tcp", "53/udp", "3000/tcp", "3001/tcp"] }],
];

const COMMANDS: readonly Form[] = [
  ["command: [node, server.js]", { command: ["node", "server.js"] }],
  ["command: node  server.js", { command: ["node", "server.js"] }],
  [`command: sh -c 'a "b" $$C && d' "e f" g\\ h ""`, { command: ["sh", "-c", 'a "b" $C && d', "e f", "g h", ""] }],
  [`command: '"a\\"b\\n" ''x''y'`, { command: ['a"b\\n', "xy"] }],
  ["command: ~", { command: null }],
  ["command: []", { command: [] }],
  ['command: ""', { command: [] }],
  ["entrypoint: /bin/app --flag", { entrypoint: ["/bin/app", "--flag"] }],
];

const ENVIRONMENT: readonly Form[] = [
  [
    "environment: { A: 1, B: text, C: true, D: 1.5, E: '' }",
    {
      environment: { A: "1", B: "text", C: "true", D: "1.5", E: "" },
    },
  ],
  ["environment: [A=1, 'B=x=y', C=, HOME]", { environment: { A: "1", B: "x=y", C: "", HOME: "/home/me" } }],
  ["environment: { HOME: , NOWHERE: }", { environment: { HOME: "/home/me" } }],
  ["environment: { A: 12345678901234567890 }", { environment: { A: "12345678901234567890" } }],
  [
    "environment: { A: no, B: 0755, C: 0o17, D: 089, E: 22:22 }",
    { environment: { A: "no", B: "493", C: "15", D: "89", E: "22:22" } },
  ],
  [
    "environment: { A: 1_000, B: 0b11, C: -0_17, D: _1, E: 0b2, F: -1_0 }",
    { environment: { A: "1000", B: "3", C: "-15", D: "_1", E: "0b2", F: "-10" } },
  ],
  ["environment: { x-a: 1 }", { environment: { "x-a": "1" } }],
  ["labels: { a.b: 1, c: }", { labels: { "a.b": "1", c: "" } }],
  ["labels: [a=1, b]", { labels: { a: "1", b: "" } }],
];

const HEALTH = { test: null, intervalMs: null, timeoutMs: null, startPeriodMs: null, retries: null };
const HEALTHCHECKS: readonly Form[] = [
  ["healthcheck: { test: redis-cli ping }", { healthcheck: { ...HEALTH, test: ["CMD-SHELL", "redis-cli ping"] } }],
  ["healthcheck: { test: [CMD, redis-cli, ping] }", { healthcheck: { ...HEALTH, test: ["CMD", "redis-cli", "ping"] } }],
  ["healthcheck: { test: [NONE] }", { healthcheck: { ...HEALTH, test: ["NONE"] } }],
  ["healthcheck: { disable: true }", { healthcheck: { ...HEALTH, test: ["NONE"] } }],
  [
    "healthcheck: { interval: 1m30s, timeout: 500ms, start_period: 1.5s, retries: 3 }",
    {
      healthcheck: { ...HEALTH, intervalMs: 90_000, timeoutMs: 500, startPeriodMs: 1500, retries: 3 },
    },
  ],
  [
    "healthcheck: { interval: 1h0.5m, timeout: 250us, retries: '${R:-7}' }",
    {
      healthcheck: { ...HEALTH, intervalMs: 3_630_000, timeoutMs: 0.25, retries: 7 },
    },
  ],
];

const MOUNTS: readonly Form[] = [
  ["volumes: [/cache]", { mounts: [{ kind: "volume", volume: null, target: "/cache", readOnly: false }] }],
  [
    "volumes: [/etc/shop:/etc/app:ro]",
    {
      mounts: [{ kind: "bind", source: "/etc/shop", target: "/etc/app", readOnly: true }],
    },
  ],
  [
    "volumes: [~/shop:/shop:rw]",
    {
      mounts: [{ kind: "bind", source: "/home/me/shop", target: "/shop", readOnly: false }],
    },
  ],
  [
    "volumes: [{ type: volume, target: /cache, read_only: true }]",
    {
      mounts: [{ kind: "volume", volume: null, target: "/cache", readOnly: true }],
    },
  ],
  [
    "volumes: [{ type: bind, source: /etc/shop, target: /shop }]",
    {
      mounts: [{ kind: "bind", source: "/etc/shop", target: "/shop", readOnly: false }],
    },
  ],
  [
    'volumes: [{ type: tmpfs, target: /run, tmpfs: { size: 64m, mode: "1777" } }]',
    {
      mounts: [{ kind: "tmpfs", target: "/run", options: "size=67108864,mode=1777" }],
    },
  ],
  ["tmpfs: /run", { mounts: [{ kind: "tmpfs", target: "/run", options: "" }] }],
  [
    'tmpfs: ["/run:size=64m,mode=700", /tmp]',
    {
      mounts: [
        { kind: "tmpfs", target: "/run", options: "size=64m,mode=700" },
        { kind: "tmpfs", target: "/tmp", options: "" },
      ],
    },
  ],
];

const MB = 1024 * 1024;
const OTHERS: readonly Form[] = [
  ["mem_limit: 512m", { memoryBytes: 512 * MB }],
  ["mem_limit: 64000000", { memoryBytes: 64_000_000 }],
  ["mem_limit: 64000000b", { memoryBytes: 64_000_000 }],
  ["mem_limit: 1.5gb", { memoryBytes: 1536 * MB }],
  ["mem_limit: 65536KB", { memoryBytes: 64 * MB }],
  ["mem_limit: 1GiB", { memoryBytes: 1024 * MB }],
  ["restart: no", { restart: { name: "no", maximumRetries: 0 } }],
  ["restart: on-failure:5", { restart: { name: "on-failure", maximumRetries: 5 } }],
  ["restart: unless-stopped", { restart: { name: "unless-stopped", maximumRetries: 0 } }],
  ["stop_grace_period: 1m\nstop_signal: SIGINT", { stopGraceMs: 60_000, stopSignal: "SIGINT" }],
  ["scale: 3", { scale: 3 }],
  ["deploy: { replicas: 2 }", { scale: 2 }],
  ["pull_policy: if_not_present", { pullPolicy: "missing" }],
  [
    "user: 1000\nworking_dir: /srv\nhostname: shop\ncontainer_name: the-shop",
    {
      user: "1000",
      workingDir: "/srv",
      hostname: "shop",
      containerName: "the-shop",
    },
  ],
  ["read_only: true\ninit: '${INIT:-false}'", { readOnly: true, init: false }],
  [
    "cap_add: [NET_ADMIN]\ncap_drop: [ALL]\nsecurity_opt: [no-new-privileges:true]",
    {
      capAdd: ["NET_ADMIN"],
      capDrop: ["ALL"],
      securityOpt: ["no-new-privileges:true"],
    },
  ],
  [
    'extra_hosts: ["db:10.0.0.5", "six=::1", "seven:[::2]"]',
    {
      extraHosts: ["db:10.0.0.5", "six:::1", "seven:::2"],
    },
  ],
  ["extra_hosts: { host.docker.internal: host-gateway }", { extraHosts: ["host.docker.internal:host-gateway"] }],
  ["x-note: { anything: [goes] }\nhealthcheck: { x-why: 1, retries: 2 }", { healthcheck: { ...HEALTH, retries: 2 } }],
];

describe("what a service may say", () => {
  it.each([...PORTS, ...COMMANDS, ...ENVIRONMENT, ...HEALTHCHECKS, ...MOUNTS, ...OTHERS])(
    "reads %s",
    async (keys, service) => {
      expect(await readApp(keys, { variables: { HOME: "/home/me" } })).toMatchObject(service);
    },
  );

  it("leaves to the image and the engine whatever it does not say", async () => {
    const { at, ...service } = await readApp("");
    expect(at).toMatch(/compose\.yml:2:3$/);
    expect(service).toEqual({
      name: "app",
      image: "shop",
      build: null,
      pullPolicy: "missing",
      command: null,
      entrypoint: null,
      environment: {},
      ports: [],
      expose: [],
      dependsOn: [],
      healthcheck: null,
      labels: {},
      networks: [{ network: "default", aliases: [] }],
      mounts: [],
      memoryBytes: null,
      restart: { name: "no", maximumRetries: 0 },
      stopGraceMs: null,
      stopSignal: null,
      scale: 1,
      user: null,
      workingDir: null,
      hostname: null,
      containerName: null,
      readOnly: false,
      init: null,
      capAdd: [],
      capDrop: [],
      securityOpt: [],
      extraHosts: [],
    });
  });
});
