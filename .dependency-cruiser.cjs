// Which room may see which. docs/architecture.md says why; tests/workshop/layers.test.ts proves that the rules bite.
const { existsSync, readdirSync, readFileSync } = require("node:fs");

/** Rooms that hold interchangeable implementations behind an interface file. */
const INTERFACES = {
  checks: "check",
  engines: "engine",
  faults: "fault",
  probes: "probe",
  reporters: "reporter",
  seeds: "seed",
  stacks: "stack",
};
const ROOMS = Object.keys(INTERFACES);
const interfaceFiles = `^src/(${Object.entries(INTERFACES)
  .map(([room, file]) => `${room}/${file}`)
  .join("|")})[.]ts$`;
/** What others may know of the wire tap, which is a process of its own. */
const tapDoor = "^src/tap/(protocol|client)[.]ts$";

/** Everything the registry, or a room's own list, names is an implementation. Read from the code, so it cannot go stale. */
function implementationsOf(room) {
  const folder = `src/${room}`;
  if (!existsSync(folder)) return [];
  const lists = readdirSync(folder).filter((file) => /^(all|create[\w-]*)[.]ts$/.test(file));
  const named = lists.flatMap((file) => importsIn(`${folder}/${file}`, /from "[.]\/([\w-]+)[.]ts"/g));
  const registry = "src/cli/registry.ts";
  if (existsSync(registry)) named.push(...importsIn(registry, new RegExp(`from "[.][.]/${room}/([\\w-]+)[.]ts"`, "g")));
  const notThese = new Set([INTERFACES[room], ...lists.map((file) => file.replace(/[.]ts$/, ""))]);
  return [...new Set(named)].filter((name) => !notThese.has(name));
}

function importsIn(file, pattern) {
  return [...readFileSync(file, "utf8").matchAll(pattern)].map((match) => match[1]);
}

/** One implementation never leans on another of its room. `src/<room>/<name>/` holds the parts of `<name>.ts`. */
const siblingRules = ROOMS.map((room) => ({ room, names: implementationsOf(room).join("|") }))
  .filter(({ names }) => names !== "")
  .map(({ room, names }) => ({
    name: `${room}-do-not-lean-on-each-other`,
    severity: "error",
    comment: "What two implementations share goes into a file of its own, which no list names.",
    from: { path: `^src/${room}/(${names})([.]ts$|/)` },
    to: { path: `^src/${room}/(${names})([.]ts$|/)`, pathNot: `^src/${room}/$1([.]ts$|/)` },
  }));

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "Not even of types: two files that need each other are one file, or hide a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "A module that nobody imports is dead.",
      from: {
        orphan: true,
        path: "^src/",
        pathNot: ["^src/(cli|server|controls|tap)/main[.]ts$", interfaceFiles],
      },
      to: {},
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "domain-imports-only-itself",
      severity: "error",
      comment: "Data and arithmetic: no package, no node module, no other room.",
      from: { path: "^src/domain/" },
      to: { pathNot: "^src/domain/" },
    },
    {
      name: "server-is-a-house-of-its-own",
      severity: "error",
      comment: "The bundled server is reached by the contract in scenarios/shop.target.yaml, like anybody's.",
      from: { path: "^src/server/" },
      to: { path: "^(src|bench|scripts|tests)/", pathNot: "^src/server/" },
    },
    {
      name: "nobody-imports-the-server",
      severity: "error",
      comment: "A side door would let the harness know what only the contract may say. Controls break one part of it.",
      from: { pathNot: "^(src/(server|controls)|tests)/" },
      to: { path: "^src/server/" },
    },
    {
      name: "controls-import-only-the-server",
      severity: "error",
      from: { path: "^src/controls/" },
      to: { path: "^(src|bench|scripts|tests)/", pathNot: "^src/(controls|server)/" },
    },
    {
      name: "nobody-imports-the-controls",
      severity: "error",
      from: { pathNot: "^(src/controls|tests)/" },
      to: { path: "^src/controls/" },
    },
    {
      name: "the-tap-knows-only-the-domain",
      severity: "error",
      comment: "It is a process of its own, and starts as fast as what it imports.",
      from: { path: "^src/tap/" },
      to: { path: "^(src|bench|scripts|tests)/", pathNot: "^src/(tap|domain)/" },
    },
    {
      name: "the-tap-is-reached-by-its-door",
      severity: "error",
      comment: "A stack starts the process and talks to it; nobody else knows that there is one.",
      from: { path: "^src/", pathNot: "^src/(tap|stacks)/" },
      to: { path: "^src/tap/" },
    },
    {
      name: "rooms-keep-apart",
      severity: "error",
      comment: "A room sees the domain, the host, itself, and the interface of another room.",
      from: { path: `^src/(${ROOMS.join("|")}|scenario|store|host)/` },
      to: { path: "^src/", pathNot: ["^src/(domain|host)/", "^src/$1/", interfaceFiles, tapDoor] },
    },
    {
      name: "the-host-knows-no-room",
      severity: "error",
      from: { path: "^src/host/" },
      to: { path: "^src/", pathNot: "^src/(domain|host)/" },
    },
    {
      name: "run-sees-only-interfaces",
      severity: "error",
      comment: "The conductor is handed its stack, engine, probes, checks and store by the command line.",
      from: { path: "^src/run/" },
      to: { path: "^src/", pathNot: ["^src/(domain|host|run)/", interfaceFiles] },
    },
    {
      name: "only-the-registry-knows-concrete-classes",
      severity: "error",
      comment: "A new implementation is one file and one line in src/cli/registry.ts.",
      from: { path: "^src/(cli|doctor)/", pathNot: "^src/cli/registry[.]ts$" },
      to: { path: "^src/(checks|engines|faults|probes|seeds)/", pathNot: interfaceFiles },
    },
    {
      name: "nobody-imports-the-command-line",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "checks-are-pure",
      severity: "error",
      comment: "The same case always gets the same finding, so a check may reach for nothing outside.",
      from: { path: "^src/checks/" },
      to: { dependencyTypes: ["core", "npm"] },
    },
    {
      name: "reporters-render-strings",
      severity: "error",
      from: { path: "^src/reporters/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?util$" },
    },
    {
      name: "processes-are-started-in-few-places",
      severity: "error",
      comment: "Whatever is started must be registered with a scope that stops it.",
      from: { path: "^src/", pathNot: ["^src/(host|stacks|doctor)/", "^src/seeds/command[.]ts$"] },
      to: { path: "(^(node:)?(child_process|cluster)$)|node_modules/execa/" },
    },
    {
      name: "no-dev-dependency-in-the-product",
      severity: "error",
      comment: "It would be missing after npm install -g.",
      from: { path: "^(src|bin)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "the-product-does-not-import-its-workshop",
      severity: "error",
      from: { path: "^(src|bin)/" },
      to: { path: "^(tests|bench|scripts)/" },
    },
    ...siblingRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|dist-tools|coverage|results)/" },
    // Without this a cycle of `import type` passes unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
