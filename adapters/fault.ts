/** The systems that the hub calls. */
export type OutsideSystem = 'erp' | 'warehouse' | 'carrier';

/** What went wrong in a call to the outside, in a word that logs, HTTP problems and Temporal failures share. */
export type FaultSlug =
  | 'unreachable'
  | 'timed-out'
  | 'busy'
  | 'server-error'
  | 'unauthorized'
  | 'not-found'
  | 'conflict'
  | 'refused'
  | 'unreadable-reply';

/**
 * Thrown by an adapter and classified once, here: everything that catches it reads `retryable` and never looks at
 * status codes again. `status` is the status that the hub's own HTTP answer would carry.
 */
export class AdapterFault extends Error {
  readonly system: OutsideSystem;
  readonly slug: FaultSlug;
  readonly retryable: boolean;
  /** 503 while trying again may help, 502 when it will not. */
  readonly status: number;
  /** The status that the other side answered with, where it answered. */
  readonly theirStatus?: number;
  /** When the other side said how long to wait. */
  readonly retryAfterMs?: number;

  constructor(
    system: OutsideSystem,
    slug: FaultSlug,
    message: string,
    details: { readonly theirStatus?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AdapterFault';
    this.system = system;
    this.slug = slug;
    this.retryable = retryableSlugs.has(slug);
    this.status = this.retryable ? 503 : 502;
    if (details.theirStatus !== undefined) this.theirStatus = details.theirStatus;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}

/** A reply that we cannot read is not retried: the work may be done, and asking again would read the same. */
const retryableSlugs: ReadonlySet<FaultSlug> = new Set(['unreachable', 'timed-out', 'busy', 'server-error']);

/** The slug of an answer that is not a success: 429 and 5xx may pass, every other 4xx stays as it is. */
export function slugOfStatus(status: number): FaultSlug {
  if (status === 429) return 'busy';
  if (status >= 500) return 'server-error';
  if (status === 408) return 'timed-out';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  return 'refused';
}
