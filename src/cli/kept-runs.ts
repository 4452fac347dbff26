import { renderRuns } from "../reporters/runs-list.ts";
import { openStore } from "../store/store.ts";
import type { ListOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";

const LATEST = 20;

/** `lockbench list --runs`: the newest first. */
export function listRuns({ console, resultsFolder, host }: Context, options: ListOptions): Ended {
  const store = openStore(resultsFolder, host);
  try {
    for (const note of store.prepare()) console.note(note);
    const runs = store.latest(LATEST);
    const text = renderRuns(runs, { colour: console.colour, width: console.width });
    console.result(options.json === true ? JSON.stringify(runs, null, 2) : text);
    return OK;
  } finally {
    store.close();
  }
}
