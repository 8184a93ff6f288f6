import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationFailure,
  Client,
  Connection,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ActivityFailure, type SearchAttributePair, type UpdateDefinition } from '@temporalio/common';
import type { Db } from '../../db/connection';
import {
  applyChange,
  type ChangeOutcome,
  type HoldDecision,
  type HoldDecisionOutcome,
  ORDER_WORKFLOW,
  ORDERS_TASK_QUEUE,
  type OrderWorkflow,
  orderWorkflowId,
  resolveHold,
  wake,
} from '../contracts/order-workflow';
import { searchAttributes } from '../contracts/search-attributes';
import { connectionOptions, type TemporalPlace } from './connection-options';
import { EngineAway, rethrow } from './engine-away';

/** Short questions: whoever waits for one holds a request open. */
const CALL_MS = 4_000;
/** A command goes through the workflow and its record; a recall waits for a warehouse. */
const COMMAND_MS = 20_000;
const COMMAND_ATTEMPTS = 6;
/** A Temporal that is there answers the simplest question within this. */
const REACHED_MS = 1_500;

/** What a command comes back with; after the workflow has ended the record answers. */
export type EngineAnswer<Outcome> =
  | { readonly kind: 'decided'; readonly outcome: Outcome }
  | { readonly kind: 'order-ended' };

/** How an order's workflow stands in Temporal. `stuckAttempts`: how often its current task has failed. */
export interface EngineStanding {
  readonly kind: 'running' | 'ended' | 'broken-off' | 'unknown';
  readonly stuckAttempts: number;
}

const FAILED_PRECONDITION = 9;

interface OrderRow {
  readonly state: string;
  readonly partner_id: string | null;
  readonly customer_id: string;
  readonly po_number: string;
}

/**
 * The only Temporal client of the hub. Connects when it is first needed, so that everything else works while Temporal
 * is away; every call then fails soon, with EngineAway.
 */
export class OrderEngine {
  readonly #db: Db;
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #taskQueue: string;

  constructor(place: TemporalPlace, db: Db) {
    this.#db = db;
    this.#connection = Connection.lazy({ ...connectionOptions(place), connectTimeout: CALL_MS });
    this.#client = new Client({ connection: this.#connection, namespace: place.namespace });
    this.#taskQueue = place.taskQueue ?? ORDERS_TASK_QUEUE;
  }

  /** Idempotent: an order that runs is left alone, one that has ended stays so, one that broke off starts again. */
  async startOrderWorkflow(orderId: string): Promise<'running' | 'ended'> {
    const options = await this.#startOptions(orderId);
    return this.#unlessEnded(() => this.#client.workflow.start<OrderWorkflow>(ORDER_WORKFLOW, options));
  }

