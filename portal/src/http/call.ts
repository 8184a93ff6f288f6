import type { ProblemView } from '../../../api/contract/common';

/** What the API refused, in its own words; `unreachable` when no answer came at all. */
export class CallProblem extends Error {
  readonly status: number;
  readonly problem: ProblemView;
  constructor(problem: ProblemView) {
    super(problem.detail ?? problem.title);
    this.name = 'CallProblem';
    this.status = problem.status;
    this.problem = problem;
  }
}

const unreachable: ProblemView = {
  type: '/problems/unreachable',
  title: 'The hub does not answer',
  status: 0,
  detail: 'Nothing was changed. Check your connection; the page tries again by itself.',
};

async function problemOf(response: Response): Promise<ProblemView> {
  const fallback: ProblemView = {
    type: '/problems/unknown',
    title: `The hub answered ${response.status}`,
    status: response.status,
  };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return fallback;
  return { ...fallback, ...((await response.json()) as Partial<ProblemView>) };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => {
    throw new CallProblem(unreachable);
  });
  if (!response.ok) throw new CallProblem(await problemOf(response));
  return response;
}

/** Absent and empty filters are left out of the address. */
export type Query = Readonly<Record<string, string | number | null | undefined>>;

export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export async function read<T>(path: string, query?: Query): Promise<T> {
  const response = await send(addressOf(path, query), { headers: { accept: 'application/json' } });
  return (await response.json()) as T;
}

export async function readText(path: string): Promise<string> {
  return (await send(path, {})).text();
}

/**
 * @param idempotencyKey of the person's one intention: pressing the button again after a lost answer repeats nothing
 */
export async function write<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  idempotencyKey?: string,
  /** Of what was looked at: it is written only where nobody has changed it since. 'new': only where there is none. */
  version?: string,
): Promise<T> {
  const response = await send(path, {
    method,
    headers: {
      'x-hub-portal': '1',
      ...(version === 'new' && { 'if-none-match': '*' }),
      ...(version !== undefined && version !== 'new' && { 'if-match': version }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}
