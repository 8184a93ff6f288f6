import { condition, isCancellation, rootCause, upsertSearchAttributes } from '@temporalio/workflow';
import type { OrderProgress } from '../domain/order/progress';
import type { Instant } from '../domain/shared/dates';
import { record } from './activity-stubs';
import type { Decided, Trouble } from './contracts/record-activities';
import { searchAttributes } from './contracts/search-attributes';
import { deadlinesOf, nothingIsWaitedFor } from './standing';

/** What does not succeed is tried again by itself after this, then after twice as long, up to the longest. */
const TRY_AGAIN_AFTER_MS = 15_000;
const TRY_AGAIN_AT_LEAST_EVERY_MS = 10 * 60_000;
/** Prices, credit and stock are looked at once more before a release unless they were just looked at. */
const ASSESSMENT_HOLDS_MS = 60_000;
/** A step that changed nothing is not repeated at once: what it waits for may be a row that somebody corrects. */
const STANDSTILL_MS = 5 * 60_000;

/**
 * The workflow's place at the record: it holds the newest progress, lets one step at a time write, and waits until
 * something happens to the order.
 */
export class OrderDesk {
  readonly orderId: string;
  #progress: OrderProgress | undefined;
  /** Goes up with everything that may matter to someone who waits. */
  #happenings = 0;
  #wakes = 0;
  #wakesRead = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Goes up when a step begins, and with every progress that comes in. */
  #readings = 0;
  readonly #kept = new Set<string>();
  #assessed = { atMs: 0, wakes: 0 };
  #published = '';

  constructor(orderId: string) {
    this.orderId = orderId;
  }

  get progress(): OrderProgress {
    if (!this.#progress) throw new Error('the order is not taken up yet');
    return this.#progress;
  }

  /** Null until the order was taken up: an update may come in with the very first task. */
  get progressIfKnown(): OrderProgress | null {
    return this.#progress ?? null;
  }

  get happenings(): number {
    return this.#happenings;
  }

  now(): Instant {
    return new Date().toISOString();
  }

  wake(): void {
    this.#wakes++;
    this.#happenings++;
  }

  /** A wake has come that no step has read the record after. */
  get woken(): boolean {
    return this.#wakes > this.#wakesRead;
  }

  /** For those who have changed something outside the record's progress (a shipment's story has ended). */
  happened(): void {
    this.#happenings++;
  }

  /** The workflow has the order from now on. */
  async takeUp(): Promise<void> {
    await this.#assessing('take-up', () => record.takeUpOrder(this.orderId, this.now()));
  }

  async assess(): Promise<void> {
    await this.#assessing('assess', () => record.assessOrder(this.orderId, this.now()));
  }

  async #assessing(name: string, work: () => Promise<OrderProgress>): Promise<void> {
    const assessed = { atMs: Date.now(), wakes: this.#wakes };
    await this.step(name, work);
    this.#assessed = assessed;
  }

  /** Nothing has come in since the last assessment, and it was made just now. */
  get isFreshlyAssessed(): boolean {
    return this.#assessed.wakes === this.#wakes && Date.now() - this.#assessed.atMs < ASSESSMENT_HOLDS_MS;
  }

  /** One step at the record, which answers with the progress it leaves. Steps take turns. */
  async step(name: string, work: () => Promise<OrderProgress>): Promise<OrderProgress> {
    return this.persist(name, 'step-failed', () => this.#inTurn(work));
  }

  /** A step that is to bring the order forward. Where it does not, something has to happen before it is tried again. */
  async ensure(name: string, work: () => Promise<OrderProgress>): Promise<void> {
    const before = essence(this.progress);
    await this.step(name, work);
    if (essence(this.progress) === before) await this.standstill();
  }

  /** Until something happens, or it is worth another look anyway. */
  async standstill(): Promise<void> {
    await this.somethingHappens(this.#happenings, STANDSTILL_MS);
  }

  /** The same for a decision that somebody waits for: a failure is told to them instead of being tried for ever. */
  async decide<Outcome>(work: () => Promise<Decided<Outcome>>): Promise<Outcome> {
    let outcome: Outcome | undefined;
    await this.#inTurn(async () => {
      const decided = await work();
      outcome = decided.outcome;
      return decided.progress;
    });
    return outcome as Outcome;
  }

  async #inTurn(work: () => Promise<OrderProgress>): Promise<OrderProgress> {
    const before = this.#turn;
    const turn = (async () => {
      await before.catch(() => undefined);
      const wakes = this.#wakes;
      this.#readings++;
      const progress = await work();
      this.#take(progress);
      this.#wakesRead = wakes;
      return progress;
    })();
    this.#turn = turn;
    return turn;
  }

