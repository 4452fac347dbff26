import { soundParts } from "./parts.ts";
import { serve } from "./serve.ts";

await serve(soundParts, process);
