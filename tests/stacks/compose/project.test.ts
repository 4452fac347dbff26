import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nameOfFolder } from "../../../src/stacks/docker/compose/project-name.ts";
import { complaints, read, readApp } from "./reading.ts";

describe("the name of a project", () => {
  const yaml = "services: { app: { image: shop } }";

  it("is the folder's, in lower case and without what a name cannot hold", async () => {
    expect((await read(yaml)).name).toBe("shop");
    expect(nameOfFolder("/srv/_My Sale.2-x")).toBe("mysale2-x");
  });

  it("is what the file says, and above all what the caller says", async () => {
    const named = `name: \${WHO:-sale}\n${yaml}`;
    expect((await read(named)).name).toBe("sale");
    expect((await read(named, { variables: { WHO: "us" } })).name).toBe("us");
    expect((await read(named, { projectName: "mine" })).name).toBe("mine");
  });

  it("is known to the rest of the file", async () => {
    const { services } = await read("name: sale\nservices: { app: { image: '${COMPOSE_PROJECT_NAME}/app' } }");
    expect(services[0]?.image).toBe("sale/app");
  });
});

describe("networks and volumes", () => {
  const yaml = `
name: sale
services:
  app:
    image: shop
    networks: [front, outer]
    volumes: [data:/data, given:/given, named:/named]
  redis:
    image: redis
    networks: { front: { aliases: [cache, store] }, default: }
  alone:
    image: redis
networks:
  front: { internal: true, driver: bridge, labels: { a: 1 } }
  outer: { external: true }
  unused:
volumes:
  data:
  given: { external: true, name: somebodys }
  named: { name: just-so, driver: local, labels: [b=2] }
  unused:
`;

  it("are named as docker compose names them, and only those in use are there", async () => {
    const { networks, volumes, services } = await read(yaml);
    expect(networks).toEqual([
      { key: "front", name: "sale_front", driver: "bridge", internal: true, labels: { a: "1" }, external: false },
      { key: "outer", name: "outer", driver: null, internal: false, labels: {}, external: true },
      { key: "default", name: "sale_default", driver: null, internal: false, labels: {}, external: false },
    ]);
    expect(volumes).toEqual([
      { key: "data", name: "sale_data", driver: null, labels: {}, external: false },
      { key: "given", name: "somebodys", driver: null, labels: {}, external: true },
      { key: "named", name: "just-so", driver: "local", labels: { b: "2" }, external: false },
    ]);
    expect(services.map((service) => service.networks)).toEqual([
      [
        { network: "front", aliases: [] },
        { network: "outer", aliases: [] },
      ],
      [
        { network: "front", aliases: ["cache", "store"] },
        { network: "default", aliases: [] },
      ],
      [{ network: "default", aliases: [] }],
    ]);
  });

  it("has a default network that the file may shape", async () => {
    const { networks } = await read("services: { app: { image: shop } }\nnetworks: { default: { name: bridge-2 } }");
    expect(networks).toMatchObject([{ key: "default", name: "bridge-2" }]);
  });
});

describe("profiles", () => {
  const yaml = `
services:
  app: { image: shop, depends_on: { debug: { condition: service_started, required: false } } }
  debug: { image: shop, profiles: [debug, all] }
  load: { image: shop, profiles: [load], volumes: [data:/data] }
volumes: { data: }
`;
  const namesWith = async (...profiles: readonly string[]) =>
    (await read(yaml, { profiles })).services.map(({ name }) => name);

  it("keep out the services that nobody asked for, and their volumes", async () => {
    expect(await namesWith()).toEqual(["app"]);
    expect((await read(yaml)).volumes).toEqual([]);
    expect(await namesWith("all")).toEqual(["app", "debug"]);
    expect(await namesWith("debug", "load")).toEqual(["app", "debug", "load"]);
    expect(await namesWith("*")).toEqual(["app", "debug", "load"]);
  });

  it("drop a dependency that is not required", async () => {
    expect((await read(yaml)).services[0]?.dependsOn).toEqual([]);
    expect((await read(yaml, { profiles: ["debug"] })).services[0]?.dependsOn).toEqual([
      { service: "debug", condition: "service_started" },
    ]);
  });
});

