import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCompose } from "../../../src/stacks/docker/compose/read-compose.ts";
import { complaints, shopFolder } from "./reading.ts";

/** Marks the place that a complaint must point at; it is not part of the file. */
const HERE = "▶";

/** `compose.yml:line:column` of the mark. */
function marked(yaml: string): { readonly yaml: string; readonly place: string } {
  const before = yaml.slice(0, yaml.indexOf(HERE)).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { yaml: yaml.replace(HERE, ""), place: `compose.yml:${String(before.length)}:${String(column)}: ` };
}

type Case = readonly [what: string, yaml: string, complaint: string];

/** Keys of a service `app`, and what is wrong below `services.app.`. */
const IN_A_SERVICE: readonly Case[] = [
  ["a mistyped key", "▶imge: x", "imge: unknown key, expected one of image, build, "],
  [
    "a key that is not carried out",
    "▶network_mode: host",
    'network_mode: expected a key that lockbench carries out, found "network_mode"',
  ],
  ["secrets", "▶secrets: [a]", "secrets: expected a key that lockbench carries out"],
  ["extends", "▶extends: { service: b }", "extends: expected a key that lockbench carries out"],
  ["links", "▶links: [b]", "links: expected a key that lockbench carries out"],
  ["a port beyond the last", "ports: [▶65536]", "ports[0]: expected a port such as 8080"],
  ["ports in no order", 'ports: [▶"90-80"]', "ports[0]: expected a port such as"],
  ["ranges of two lengths", 'ports: [80, ▶"3000-3001:80-82"]', "ports[1]: expected a port such as"],
  ["a port on a host name", 'ports: [▶"localhost:80:80"]', "ports[0]: expected a port such as"],
  ["a port of another protocol", "ports: [▶80/sctp]", "ports[0]: expected a port such as"],
  [
    "a long port without its target",
    "ports: [▶{ published: 80 }]",
    "ports[0].target: expected a whole number from 1 to 65535, found nothing",
  ],
  [
    "an unknown key of a long port",
    "ports: [{ target: 80, ▶publishd: 80 }]",
    'ports[0].publishd: unknown key, expected one of target, published, host_ip, protocol, mode, found "publishd", did you mean "published"?',
  ],
  ["ports that are no list", "ports: ▶8080", "ports: expected a list of ports, found 8080"],
  ["an open quote", "command: ▶echo 'a", "command: expected a command as a text, with every quote closed"],
  ["a number in a command", "command: [sleep, ▶5]", "command[1]: expected a text, found 5"],
  [
    "a list as a value",
    "environment: { A: ▶[1] }",
    "environment.A: expected a text, a number, true or false, found a list of 1",
  ],
  [
    "an entry without a key",
    'environment: [▶"=1"]',
    'environment[0]: expected an entry such as "KEY=value" or "KEY", found "=1"',
  ],
  [
    "a test of no kind",
    "healthcheck: { test: ▶[redis-cli, ping] }",
    'healthcheck.test: expected a command as a text, or a list that begins with "CMD"',
  ],
  [
    "a test that is switched off",
    "healthcheck: ▶{ test: a, disable: true }",
    "healthcheck: expected no test beside `disable: true`",
  ],
  ["a start interval", "healthcheck: { ▶start_interval: 1s }", "healthcheck.start_interval: unknown key"],
  [
    "a duration without a unit",
    "healthcheck: { interval: ▶30 }",
    'healthcheck.interval: expected a duration such as "500ms", "1.5s" or "1m30s", found 30',
  ],
  ["a duration in an unknown unit", "stop_grace_period: ▶3 s", "stop_grace_period: expected a duration"],
  ["a relative target", 'volumes: [▶"./a:b"]', "volumes[0]: expected a mount such as"],
  ["a mode that is not carried out", "volumes: [▶/a:/b:z]", "volumes[0]: expected a mount such as"],
  [
    "a volume that is not declared",
    'volumes: [▶"data:/data"]',
    'volumes[0]: expected a volume of this file (none), found "data"',
  ],
  ["a bind of nothing", "volumes: [▶{ type: bind, target: /a }]", "volumes[0].source: expected a path, found nothing"],
  [
    "two mounts in one place",
    "volumes: [/a, ▶/etc:/a]",
    "volumes[1]: expected one mount in each place, found /a again",
  ],
  ["a size of nothing", "mem_limit: ▶0", 'mem_limit: expected a size such as "512m" or "1gb", found 0'],
  [
    "retries of another policy",
    "restart: ▶always:3",
    "restart: expected no, always, unless-stopped, on-failure or on-failure:5",
  ],
  [
    "other keys of deploy",
    "deploy: { ▶resources: {} }",
    'deploy.resources: unknown key, expected one of replicas, found "resources"',
  ],
  [
    "two numbers of containers",
    "deploy: { replicas: 2 }\n    scale: ▶3",
    "scale: expected what deploy.replicas says (2), found 3",
  ],
  [
    "a name for two containers",
    "scale: 2\n    container_name: ▶shop",
    "container_name: expected none, since a name fits one container, found 2 containers",
  ],
  [
    "a network that is not declared",
    "networks: [default, ▶bak]",
    'networks[1]: expected a network of this file (default), found "bak"',
  ],
  [
    "an address in a network",
    "networks: { default: { ▶ipv4_address: 10.0.0.2 } }",
    "networks.default.ipv4_address: unknown key, expected one of aliases",
  ],
  [
    "a number without end",
    "environment: { A: ▶.inf }",
    "environment.A: expected a text, a number, true or false, found Infinity",
  ],
  [
    "a service that is not there",
    "depends_on: [▶ap2]",
    'depends_on[0]: expected a service of this file (app), found "ap2", did you mean "app"?',
  ],
  [
    "a service that waits for itself",
    "depends_on: [▶app]",
    "depends_on[0]: expected an order in which services can start, found app → app",
  ],
  [
    "a restart along with another",
    "depends_on: { app: { condition: service_started, ▶restart: true } }",
    "depends_on.app.restart: unknown key",
  ],
  [
    "an unknown condition",
    "depends_on: { app: { condition: ▶service_helthy } }",
    'depends_on.app.condition: expected one of service_started, service_healthy, service_completed_successfully, found "service_helthy", did you mean "service_healthy"?',
  ],
  ["a build from a URL", "build: ▶https://example.com/shop.git", "build: expected the path of a folder"],
  ["a build from no folder", "build: ▶./nowhere", "build.context: expected a folder that exists, found no "],
  [
    "a Dockerfile in the Compose file",
    "build: { ▶dockerfile_inline: FROM scratch }",
    "build.dockerfile_inline: unknown key",
  ],
  [
    "a variable that must be set",
    "image: ▶${TAG:?say which}",
    "image: expected a value for TAG (say which), found nothing",
  ],
  [
    "a broken variable",
    "image: ▶${TAG",
    'image: expected a variable such as ${TAG}, ${TAG:-latest} or ${TAG:?why}, or $$ for a dollar sign, found "${TAG"',
  ],
  ["a truth value that is none", "read_only: ▶yes", 'read_only: expected true or false, found "yes"'],
  ["a key without its value", "ports:▶", "ports: expected a list of ports, found an empty value"],
];

