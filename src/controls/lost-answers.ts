import { type AnswerSender, sendAnswer } from "../server/http/answer.ts";
import { soundParts } from "../server/parts.ts";
import type { Control } from "./control.ts";

/** The sale is committed, and then the connection is closed without an answer, for every fifth unit. */
export const lostAnswers: Control = { base: soundParts, broken: { send: loseSome } };

const EVERY = 5;

function loseSome(...[answer, exchange]: Parameters<AnswerSender>): void {
  if (isLost(answer.body)) exchange.response.socket?.end();
  else sendAnswer(answer, exchange);
}

function isLost(body: Parameters<AnswerSender>[0]["body"]): boolean {
  if (typeof body === "string" || body["outcome"] !== "sold") return false;
  return Number(body["remaining"]) % EVERY === 0;
}
