// Begins a run and is killed before it ends. Arguments: the results folder, the plan as JSON.
import { History } from "../../dist/domain/history.js";
import { systemHost } from "../../dist/host/host.js";
import { openStore } from "../../dist/store/store.js";

const [, , folder, plan] = process.argv;
const store = openStore(folder, systemHost());
store.prepare();
const writer = store.begin(JSON.parse(plan), new Date());
await writer.attempts(new History(0n));
setInterval(() => undefined, 1000);