  #take(progress: OrderProgress): void {
    this.#readings++;
    this.#progress = progress;
    this.#happenings++;
  }

  /**
   * A call to the outside that answers with the progress it leaves. It runs beside the steps, so what it says may be
   * older than what one of them has read meanwhile: then the record is read once more.
   */
  async call(name: string, work: () => Promise<OrderProgress>): Promise<void> {
    await this.#turn.catch(ignoreUnlessCancelled);
    const readings = this.#readings;
    const progress = await this.persist(name, 'outside-call', work);
    if (this.#readings === readings) this.#take(progress);
    else await this.step('read', () => record.readProgress(this.orderId));
  }

  /**
   * Works until it has succeeded. What does not succeed by itself gets an owner; it is tried again when that person (or
   * anything else) wakes the order, and from time to time.
   */
  async persist<T>(step: string, kind: Trouble['kind'], work: () => Promise<T>): Promise<T> {
    for (let round = 1; ; round++) {
      const wakes = this.#wakes;
      try {
        const result = await work();
        if (round > 1) await this.#settle(step);
        return result;
      } catch (error) {
        if (isCancellation(error)) throw error;
        await this.report(step, kind, rootCause(error) ?? String(error));
        await this.wokenSince(wakes, round);
      }
    }
  }

  async report(step: string, kind: Trouble['kind'], text: string): Promise<void> {
    const trouble = { orderId: this.orderId, step, kind, text };
    // When even this cannot be written the database is away, which its own alarms say.
    await record.reportTrouble(trouble, this.now()).catch(ignoreUnlessCancelled);
  }

  async #settle(step: string): Promise<void> {
    await record.settleTrouble(this.orderId, step, this.now()).catch(ignoreUnlessCancelled);
  }

  get wakes(): number {
    return this.#wakes;
  }

  /** Until the order is woken after `wakes`, or it is time for the next round. */
  async wokenSince(wakes: number, round: number): Promise<void> {
    const waitMs = Math.min(TRY_AGAIN_AT_LEAST_EVERY_MS, TRY_AGAIN_AFTER_MS * 2 ** (round - 1));
    await condition(() => this.#wakes > wakes, waitMs);
  }

  /** Waits until something has happened since `seen`, or a deadline of the order has come, which is then kept. */
  async somethingHappens(seen: number, longestMs: number | null = null): Promise<void> {
    // What only waits for its warehouse and the ERP is not for long as it is now; each showing is a write to the list.
    if (this.#published !== '' || !nothingIsWaitedFor(this.progress)) this.publish();
    const waiting = deadlinesOf(this.progress).filter((deadline) => !this.#kept.has(deadline.key));
    const nextMs = Math.min(
      ...waiting.map((deadline) => deadline.atMs),
      longestMs === null ? Infinity : Date.now() + longestMs,
    );
    const happened = () => this.#happenings !== seen;
    const waitMs = nextMs - Date.now();
    // What is due already needs no timer: that costs a task of the workflow, and fires into the one under way.
    if (happened()) return;
    if (waitMs === Infinity) await condition(happened);
    else if (waitMs <= 0 || !(await condition(happened, waitMs))) await this.keepDeadlines();
  }

  async keepDeadlines(): Promise<void> {
    for (const deadline of deadlinesOf(this.progress))
      if (deadline.atMs <= Date.now()) this.#kept.add(deadline.key);
    await this.step('deadlines', () => record.keepDeadlines(this.orderId, this.now()));
  }

  /** Shows state and holds in Temporal's list: while somebody or some stock is waited for, and at the end. */
  publish(): void {
    const { state, openHolds } = this.progress;
    const holdTypes = [...new Set(openHolds.map((hold) => hold.type))].sort();
    const published = JSON.stringify([state, holdTypes]);
    if (published === this.#published) return;
    this.#published = published;
    upsertSearchAttributes([
      { key: searchAttributes.orderState, value: state },
      { key: searchAttributes.holdTypes, value: holdTypes.length > 0 ? holdTypes : null },
    ]);
  }
}

function ignoreUnlessCancelled(error: unknown): void {
  if (isCancellation(error)) throw error;
}

/** Progress without the version, which goes up with every write, also with one that brought nothing. */
function essence({ version: _, ...rest }: OrderProgress): string {
  return JSON.stringify(rest);
}
