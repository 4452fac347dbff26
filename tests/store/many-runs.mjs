// Keeps several runs, as one of two lockbench that do so at once.
// Arguments: the results folder, the plan as JSON, a record as JSON, how many runs.
import { History } from "../../dist/domain/history.js";
import { systemHost } from "../../dist/host/host.js";
import { openStore } from "../../dist/store/store.js";

const [, , folder, plan, record, runs] = process.argv;
const store = openStore(folder, systemHost());
for (let run = 0; run < Number(runs); run += 1) {
  store.prepare();
  const writer = store.begin(JSON.parse(plan), new Date());
  await writer.attempts(new History(0n));
  writer.stock([]);
  writer.finish({ ...JSON.parse(record), id: writer.id });
}
store.close();
