import type { ZodType } from 'zod';
import { AdapterFault, type OutsideSystem, slugOfStatus } from './fault';
import { exchange, type HttpAnswer } from './http-exchange';

/**
 * Whether the other side remembers Idempotency-Key. Where it does not ('lookup'), a client asks for the reference
 * first and posts only what is not there yet.
 */
export type IdempotencyMode = 'key' | 'lookup';

export interface Endpoint {
  readonly baseUrl: string;
  /** Every call ends after this long, with a fault that may be retried. */
  readonly timeoutMs: number;
  /** Sent as a bearer token. */
  readonly secret: string;
  readonly idempotency: IdempotencyMode;
}

export interface JsonCall<T> {
  readonly system: OutsideSystem;
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Given in by the caller and the same on every try of one piece of work. */
  readonly idempotencyKey?: string;
  readonly reply: ZodType<T>;
}

/** One HTTP call: the reply as its contract says, or an AdapterFault. */
export async function callJson<T>(call: JsonCall<T>): Promise<T> {
  const answer = await send(call);
  if (answer.status >= 300 && answer.status <= 399) throw faultOfRedirect(call, answer);
  if (answer.status < 200 || answer.status > 299) throw faultOfAnswer(call, answer);
  return readReply(call, answer.text);
}

/** The same for a GET whose 404 means "not there yet". */
export async function lookUpJson<T>(call: JsonCall<T>): Promise<T | undefined> {
  try {
    return await callJson(call);
  } catch (error) {
    if (error instanceof AdapterFault && error.slug === 'not-found') return undefined;
    throw error;
  }
}

async function send<T>(call: JsonCall<T>): Promise<HttpAnswer> {
  const { endpoint } = call;
  const clock = AbortSignal.timeout(endpoint.timeoutMs);
  try {
    return await exchange({
      url: `${endpoint.baseUrl.replace(/\/+$/, '')}${call.path}`,
      method: call.method,
      headers: headersOf(call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: clock,
    });
  } catch (error) {
    // Where the answer broke off on its way, what was done over there is unknown: it counts as unreachable.
    throw faultOfTransport(call, clock, error);
  }
}

function headersOf<T>(call: JsonCall<T>): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Bearer ${call.endpoint.secret}`,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
  };
}

function readReply<T>(call: JsonCall<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AdapterFault(
      call.system,
      'unreadable-reply',
      `${place(call)} answered with something that is not JSON`,
      { cause: error },
    );
  }
  const reply = call.reply.safeParse(json);
  if (reply.success) return reply.data;
  const [issue] = reply.error.issues;
  const where = issue ? `${issue.path.join('.') || 'reply'}: ${issue.message}` : 'reply';
  throw new AdapterFault(
    call.system,
    'unreadable-reply',
    `${place(call)} answered against its contract (${where})`,
    { cause: reply.error },
  );
}

function faultOfTransport<T>(call: JsonCall<T>, clock: AbortSignal, error: unknown): AdapterFault {
  return clock.aborted
    ? new AdapterFault(
        call.system,
        'timed-out',
        `${place(call)} did not answer within ${call.endpoint.timeoutMs} ms`,
        { cause: error },
      )
    : new AdapterFault(call.system, 'unreachable', `${place(call)} cannot be reached`, { cause: error });
}

/** Not followed: it would take the secret elsewhere. Tried again until somebody has corrected the address. */
function faultOfRedirect<T>(call: JsonCall<T>, { status, headers }: HttpAnswer): AdapterFault {
  return new AdapterFault(
    call.system,
    'unreachable',
    `${place(call)} answered ${status} and sends us to ${headers.location ?? 'nowhere'}: set its address to the one that answers itself`,
    { theirStatus: status },
  );
}

function faultOfAnswer<T>(call: JsonCall<T>, { status, headers, text }: HttpAnswer): AdapterFault {
  const seconds = Number(headers['retry-after']);
  return new AdapterFault(
    call.system,
    slugOfStatus(status),
    `${place(call)} answered ${status}: ${text.slice(0, 300)}`,
    {
      theirStatus: status,
      ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
    },
  );
}

function place<T>(call: JsonCall<T>): string {
  return `${call.system} ${call.method} ${call.path}`;
}