  /** Says that something about the order was written. An order whose workflow is lost is started by it. */
  async signalOrder(orderId: string): Promise<'running' | 'ended'> {
    const options = await this.#startOptions(orderId);
    return this.#unlessEnded(() =>
      this.#client.workflow.signalWithStart<OrderWorkflow>(ORDER_WORKFLOW, {
        ...options,
        signal: wake,
        signalArgs: [],
      }),
    );
  }

  /** @param commandId the same at every retry of one person's one decision; then it is decided once */
  async resolveHold(
    orderId: string,
    decision: HoldDecision,
    commandId: string = randomUUID(),
  ): Promise<EngineAnswer<HoldDecisionOutcome>> {
    return this.#command(orderId, resolveHold, [decision], commandId);
  }

  /** The change stands in the record already (`receiveOrderChange`); this decides it and waits for what comes of it. */
  async applyChange(orderId: string, changeId: string): Promise<EngineAnswer<ChangeOutcome>> {
    return this.#command(orderId, applyChange, [changeId], randomUUID());
  }

  async standingOf(orderId: string): Promise<EngineStanding> {
    try {
      const about = await this.#within(CALL_MS, () =>
        this.#client.workflow.getHandle(orderWorkflowId(orderId)).describe(),
      );
      const stuckAttempts = about.raw.pendingWorkflowTask?.attempt ?? 0;
      if (about.status.name === 'RUNNING') return { kind: 'running', stuckAttempts };
      return { kind: about.status.name === 'COMPLETED' ? 'ended' : 'broken-off', stuckAttempts: 0 };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { kind: 'unknown', stuckAttempts: 0 };
      throw error;
    }
  }

  /** Whether Temporal answers. */
  async isThere(): Promise<boolean> {
    try {
      await this.#within(REACHED_MS, () => this.#connection.workflowService.getSystemInfo({}));
      return true;
    } catch (error) {
      if (error instanceof EngineAway) return false;
      throw error;
    }
  }

  /** Calls that are under way may still end: one that tries again on a closed connection would fail where nobody hears it. */
  async close(): Promise<void> {
    // Unreferenced, so that a process whose calls have ended does not stay for the rest of the time.
    if (this.#underWay.size > 0)
      await Promise.race([
        Promise.allSettled(this.#underWay),
        pause(REACHED_MS + 500, undefined, { ref: false }),
      ]);
    await this.#connection.close();
  }

  async #command<Outcome, Args extends [unknown, ...unknown[]]>(
    orderId: string,
    definition: UpdateDefinition<Outcome, Args>,
    args: Args,
    commandId: string,
  ): Promise<EngineAnswer<Outcome>> {
    const options = await this.#startOptions(orderId);
    // Whoever waits for a command hears soon that it cannot be given, not after the time that a command may take.
    await this.#within(REACHED_MS, () => this.#connection.workflowService.getSystemInfo({}));
    for (let attempt = 1; ; attempt++) {
      // One operation a call: it cannot be used twice.
      const startWorkflowOperation = new WithStartWorkflowOperation<OrderWorkflow>(ORDER_WORKFLOW, {
        ...options,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      });
      try {
        const outcome = await this.#within(COMMAND_MS, () =>
          this.#client.workflow.executeUpdateWithStart<OrderWorkflow, Outcome, Args>(definition, {
            args,
            startWorkflowOperation,
            updateId: commandId,
          }),
        );
        return { kind: 'decided', outcome };
      } catch (error) {
        if (isNotReady(error) && attempt < COMMAND_ATTEMPTS) await pause(attempt * 100);
        else return this.#answerOf(orderId, commandId, error);
      }
    }
  }

  /** What an update that did not come back with its outcome means. */
  async #answerOf<Outcome>(
    orderId: string,
    commandId: string,
    error: unknown,
  ): Promise<EngineAnswer<Outcome>> {
    if (error instanceof WorkflowExecutionAlreadyStartedError || saysEnded(error)) {
      // It may have been this very command that ended the order, with its report lost on the way.
      const kept = (await this.#db('idempotency_key')
        .where({ principal: orderWorkflowId(orderId), key: commandId })
        .first('response')) as { response: Outcome } | undefined;
      return kept ? { kind: 'decided', outcome: kept.response } : { kind: 'order-ended' };
    }
    if (
      isNotReady(error) ||
      (error instanceof WorkflowUpdateFailedError && error.cause instanceof ActivityFailure)
    ) {
      throw new EngineAway('The order could not take the command at the moment', { cause: error });
    }
    throw error;
  }

  async #startOptions(orderId: string) {
    const order = (await this.#db('orders')
      .where({ id: orderId })
      .first('state', 'partner_id', 'customer_id', 'po_number')) as OrderRow | undefined;
    if (!order) throw new Error(`there is no order ${orderId}`);
    const typedSearchAttributes: SearchAttributePair[] = [
      { key: searchAttributes.orderState, value: order.state },
      { key: searchAttributes.customerId, value: order.customer_id },
      { key: searchAttributes.purchaseOrderNumber, value: order.po_number },
      ...(order.partner_id === null ? [] : [{ key: searchAttributes.partnerId, value: order.partner_id }]),
    ];
    return {
      workflowId: orderWorkflowId(orderId),
      taskQueue: this.#taskQueue,
      args: [orderId] as [string],
      typedSearchAttributes,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      // Broken off (terminated, failed): started again from the record. Completed: it stays so.
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      // One partner's flood does not make the others wait.
      priority: { fairnessKey: (order.partner_id ?? order.customer_id).slice(0, 64) },
    };
  }

  async #unlessEnded(call: () => Promise<unknown>): Promise<'running' | 'ended'> {
    try {
      await this.#within(CALL_MS, call);
      return 'running';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ended';
      throw error;
    }
  }

  async #within<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
    const under = this.#client.withDeadline(Date.now() + timeoutMs, call);
    this.#underWay.add(under);
    try {
      return await under;
    } catch (error) {
      return rethrow(error);
    } finally {
      this.#underWay.delete(under);
    }
  }
}

/**
 * The workflow's current task was thrown away and is done again (something came in while it ended); the update with
 * it. Its id is free again.
 */
function isNotReady(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code === FAILED_PRECONDITION;
  }
  return false;
}

/** The order was closed between the question and the answer. */
function saysEnded(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
    return false;
  return error.cause.type === 'order-closed' || error.cause.type === 'AcceptedUpdateCompletedWorkflow';
}
