export interface Answer {
  readonly status: number;
  readonly body: {
    readonly outcome?: string;
    readonly sale?: string;
    readonly product?: string;
    readonly remaining?: number;
    readonly fencingToken?: number;
    readonly items?: readonly { readonly product: string; readonly quantity: number; readonly remaining: number }[];
    readonly arrivedAtNs?: string;
    readonly grantedAtNs?: string;
    readonly error?: string;
    readonly breaker?: string;
    readonly breakerSinceNs?: string;
  };
  readonly retryAfter: string | null;
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/purchases`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, body: (await response.json()) as Answer["body"] };
}

/** One unit of product 1 for a buyer of that name. */
export function buy(url: string, buyer: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return post(url, { product: "1", buyer, ...more });
}

/** Everybody at once, spread over the shops in turn. */
export function stampede(urls: readonly string[], buyers: number): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: buyers }, (_, n) =>
      buy(urls[n % urls.length] ?? "", `buyer-${String(n)}`, { key: `k-${String(n)}` }),
    ),
  );
}

export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { body } of answers) counts[body.outcome ?? "none"] = (counts[body.outcome ?? "none"] ?? 0) + 1;
  return counts;
}
