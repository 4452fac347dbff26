import type { Console } from "./console.ts";

const REDRAW_MS = 100;

/** Does some work while a live line tells how far it is. */
export async function whileDrawing<Result>(
  console: Console,
  draw: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  draw();
  const redraw = setInterval(draw, REDRAW_MS);
  try {
    return await work();
  } finally {
    clearInterval(redraw);
    console.clearLive();
  }
}
