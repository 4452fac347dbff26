import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";

/** Nothing useful came back, and why, in words that fit behind "found". */
export interface Silent {
  readonly kind: "silent";
  readonly why: string;
}

export interface HttpAnswer {
  readonly kind: "http";
  readonly status: number;
  /** The beginning of the body, for error messages. */
  readonly body: string;
}

export interface RedisAnswer {
  readonly kind: "redis";
  /** The pid of the server that answered. */
  readonly pid: number;
}

const BODY_KEPT = 200;

/** One GET, on a connection of its own. Never throws for what the other side does. */
export function askHttp(url: string, withinMs: number): Promise<HttpAnswer | Silent> {
  const get = url.startsWith("https:") ? httpsGet : httpGet;
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: withinMs, headers: { connection: "close" } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        body = (body + part).slice(0, BODY_KEPT);
      });
      // `close` also comes when the answer is cut short; the status is what counts here.
      response.on("close", () => {
        resolve({ kind: "http", status: response.statusCode ?? 0, body: body.trim() });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${String(withinMs)} ms`)));
    request.on("error", (error) => {
      resolve({ kind: "silent", why: wordsFor(error) });
    });
  });
}

/**
 * PING, and who answers: the pid tells our own Redis from one that somebody
 * else started on the same port a moment before. INFO is what tells it.
 */
export function askRedis(port: number, withinMs: number): Promise<RedisAnswer | Silent> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: withinMs });
    const end = (answer: RedisAnswer | Silent): void => {
      socket.destroy();
      resolve(answer);
    };
    let said = "";
    socket.on("connect", () => socket.write("PING\r\nINFO server\r\n"));
    socket.on("data", (part) => {
      said += part.toString("latin1");
      const pid = /\+PONG[^]*process_id:(\d+)\r/.exec(said)?.[1];
      if (pid !== undefined) end({ kind: "redis", pid: Number(pid) });
      else if (/^-.*\r/m.test(said)) end({ kind: "silent", why: said.split("\r")[0] ?? said });
    });
    socket.on("timeout", () => {
      end({ kind: "silent", why: `no answer to PING within ${String(withinMs)} ms` });
    });
    socket.on("error", (error) => {
      end({ kind: "silent", why: wordsFor(error) });
    });
    socket.on("close", () => {
      end({ kind: "silent", why: "the connection was closed" });
    });
  });
}

/** Whether anybody accepts connections there; for servers that are not ours to talk to. */
export function canConnect(host: string, port: number, withinMs: number): Promise<Silent | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: withinMs });
    const end = (answer: Silent | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => {
      end(undefined);
    });
    socket.on("timeout", () => {
      end({ kind: "silent", why: `no connection within ${String(withinMs)} ms` });
    });
    socket.on("error", (error) => {
      end({ kind: "silent", why: wordsFor(error) });
    });
  });
}

function wordsFor(error: Error & { code?: string }): string {
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ECONNRESET") return "connection reset";
  return error.message === "" ? (error.code ?? error.name) : error.message;
}
