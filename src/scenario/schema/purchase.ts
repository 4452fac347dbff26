import * as z from "zod";
import { OUTCOMES } from "../../domain/outcome.ts";
import { jsonPath, METHODS, requestBody, status } from "./parts.ts";
import { httpPath, mapping, oneOf, scalarText } from "./spelling.ts";

export const purchaseSchema = mapping({
  method: oneOf(METHODS).prefault("POST").describe("The request's method."),
  path: httpPath().describe("The request's path; takes placeholders."),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: "a header's name" }), headerValue(), {
      error: "a mapping of headers",
    })
    .prefault({})
    .describe("Further headers; take placeholders. A structured body gets its content type by itself."),
  body: requestBody()
    .prefault(null)
    .describe("A structure is sent as JSON, a text as it is. `${quantity}` alone becomes a JSON number."),
  items: requestBody()
    .prefault({ product: "${product}", quantity: "${quantity}" })
    .describe("One line of an order. `${items}` alone in the body becomes the JSON list of them."),
}).describe("The request with which a buyer buys.");

function headerValue() {
  return scalarText().refine((value) => !/[\r\n]/.test(value), { error: "a header's value on one line" });
}

const ANY_STATUS = 'a status such as 201, "4xx" or "500-599"';
const statusRange = z
  .union([status(ANY_STATUS), z.string().regex(/^[1-5](xx|\d\d(-[1-5]\d\d)?)$/, { error: ANY_STATUS })], {
    error: ANY_STATUS,
  })
  .transform((spelling): [number, number] => rangeOf(String(spelling)))
  .refine(([from, to]) => from <= to, { error: ANY_STATUS });

function rangeOf(spelling: string): [number, number] {
  if (spelling.endsWith("xx")) return [Number(spelling[0]) * 100, Number(spelling[0]) * 100 + 99];
  const [from, to] = spelling.split("-");
  return [Number(from), Number(to ?? from)];
}

const pattern = z.string({ error: "a regular expression" }).refine((source) => brokenPattern(source) === undefined, {
  error: (issue) => `a regular expression (${brokenPattern(String(issue.input)) ?? ""})`,
});

function brokenPattern(source: string): string | undefined {
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const outcomeRuleSchema = mapping({
  status: statusRange.optional().describe('A status, a class or a range: 201, "5xx", "500-599".'),
  body: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], { error: "a plain value" }), {
      error: "a mapping of dotted paths to values",
    })
    .prefault({})
    .describe("Dotted paths into the JSON answer, with the value that each must have."),
  body_matches: pattern.optional().describe("A regular expression that the raw answer must match."),
  is: oneOf(OUTCOMES).describe("What such an answer means for the buyer."),
}).describe("One rule: all its conditions must hold. The first rule that matches decides.");

export const answerSchema = mapping({
  arrived_at: jsonPath()
    .optional()
    .describe("When the request arrived: nanoseconds of the host's monotonic clock (CLOCK_MONOTONIC)."),
  granted_at: jsonPath().optional().describe("When the lock was granted, on the same clock."),
  remaining: jsonPath().optional().describe("The units left after this sale."),
  fencing_token: jsonPath().optional().describe("The number of this grant; later grants have higher numbers."),
  breaker: jsonPath().optional().describe("The state of the shop's circuit breaker: closed, open or half_open."),
  breaker_since: jsonPath().optional().describe("When the breaker came into that state, on the same clock."),
}).describe("Where the shop's answer carries more than its status; leave out what it does not say.");
