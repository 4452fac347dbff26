// A lockbench of its own for tests that kill one: brings up a stack, says so, and waits.
import { createLocalStack } from "../../dist/stacks/local.js";

const { plan, folder, stays, thenExit } = JSON.parse(process.argv[2]);
const progress = (line) => console.log(`progress ${line}`);
const stack = await createLocalStack().up(plan, {
  folder,
  stays,
  signal: new globalThis.AbortController().signal,
  progress,
});
console.log(`up ${JSON.stringify({ id: stack.id, servers: stack.servers, redis: stack.redis })}`);
if (!thenExit) setInterval(() => undefined, 1000);
