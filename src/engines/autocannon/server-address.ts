/** A base URL, taken apart once for all the requests that go there. */
export interface ServerAddress {
  readonly protocol: "http:" | "https:";
  readonly hostname: string;
  readonly port: number;
  /** As the Host header has it. */
  readonly host: string;
  /** What stands before the path of every request, without a trailing slash. */
  readonly prefix: string;
  /** The Authorization header for `http://user:password@…`. */
  readonly authorization: string | null;
}

/** @throws TypeError for a text that is no URL */
export function parseServerAddress(text: string): ServerAddress {
  const url = new URL(text);
  const protocol = url.protocol === "https:" ? "https:" : "http:";
  return {
    protocol,
    // Node wants an IPv6 address without its brackets.
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (protocol === "https:" ? 443 : 80) : Number(url.port),
    host: url.host,
    prefix: url.pathname.replace(/\/+$/, ""),
    authorization: url.username === "" ? null : basic(url.username, url.password),
  };
}

function basic(username: string, password: string): string {
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(secret).toString("base64")}`;
}
