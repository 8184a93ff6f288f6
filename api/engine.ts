import type { ChangeOutcome, HoldDecision, HoldDecisionOutcome } from '../domain/order/progress';
import type { EngineAnswer } from '../workflows/client';
import { Problem } from './problems';

/** What the API needs of the workflows' client: commands of people, which wait for their answer. */
export interface OrderCommands {
  /** @param commandId the same at every retry of one decision */
  resolveHold(
    orderId: string,
    decision: HoldDecision,
    commandId?: string,
  ): Promise<EngineAnswer<HoldDecisionOutcome>>;
  applyChange(orderId: string, changeId: string): Promise<EngineAnswer<ChangeOutcome>>;
  /** Whether Temporal answers; for /readyz. */
  isThere(): Promise<boolean>;
}

/** The client's fault "engine-away" as 503 with Retry-After; undefined when it is another error. */
export function engineProblem(error: unknown): Problem | undefined {
  const fault = (error ?? {}) as {
    readonly slug?: unknown;
    readonly message?: unknown;
    readonly retryAfterSeconds?: unknown;
  };
  if (fault.slug !== 'engine-away') return undefined;
  const seconds = typeof fault.retryAfterSeconds === 'number' ? fault.retryAfterSeconds : 5;
  return new Problem(
    503,
    'engine-away',
    'The workflow engine is away',
    `${String(fault.message)}. What is recorded is safe; send the same request again in a few seconds.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}

/** Asks first whether Temporal is there, which is known in a second; a command alone would be tried for many. */
export async function commandWhenThere<T>(engine: OrderCommands, command: () => Promise<T>): Promise<T> {
  if (!(await engine.isThere())) {
    throw Object.assign(new Error('Temporal does not answer'), { slug: 'engine-away' });
  }
  return command();
}