const IN_A_FILE: readonly Case[] = [
  ["no services", "▶volumes: { a: }", "services: expected a mapping of at least one service, found nothing"],
  [
    "a service without an image",
    "services:\n  ▶app: { user: root }",
    "services.app: expected image or build, found neither",
  ],
  [
    "an empty service",
    "services:\n  app:▶",
    "services.app: expected a mapping of image or build, ports, …, found an empty value",
  ],
  [
    "a service with an odd name",
    'services:\n  ▶"a b": { image: shop }',
    'services.a b: expected a name of letters, digits and _ . -, found "a b"',
  ],
  [
    "secrets",
    "services: { a: { image: b } }\n▶secrets: { x: { file: y } }",
    'secrets: expected a key that lockbench carries out, found "secrets"',
  ],
  ["include", "▶include: [x.yml]\nservices: { a: { image: b } }", "include: expected a key that lockbench carries out"],
  [
    "a mistyped section",
    "services: { a: { image: b } }\n▶volume: {}",
    'volume: unknown key, expected one of version, name, services, networks, volumes, found "volume", did you mean "volumes"?',
  ],
  [
    "a name that is none",
    "name: ▶My Shop\nservices: { a: { image: b } }",
    'name: expected a project name of lower-case letters, digits, _ and -, beginning with a letter or digit, found "My Shop"',
  ],
  [
    "an external network with a driver",
    "services: { a: { image: b } }\nnetworks: { n: ▶{ external: true, driver: bridge } }",
    "networks.n: expected no driver, labels or internal beside `external: true`",
  ],
  [
    "options of a volume's driver",
    "services: { a: { image: b } }\nvolumes: { v: { ▶driver_opts: {} } }",
    "volumes.v.driver_opts: unknown key",
  ],
  [
    "a key given twice",
    "services:\n  a: { image: b }\n  ▶a: { image: c }",
    "YAML: duplicate key, expected each key once in a mapping, found it again here",
  ],
  [
    "an alias of no anchor",
    "services: { a: { image: ▶*nope } }",
    "YAML: expected the name of an anchor (&nope) further up, found *nope",
  ],
  [
    "an alias of no anchor to be merged in",
    "services: { a: { <<: ▶*nope, image: b } }",
    "YAML: expected the name of an anchor (&nope) further up, found *nope",
  ],
  [
    "two documents",
    "services: { a: { image: b } }\n▶---\nservices: {}",
    "YAML: expected one document, found that another begins here",
  ],
  ["no YAML", "services: { a: { image: b }\n▶", "YAML: "],
  ["an unknown tag", "services: { a: { image: ▶!reset b } }", "YAML: Unresolved tag: !reset"],
  [
    "an alias of what it stands in",
    "services: { a: { image: b, labels: &l { x: ▶*l } } }",
    "services.a.labels.x: expected a value that ends, found an alias of what it stands in",
  ],
  [
    "no mapping at all",
    "▶just a text",
    'the file: expected a mapping of services, networks and volumes, found "just a text"',
  ],
  ["an empty file", "▶", "the file: expected a mapping of services, networks and volumes, found an empty value"],
  [
    "a circle",
    "services:\n  a: { image: i, depends_on: { b: { condition: service_started } } }\n  b: { image: i, depends_on: { ▶c: { condition: service_started } } }\n  c: { image: i, depends_on: [b] }",
    "services.b.depends_on.c: expected an order in which services can start, found b → c → b",
  ],
  [
    "a dependency on a service that does not start",
    "services:\n  a: { image: i, depends_on: [▶b] }\n  b: { image: i, profiles: [debug] }",
    "services.a.depends_on[0]: expected a service that starts, found one of the profile debug alone",
  ],
  [
    "two services with one container's name",
    "services:\n  a: { image: i, container_name: shop }\n  b: { image: i, container_name: ▶shop }",
    "services.b.container_name: expected a name of its own, found that of a",
  ],
];

