import { ApplicationFailure } from '@temporalio/activity';
import { AdapterFault } from '../adapters/fault';

/** Mistakes that stay the same however often a step is tried; a person has to look. */
const LASTING = new Set(['IllegalTransition', 'UnknownRecord', 'InvalidId', 'ZodError']);

/** Translates a fault, classified once by its adapter, into Temporal's words. */
export function asFailure(error: unknown): unknown {
  if (error instanceof AdapterFault) {
    return ApplicationFailure.create({
      message: error.message,
      type: error.slug,
      nonRetryable: !error.retryable,
      cause: error,
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
    });
  }
  if (error instanceof Error && LASTING.has(error.name)) {
    return ApplicationFailure.create({
      message: error.message,
      type: error.name,
      nonRetryable: true,
      cause: error,
    });
  }
  return error;
}
