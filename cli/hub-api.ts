/** The running hub, as the command line sees it: over HTTP, like everybody else. */
const baseUrl = (): string =>
  process.env['HUB_URL'] ?? `http://127.0.0.1:${process.env['HUB_PORT'] ?? '4080'}`;
const timeoutMs = 30_000;

/** What went wrong, in words for the person at the keyboard. */
export class HubCommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HubCommandError';
  }
}

export interface HubRequest {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly idempotencyKey?: string;
  /** Only if nobody has changed it since this version (If-Match). */
  readonly ifVersion?: number;
  /** How long the hub may keep the reply back to have more to say (Prefer: wait). */
  readonly waitSeconds?: number;
  /** Instead of half a minute. */
  readonly timeoutMs?: number;
  /** Instead of HUB_API_KEY. */
  readonly key?: string;
}

export async function callHub(path: string, request: HubRequest = {}): Promise<unknown> {
  const key = request.key ?? process.env['HUB_API_KEY'];
  if (!key)
    throw new HubCommandError('Set HUB_API_KEY to a key of yours (npm start prints those of the demo).');
  const response = await fetch(`${baseUrl()}${path}`, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `Bearer ${key}`,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(request.bytes !== undefined && { 'content-type': 'application/edi-x12' }),
      ...(request.waitSeconds !== undefined && { prefer: `wait=${request.waitSeconds}` }),
      ...(request.ifVersion !== undefined && { 'if-match': `"${request.ifVersion}"` }),
      ...(request.idempotencyKey !== undefined && { 'idempotency-key': request.idempotencyKey }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    ...(request.bytes !== undefined && { body: Buffer.from(request.bytes) }),
    signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
  }).catch((error: unknown) => {
    throw new HubCommandError(
      `No hub answers at ${baseUrl()}: start it with npm start, or set HUB_URL. (${String((error as { cause?: unknown }).cause ?? error)})`,
    );
  });
  const text = await response.text();
  const body: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  if (response.ok) return body;
  const problem = body as {
    title?: string;
    detail?: string;
    errors?: { pointer?: string; parameter?: string; detail: string }[];
  };
  const places = (problem.errors ?? []).map(
    ({ pointer, parameter, detail }) => `\n  ${pointer ?? parameter ?? ''} ${detail}`,
  );
  throw new HubCommandError(
    `The hub answers ${response.status}: ${problem.detail ?? problem.title ?? text.slice(0, 300)}${places.join('')}`,
  );
}

/** Pages of a listing, one after the other, until `limit` rows. */
export async function listHub(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let after: string | undefined;
  do {
    const given = Object.entries({
      ...query,
      after,
      limit: String(Math.min(100, limit - rows.length)),
    }).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const page = (await callHub(`${path}?${new URLSearchParams(given).toString()}`)) as {
      items: Record<string, unknown>[];
      next?: string | null;
    };
    rows.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined && rows.length < limit);
  return rows;
}