describe("a Compose file with a mistake", () => {
  it.each(IN_A_SERVICE)("is refused for %s in a service", async (_, keys, complaint) => {
    const { yaml, place } = marked(
      `services:\n  app:\n    ${keys}\n${keys.includes("image:") ? "" : "    image: shop\n"}`,
    );
    const found = await complaints(yaml);
    expect(found.join("\n")).toContain(`${place}services.app.${complaint}`);
    expect(found).toHaveLength(1);
  });

  it.each(IN_A_FILE)("is refused for %s", async (_, text, complaint) => {
    const { yaml, place } = marked(text);
    const found = await complaints(yaml);
    expect(found.join("\n")).toContain(place + complaint);
    expect(found).toHaveLength(1);
  });

  it("is told everything at once, in the order of the file", async () => {
    const found = await complaints(`services:
  a:
    imge: x
    ports: [x, 99999]
    image: \${X?}
  b: { image: i, mem_limit: much, depends_on: [c] }
volumes: []
`);
    expect(found.map((line) => line.split(" ")[0])).toEqual([
      "compose.yml:3:5:",
      "compose.yml:4:13:",
      "compose.yml:4:16:",
      "compose.yml:5:12:",
      "compose.yml:6:29:",
      "compose.yml:6:48:",
      "compose.yml:7:10:",
    ]);
  });

  it("is told what its variables do wrong, but not what follows from it", async () => {
    expect(await complaints("services: { a: { image: i, ports: ['${P?}:80', '$P:80'] } }", {})).toHaveLength(1);
  });

  it("is named in the error, with what to do about it", async () => {
    const file = join(await shopFolder({ "compose.yml": "services: {}" }), "compose.yml");
    await expect(readCompose({ file, variables: {}, profiles: [] })).rejects.toMatchObject({
      code: "INVALID_COMPOSE_FILE",
      exit: 2,
      message: expect.stringContaining(`Compose file ${file} cannot be used: 1 mistake\n`) as string,
      hint: expect.stringContaining("correct these lines") as string,
    });
  });

  it("that is not there is named", async () => {
    const folder = await shopFolder({});
    const file = join(folder, "compose.yml");
    await expect(readCompose({ file, variables: {}, profiles: [] })).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining(`Compose file: cannot read ${file}`) as string,
    });
  });

  it("is refused for a number of containers of a service that it has not", async () => {
    expect(await complaints("services: { a: { image: i } }", { scale: { b: 2 } })).toEqual([
      'compose.yml:1:11: services: expected a service "b" to scale, found a',
    ]);
  });
});
