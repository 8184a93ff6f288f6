import type {
  ChangeOutcome,
  HoldDecision,
  HoldDecisionOutcome,
  OrderProgress,
} from '../../domain/order/progress';
import type { Instant } from '../../domain/shared/dates';

/**
 * What an order's workflow does to the hub's own record: short, idempotent, one transaction each, run as local
 * activities. Every one answers with the progress as it is after its transaction, so that no second read is needed.
 * `now` is the workflow's clock: a due time that its timer has reached is due for the record as well.
 */
export interface RecordActivities {
  readProgress(orderId: string): Promise<OrderProgress>;
  /** What was written meanwhile; a ship confirm that came alone is taken in by it. */
  lookAgain(orderId: string, now: Instant): Promise<OrderProgress>;
  /**
   * The workflow has the order from now on; assessed again, because it may be started from an old record. Where nothing
   * stands in its way it is answered and its shipments are planned at once.
   */
  takeUpOrder(orderId: string, now: Instant): Promise<OrderProgress>;
  assessOrder(orderId: string, now: Instant): Promise<OrderProgress>;
  /** Escalates, expires, answers "on hold", cancels what is past its cancel-after: whatever is due by now. */
  keepDeadlines(orderId: string, now: Instant): Promise<OrderProgress>;
  answerOrder(orderId: string, now: Instant): Promise<OrderProgress>;
  resolveHold(
    orderId: string,
    decision: HoldDecision,
    commandId: string,
    now: Instant,
  ): Promise<Decided<HoldDecisionOutcome>>;
  decideChange(orderId: string, changeId: string, now: Instant): Promise<Decided<ChangeOutcome>>;
  /** Assessed once more where something may have happened since, then shipments are planned unless a hold blocks. */
  planShipments(
    orderId: string,
    options: { readonly assessFirst: boolean },
    now: Instant,
  ): Promise<OrderProgress>;
  /** The warehouse's ship confirm becomes stock, lines, packages, 856, invoice and 810. */
  applyShipConfirm(orderId: string, shipmentId: string, now: Instant): Promise<OrderProgress>;
  /** Ends the order if nothing of it is open any more. */
  closeOrder(orderId: string, now: Instant): Promise<OrderProgress>;
  /** A step that does not succeed by itself gets an owner. One open exception a subject. */
  reportTrouble(trouble: Trouble, now: Instant): Promise<void>;
  /** The step succeeded after all. */
  settleTrouble(orderId: string, step: string, now: Instant): Promise<void>;
}

export interface Decided<Outcome> {
  readonly outcome: Outcome;
  readonly progress: OrderProgress;
}

export interface Trouble {
  readonly orderId: string;
  /** Which step of this order, for example `release/<shipment>`. */
  readonly step: string;
  readonly kind: 'outside-call' | 'step-failed';
  readonly text: string;
}
