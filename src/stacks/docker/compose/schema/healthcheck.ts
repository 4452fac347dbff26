import * as z from "zod";
import type { ComposeHealthcheck } from "../project.ts";
import { duration } from "./durations.ts";
import { flag, listOf, mapping, oneForm, text, wholeNumber } from "./spelling.ts";

const A_TEST = 'a command as a text, or a list that begins with "CMD", "CMD-SHELL" or "NONE"';
const MOST_RETRIES = 1_000_000;

const test = oneForm<readonly string[]>(A_TEST, {
  text: text(A_TEST).transform((line) => ["CMD-SHELL", line]),
  list: listOf(z.string({ error: "a text" }), "a list").refine(isTest, { error: A_TEST }),
});

function isTest([kind, ...words]: readonly string[]): boolean {
  if (kind === "NONE") return words.length === 0;
  return kind === "CMD" ? words.length > 0 : kind === "CMD-SHELL" && words.length === 1;
}

export const healthcheckSchema = mapping({
  test: test.optional(),
  disable: flag().optional(),
  interval: duration().optional(),
  timeout: duration().optional(),
  start_period: duration().optional(),
  retries: wholeNumber(0, MOST_RETRIES).optional(),
})
  .refine(({ disable, test }) => disable !== true || test === undefined || test[0] === "NONE", {
    error: "no test beside `disable: true`",
  })
  .transform(({ disable, test, interval, timeout, start_period, retries }): ComposeHealthcheck => ({
    test: disable === true ? ["NONE"] : (test ?? null),
    intervalMs: interval ?? null,
    timeoutMs: timeout ?? null,
    startPeriodMs: start_period ?? null,
    retries: retries ?? null,
  }));