describe("where variables come from", () => {
  it("takes the caller's over those of .env, and .env over defaults", async () => {
    const files = { ".env": "TAG=file\nOTHER=also" };
    const yaml = "services: { app: { image: 'shop:${TAG:-none}-${OTHER:-none}-${THIRD:-none}' } }";
    expect((await read(yaml, { files, variables: { TAG: "caller" } })).services[0]?.image).toBe(
      "shop:caller-also-none",
    );
  });

  it("warns of one that is not set, with its place", async () => {
    const { services, warnings } = await read("services:\n  app: { image: 'shop$TAG' }");
    expect(services[0]?.image).toBe("shop");
    expect(warnings).toEqual([expect.stringMatching(/compose\.yml:2:17: services\.app\.image: TAG is not set/)]);
  });

  it("leaves keys and extensions as they are", async () => {
    const { services, warnings } = await read(
      "x-note: ${\nservices: { app: { image: shop, environment: { $A: $$A }, labels: { '${B}': b } } }",
    );
    expect(services[0]).toMatchObject({ environment: { $A: "$A" }, labels: { "${B}": "b" } });
    expect(warnings).toEqual([]);
  });
});

describe("env_file", () => {
  const files = { "one.env": "A=one\nB=one\nHOME\nLOST", "two.env": "B=two$A\nC='$A'" };

  it("is read in order, under what environment says", async () => {
    const app = await readApp("env_file: [one.env, two.env]\nenvironment: { C: last }", {
      files,
      variables: { HOME: "/root" },
    });
    expect(app.environment).toEqual({ A: "one", B: "twoone", C: "last", HOME: "/root" });
  });

  it("may be missing only where it says so", async () => {
    expect((await readApp("env_file: [{ path: none.env, required: false }]")).environment).toEqual({});
    expect(await complaints("services:\n  app:\n    image: shop\n    env_file: none.env")).toEqual([
      expect.stringMatching(
        /^compose\.yml:4:15: services\.app\.env_file\[0\]: expected a file .*found no .*none\.env$/,
      ),
    ]);
  });

  it("tells of its mistakes under its own name", async () => {
    expect(
      await complaints("services: { app: { image: shop, env_file: [bad.env] } }", { files: { "bad.env": "A=1\n=2" } }),
    ).toEqual([expect.stringMatching(/^bad\.env:2:1: expected an entry such as KEY=value/)]);
  });
});

describe("build", () => {
  it("resolves the context against the file, and the Dockerfile against the context", async () => {
    const files = { "app/Dockerfile": "FROM scratch", "docker/Other": "FROM scratch" };
    const { services, folder } = await read(
      `services:
  short: { build: ./app }
  long:
    build: { context: app, dockerfile: ../docker/Other, args: [A=1, HOME, LOST], target: final, labels: { a: 1 } }
    image: shop:built
`,
      { files, variables: { HOME: "/root" } },
    );
    expect(services.map(({ build, image }) => ({ build, image }))).toEqual([
      {
        image: null,
        build: {
          context: join(folder, "app"),
          dockerfile: join(folder, "app/Dockerfile"),
          args: {},
          target: null,
          labels: {},
        },
      },
      {
        image: "shop:built",
        build: {
          context: join(folder, "app"),
          dockerfile: join(folder, "docker/Other"),
          args: { A: "1", HOME: "/root" },
          target: "final",
          labels: { a: "1" },
        },
      },
    ]);
  });
});

describe("depends_on and scale", () => {
  it("reads dependencies in both forms", async () => {
    const { services } = await read(`services:
  a: { image: shop, depends_on: [b] }
  b: { image: shop, depends_on: { c: { condition: service_healthy }, d: { condition: service_completed_successfully } } }
  c: { image: shop }
  d: { image: shop }
`);
    expect(services.map(({ dependsOn }) => dependsOn)).toEqual([
      [{ service: "b", condition: "service_started" }],
      [
        { service: "c", condition: "service_healthy" },
        { service: "d", condition: "service_completed_successfully" },
      ],
      [],
      [],
    ]);
  });

  it("takes the caller's number of containers over the file's", async () => {
    expect((await readApp("scale: 2", { scale: { app: 5 } })).scale).toBe(5);
    expect((await readApp("scale: 2", { scale: { app: 0 } })).scale).toBe(0);
  });
});

describe("anchors and merge keys", () => {
  it("merges mappings and lists of them; the key of the mapping itself wins, then the first of the list", async () => {
    const { services } = await read(`
x-one: &one { image: one, user: "1", labels: &labels { a: "1" } }
x-two: &two { image: two, hostname: two }
services:
  app: { <<: [*one, *two], image: own }
  second: { <<: *two, labels: { <<: *labels, b: "2" } }
`);
    expect(services).toMatchObject([
      { image: "own", user: "1", hostname: "two", labels: { a: "1" } },
      { image: "two", hostname: "two", labels: { a: "1", b: "2" } },
    ]);
  });

  it("points at the place where a merged value was written", async () => {
    const yaml = "x-base: &base\n  mem_limit: much\nservices:\n  app:\n    <<: *base\n    image: shop";
    expect(await complaints(yaml)).toEqual([expect.stringMatching(/^compose\.yml:2:14: services\.app\.mem_limit: /)]);
  });
});
