import { serve } from "../server/serve.ts";
import { partsOf } from "./control.ts";
import { FLAWS } from "./flaws.ts";

const EXIT_USAGE = 2;

const name = process.argv[2] ?? "";
const control = FLAWS.get(name);
if (control === undefined) {
  process.stderr.write(`control: expected a flaw, one of ${[...FLAWS.keys()].join(", ")}, found "${name}"\n`);
  process.exitCode = EXIT_USAGE;
} else {
  await serve(partsOf(control), process);
}
