/** The request is at fault; the message tells its sender why. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
