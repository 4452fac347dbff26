import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const noExit = {
  object: "process",
  property: "exit",
  message: "Set process.exitCode at the edge and let the process end: exit() cuts off output and clean-up.",
};
const handedIn = "Take the value as an argument: src/host hands out time and randomness.";
const wallClock = { object: "Date", property: "now", message: `The wall clock jumps. ${handedIn}` };
const ownRandom = { object: "Math", property: "random", message: `Not reproducible by --seed. ${handedIn}` };
const dateOfNow = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: handedIn };

const nodeGlobals = ["console", "process", "URL", "Buffer", "fetch", "setTimeout", "clearTimeout", "setInterval"];

/** Globals with which a file would reach the outside world. */
const effects = ["Date", "process", "performance", "setTimeout", "setInterval", "setImmediate", "fetch"];

const allSource = ["src/**/*.ts"];
const pureRooms = ["src/domain/**/*.ts", "src/checks/**/*.ts"];
/** Processes of their own, or the door itself: they may read the clock. */
const withOwnClock = ["src/host/**/*.ts", "src/server/**/*.ts", "src/controls/**/*.ts", "src/tap/main.ts"];

export default defineConfig(
  globalIgnores(["dist/", "dist-tools/", "coverage/", "results/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-restricted-properties": ["error", noExit],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // `_` says that a parameter is there for its place only.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: [...allSource, "bench/**/*.ts", "scripts/**"],
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    // Printing goes through the streams that main() is handed.
    files: allSource,
    rules: { "no-console": "error" },
  },
  {
    files: allSource,
    ignores: [...withOwnClock, ...pureRooms],
    rules: {
      "no-restricted-properties": ["error", noExit, wallClock, ownRandom],
      "no-restricted-syntax": ["error", dateOfNow],
    },
  },
  {
    files: pureRooms,
    rules: {
      "no-restricted-properties": ["error", noExit, ownRandom],
      "no-restricted-globals": [
        "error",
        ...effects.map((name) => ({ name, message: `This room is pure. ${handedIn}` })),
      ],
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      // A server that misbehaves on purpose may need an async handler that awaits nothing.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])) },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: { globals: { module: "writable", require: "readonly", __dirname: "readonly" } },
  },
);
