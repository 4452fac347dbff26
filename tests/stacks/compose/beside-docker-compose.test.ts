import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { type ReadProject, readCompose } from "../../../src/stacks/docker/compose/read-compose.ts";
import { shopFolder } from "./reading.ts";

/** Files that both understand; what differs is in the comments. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "variables from everywhere": {
    "compose.yml": `
services:
  app:
    image: "shop:\${TAG:-latest}"
    environment:
      A: \${OUTER}
      B: "\${UNSET-default}/\${EMPTY-default}/\${EMPTY:-default}"
      C: "$$\${A} costs $$5"
      D: \${FILE}
      PASSED:
      LOST:
    env_file: [one.env]
    labels: ["tag=\${TAG:-none}", "plain"]
`,
    ".env": "FILE=from-file\nOUTER=not-this",
    "one.env": "A=hidden\nE=one\n# comment\nF=a=b\n",
  },
  "ports, health and order": {
    "compose.yml": `
version: "2.4"
services:
  app:
    image: shop
    ports: ["8080", "127.0.0.1:8081:81", "9000-9001:90-91", "53:53/udp", "127.0.0.1::82"]
    expose: ["3000", "4000/tcp"]
    depends_on: { redis: { condition: service_healthy }, once: { condition: service_started } }
    mem_limit: 64m
    restart: "on-failure:3"
    stop_grace_period: 1m5s
    stop_signal: SIGINT
    scale: 2
    init: true
    read_only: true
  redis:
    image: redis
    command: ["redis-server", "--save", ""]
    entrypoint: ["docker-entrypoint.sh"]
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1m30s, timeout: 500ms, retries: 5, start_period: 1.5s }
  once:
    image: shop
    healthcheck: { test: "true", interval: 10s }
    hostname: once
    container_name: the-once
    user: "1000:1000"
    working_dir: /srv
`,
  },
  "mounts, networks and anchors": {
    "compose.yml": `
version: "2.4"
x-base: &base
  image: shop
  cap_add: [NET_ADMIN]
  cap_drop: [ALL]
  security_opt: [no-new-privileges:true]
services:
  app:
    <<: *base
    volumes: [data:/data, ./conf:/conf:ro, /etc/hosts:/hosts, ~/x:/home, /cache]
    tmpfs: [/run, "/tmp:size=64m"]
    networks: { back: { aliases: [shop, store] }, default: }
    extra_hosts: ["db:10.0.0.5"]
  other:
    <<: [*base]
    image: other
    build: { context: ./app, dockerfile: Other, args: { A: 1, PASSED: }, target: final, labels: [a=1] }
    networks: [back]
networks:
  back: { internal: true, driver: bridge, labels: { a: "1" } }
volumes:
  data: { labels: { keep: "no" } }
`,
    "app/Other": "FROM scratch AS final",
  },
  "long forms of version 3": {
    "compose.yml": `
version: "3.8"
services:
  app:
    image: shop
    ports:
      - { target: 80, published: 8080, protocol: udp, mode: host }
      - { target: 81 }
    volumes:
      - { type: volume, source: data, target: /data, read_only: true }
      - { type: bind, source: ./conf, target: /conf }
      - { type: tmpfs, target: /run }
      - { type: volume, target: /cache }
    depends_on: [redis]
    extra_hosts: { db: 10.0.0.5 }
    environment: { WORD: "on", NUMBER: 1e3, DECIMAL: 1.50, OCTAL: 0755, GROUPS: 1_000, BINARY: 0b11, HEX: 0x1F, LONG: 12345678901234567890 }
    healthcheck: { disable: true }
    networks: [outer, default]
  redis: { image: redis, networks: { default: } }
networks:
  default: { name: just-so }
  outer: { external: true, name: theirs }
volumes:
  data: { external: true }
`,
  },
};

const VARIABLES = { OUTER: "outer", EMPTY: "", PASSED: "passed", HOME: "/home/me" };

describe("beside Debian's docker-compose", () => {
  let missing = false;
  beforeAll(async () => {
    missing = (await execa("docker-compose", ["version"], { reject: false })).exitCode !== 0;
  });

  it.for(Object.entries(FILES))("understands the same of %s", async ([, files], context) => {
    if (missing) context.skip("docker-compose is not installed");
    const folder = await shopFolder(files);
    const { stdout } = await execa("docker-compose", ["-f", "compose.yml", "config"], { cwd: folder, env: VARIABLES });
    await writeFile(join(folder, "resolved.yml"), stdout);
    const [ours, theirs] = await Promise.all([
      readCompose({ file: join(folder, "compose.yml"), variables: VARIABLES, profiles: [] }),
      readCompose({ file: join(folder, "resolved.yml"), variables: {}, profiles: [] }),
    ]);
    expect(comparable(ours)).toEqual(comparable(theirs));
  });
});

/** Without places and order, which docker-compose does not keep. */
function comparable({ file: _, ...project }: ReadProject) {
  const byKey = <Value>(values: readonly Value[], key: (value: Value) => string) =>
    Object.fromEntries(values.map((value) => [key(value), value]));
  const services = project.services.map(({ at: _at, ...service }) => ({
    ...service,
    dependsOn: byKey(service.dependsOn, ({ service: name }) => name),
    networks: byKey(service.networks, ({ network }) => network),
  }));
  return {
    ...project,
    warnings: [],
    services: byKey(services, ({ name }) => name),
    networks: byKey(project.networks, ({ key }) => key),
    volumes: byKey(project.volumes, ({ key }) => key),
  };
}
