import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

/** Temporal (or every worker) is away or overloaded: the command was not carried out, or nobody knows yet. */
export class EngineAway extends Error {
  readonly slug = 'engine-away';
  readonly status = 503;
  readonly retryAfterSeconds: number;

  constructor(
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'EngineAway';
    this.retryAfterSeconds = options.retryAfterSeconds ?? 5;
  }
}

/** gRPC status codes that say nothing about the request itself. */
const PASSING = new Set([
  1, // CANCELLED
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  14, // UNAVAILABLE
]);

/** Throws `error` on, as an EngineAway where that is what it is. */
export function rethrow(error: unknown): never {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    throw new EngineAway('The order did not answer in time; ask for its state before you try again', {
      cause: error,
    });
  }
  if (isGrpcServiceError(cause) && PASSING.has(cause.code)) {
    throw new EngineAway('The order engine is not reachable at the moment', { cause: error });
  }
  // The client's own message leaves out what the server said.
  if (error instanceof ServiceError && cause instanceof Error) {
    throw new Error(`${error.message}: ${cause.message}`, { cause: error });
  }
  throw error;
}
