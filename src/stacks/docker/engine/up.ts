import type { EngineConnection } from "./connect.ts";
import { ContainerNews } from "./container-news.ts";
import { JointWork } from "./joint-work.ts";
import { labelFilter } from "./marks.ts";
import { slotsOf } from "./slots.ts";
import { startUp } from "./start-up.ts";
import type { UpContainer, UpOrder } from "./up-order.ts";

export type { UpContainer, UpOrder } from "./up-order.ts";

/**
 * Makes networks, volumes, images and containers of a project, starts them as
 * depends_on asks, and waits until everything with a health check is healthy.
 * It does not clean up when it fails: whoever called removes by label.
 * @throws LockbenchError (exit 5) for the first thing that went wrong; the signal's reason when it is aborted
 */
export async function upProject(connection: EngineConnection, order: UpOrder): Promise<readonly UpContainer[]> {
  const { labels, signal } = order;
  signal.throwIfAborted();
  const news = await ContainerNews.open(connection.docker, labelFilter(labels));
  try {
    const work = new JointWork(signal);
    const slots = slotsOf(order.project);
    const stack = startUp(connection, order, news, work, slots);
    for (const slot of slots) stack.start(slot).catch(thrownWhenAllHasEnded);
    await work.ended();
    return await Promise.all(slots.map((slot) => stack.describe(slot)));
  } finally {
    news.close();
  }
}

function thrownWhenAllHasEnded(): void {
  // JointWork keeps the first error.
}
