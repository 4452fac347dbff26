import { linesOf } from "./engine-stream.ts";

/** One of the JSON lines that the engine sends while it pulls or builds. */
export interface EngineMessage {
  readonly stream?: string;
  readonly status?: string;
  /** The layer that `status` is about. */
  readonly id?: string;
  /** In bytes. */
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

export async function* messagesOf(stream: AsyncIterable<unknown>): AsyncGenerator<EngineMessage> {
  for await (const line of linesOf(stream)) if (line.trim() !== "") yield JSON.parse(line) as EngineMessage;
}
