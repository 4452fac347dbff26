import type { IncomingMessage, ServerResponse } from "node:http";

export interface HttpAnswer {
  readonly status: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body: Readonly<Record<string, unknown>> | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** How an answer gets on the wire: the one place to change for a server that does not answer properly. */
export type AnswerSender = (answer: HttpAnswer, exchange: Exchange) => void;

export const sendAnswer: AnswerSender = (answer, { response }) => {
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": typeof answer.body === "string" ? "text/plain; version=0.0.4" : "application/json",
    "content-length": Buffer.byteLength(text),
    ...answer.headers,
  });
  response.end(text);
};
