/** How much of a body is kept; the rest is read and forgotten, so that a huge page cannot fill the memory. */
export const KEPT_BODY_BYTES = 262_144;

/** A complete HTTP answer. Its body is decoded only if somebody asks. */
export class Answer {
  readonly status: number;
  readonly #body: Buffer;
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(status: number, body: Buffer) {
    this.status = status;
    this.#body = body;
  }

  get text(): string {
    this.#text ??= this.#body.toString("utf8");
    return this.#text;
  }

  /** undefined for a body that is no JSON: then no rule about its fields matches. */
  get json(): unknown {
    this.#json ??= { value: parsed(this.text) };
    return this.#json.value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
