import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  currentUpdateInfo,
  isCancellation,
  patched,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { type HoldDecision, holdActions } from '../domain/order/progress';
import { outsideAtBest, record } from './activity-stubs';
import { Changes } from './changes';
import { applyChange, type OrderEnd, resolveHold, wake } from './contracts/order-workflow';
import { OrderDesk } from './order-desk';
import { Shipping } from './shipping';
import { isBlocked, isOver, mayBePlanned, nothingIsWaitedFor } from './standing';

/**
 * A worker that takes an order over replays its history, some 1 ms of CPU an event, within the ten seconds of a workflow
 * task. Where others keep the machine busy that is a tenth of it, and a run of 1,500 events was no more taken over by any.
 */
const LONG_HISTORY_EVENTS = 400;
/** From here on runs went over before they were to be shorter. */
const LONG_HISTORY_EVENTS_BEFORE = 1500;

/**
 * The story of one purchase order, from its acceptance to its last invoice. Where it stands is read from the record
 * at every step, so the same story can be started again at any point and repeats nothing that is done.
 *
 * A change that alters the order of steps for orders in flight goes behind `patched('...')`; the recorded histories in
 * test/workflow hold it to that.
 */
export async function order(orderId: string): Promise<OrderEnd> {
  const desk = new OrderDesk(orderId);
  const shipping = new Shipping(desk);
  const changes = new Changes(desk, shipping);
  listen(desk, changes);

  await desk.takeUp();
  const receivables = new FreshReceivables(desk);
  const planning = new Planning(desk);
  while (!isOver(desk.progress)) {
    const { progress, happenings: seen } = desk;
    const [change] = progress.pendingChanges;
    await rollOver(desk, shipping, changes);

    if (desk.woken) await lookAgain(desk);
    else if (changes.beingDecided) await desk.somethingHappens(seen);
    else if (change !== undefined) await decided(desk, changes, change);
    else if (isBlocked(progress, 'answer')) {
      receivables.askOnce();
      await desk.somethingHappens(seen);
    } else if (!progress.answer.finalGiven)
      await desk.ensure('answer', () => record.answerOrder(orderId, desk.now()));
    else if (!progress.fulfils) return end(desk, { stopped: true });
    else if (planning.isDue) await planning.plan();
    else {
      shipping.follow();
      if (shipping.underWay > 0 || !nothingIsWaitedFor(progress)) await desk.somethingHappens(seen);
      else await desk.ensure('close', () => record.closeOrder(orderId, desk.now()));
    }
  }
  return end(desk, { stopped: false });
}

/** Commands and wakes. Validators see only what the workflow knows; authority is judged by the record. */
function listen(desk: OrderDesk, changes: Changes): void {
  setHandler(wake, () => desk.wake());
  setHandler(
    resolveHold,
    (decision) => {
      // The command's own id: a decision whose report was lost is told again, not made again.
      const commandId = currentUpdateInfo()?.id ?? uuid4();
      return desk.decide(() => record.resolveHold(desk.orderId, decision, commandId, desk.now()));
    },
    { validator: (decision) => refuseUnless(isHoldDecision(decision), desk) },
  );
  setHandler(applyChange, (changeId) => changes.decide(changeId), {
    validator: (changeId) => refuseUnless(isText(changeId), desk),
  });
}

function refuseUnless(wellFormed: boolean, desk: OrderDesk): void {
  if (!wellFormed)
    throw ApplicationFailure.nonRetryable('The command is not well formed', 'malformed-command');
  if (desk.progressIfKnown && isOver(desk.progressIfKnown)) {
    throw ApplicationFailure.nonRetryable('The order is closed', 'order-closed');
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

function isHoldDecision(value: HoldDecision): boolean {
  return (
    isText(value?.holdId) &&
    isText(value.person) &&
    typeof value.reason === 'string' &&
    Array.isArray(value.roles) &&
    holdActions.includes(value.action)
  );
}

/** What was written may have freed a held order: a payment, a raised limit, another order that was cancelled. */
async function lookAgain(desk: OrderDesk): Promise<void> {
  if (desk.progress.openHolds.length > 0) await desk.assess();
  else await desk.step('read', () => record.lookAgain(desk.orderId, desk.now()));
}

/** Plans what is reserved and what stock has come in for; what then still waits is tried when something has happened. */
class Planning {
  readonly #desk: OrderDesk;
  #triedAt = -1;

  constructor(desk: OrderDesk) {
    this.#desk = desk;
  }

  get isDue(): boolean {
    return mayBePlanned(this.#desk.progress, Date.now()) && this.#desk.happenings !== this.#triedAt;
  }

  async plan(): Promise<void> {
    const assessFirst = !this.#desk.isFreshlyAssessed;
    await this.#desk.step('plan', () =>
      record.planShipments(this.#desk.orderId, { assessFirst }, this.#desk.now()),
    );
    this.#triedAt = this.#desk.happenings;
  }
}

async function decided(desk: OrderDesk, changes: Changes, changeId: string): Promise<void> {
  await desk.persist(`change/${changeId}`, 'step-failed', () => changes.decide(changeId));
  if (desk.progress.pendingChanges.includes(changeId)) await desk.standstill();
}

/** A credit hold is worth a person's time only on fresh figures, so the ERP is asked for them once. */
class FreshReceivables {
  readonly #desk: OrderDesk;
  #asked = false;

  constructor(desk: OrderDesk) {
    this.#desk = desk;
  }

  askOnce(): void {
    if (this.#asked || !this.#desk.progress.openHolds.some((hold) => hold.type === 'credit')) return;
    this.#asked = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      await outsideAtBest.refreshReceivables(this.#desk.orderId);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return;
    }
    await this.#desk.assess();
  }
}

/** A long life (months of backorder) goes on in a new run when its history has grown; nothing may be under way. */
async function rollOver(desk: OrderDesk, shipping: Shipping, changes: Changes): Promise<void> {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  if (!continueAsNewSuggested && historyLength < LONG_HISTORY_EVENTS) return;
  if (!shipping.isQuiet || changes.beingDecided || !allHandlersFinished()) return;
  const wasDueBefore = continueAsNewSuggested || historyLength >= LONG_HISTORY_EVENTS_BEFORE;
  if (wasDueBefore || patched('shorter-runs')) await continueAsNew<typeof order>(desk.orderId);
}

async function end(desk: OrderDesk, { stopped }: { readonly stopped: boolean }): Promise<OrderEnd> {
  // Whoever still waits for an answer gets it before the workflow is gone.
  await condition(allHandlersFinished);
  desk.publish();
  return { state: desk.progress.state, stopped };
}
