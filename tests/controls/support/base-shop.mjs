// The shop into which a flaw is built, without the flaw: base-shop.mjs <flaw>.
import { FLAWS } from "../../../dist/controls/flaws.js";
import { soundParts } from "../../../dist/server/parts.js";
import { serve } from "../../../dist/server/serve.js";

await serve(FLAWS.get(process.argv[2])?.base ?? soundParts, process);
