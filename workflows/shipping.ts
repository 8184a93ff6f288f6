import { condition } from '@temporalio/workflow';
import { isDone, type ShipmentProgress } from '../domain/order/progress';
import { outsideAt, record } from './activity-stubs';
import type { OrderDesk } from './order-desk';
import { isBlocked, shipmentOf } from './standing';

/** A refusal is a person's business: asked again by itself only after minutes. */
const REFUSED_LATER = 5;

/** The stories of an order's shipments, side by side. */
export class Shipping {
  readonly #desk: OrderDesk;
  readonly #followed = new Map<string, 'under-way' | 'ended'>();
  /** Calls that a change must not overtake: label and release on their way. */
  #calling = 0;
  #changesBeingDecided = 0;
  #underWay = 0;

  constructor(desk: OrderDesk) {
    this.#desk = desk;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** No call to the outside runs whose end would be lost with this run of the workflow. */
  get isQuiet(): boolean {
    return this.#calling === 0;
  }

  /**
   * Starts the story of every shipment that has none yet, from where the record says it is. One that is done and then
   * billed again, for what left with it of a bundle, has another one.
   */
  follow(): void {
    for (const shipment of this.#desk.progress.shipments) {
      const { shipmentId } = shipment;
      if (isDone(shipment)) {
        if (this.#followed.get(shipmentId) === 'ended') this.#followed.delete(shipmentId);
        continue;
      }
      if (this.#followed.has(shipmentId)) continue;
      this.#followed.set(shipmentId, 'under-way');
      this.#underWay++;
      void this.#story(shipment).finally(() => {
        this.#underWay--;
        this.#followed.set(shipmentId, 'ended');
        this.#desk.happened();
      });
    }
  }

  async #story(shipment: ShipmentProgress): Promise<void> {
    const { shipmentId } = shipment;
    if (shipment.state === 'planned') {
      if (!shipment.labelled) await this.#label(shipmentId);
      if (!(await this.#release(shipmentId))) return;
    }
    if (!(await this.#shipped(shipmentId))) return;
    await this.#invoiced(shipmentId);
  }

  async #label(shipmentId: string): Promise<void> {
    await this.#desk.persist(`label/${shipmentId}`, 'outside-call', async () => {
      if (await this.#mayGoOn(shipmentId)) {
        await this.#uninterrupted(() => this.#at('carrier').buyLabel(this.#desk.orderId, shipmentId));
      }
    });
  }

  /** Until the warehouse has it. False: the shipment was cancelled before. */
  async #release(shipmentId: string): Promise<boolean> {
    for (let round = 1; ; round++) {
      const wakes = this.#desk.wakes;
      const reply = await this.#desk.persist(`release/${shipmentId}`, 'outside-call', async () => {
        if (!(await this.#mayGoOn(shipmentId))) return { kind: 'not-wanted' } as const;
        return this.#uninterrupted(() =>
          this.#warehouseOf(shipmentId).releaseToWarehouse(this.#desk.orderId, shipmentId),
        );
      });
      if (reply.kind === 'accepted') return true;
      if (reply.kind === 'not-wanted') return false;
      // The record has given the refusal an owner. Who settles it with the warehouse wakes the order.
      await this.#desk.wokenSince(wakes, round + REFUSED_LATER);
    }
  }

  /** Until goods have left and the record, the 856 and the invoice say so. False: it was recalled. */
  async #shipped(shipmentId: string): Promise<boolean> {
    const known = () => shipmentOf(this.#desk.progress, shipmentId);
    await condition(() => {
      const shipment = known();
      return (
        shipment === undefined ||
        shipment.confirmReceived ||
        !['planned', 'released'].includes(shipment.state)
      );
    });
    const shipment = known();
    if (shipment === undefined || shipment.state === 'cancelled') return false;
    if (shipment.state === 'planned' || shipment.state === 'released') {
      await this.#desk.step(`ship-confirm/${shipmentId}`, () =>
        record.applyShipConfirm(this.#desk.orderId, shipmentId, this.#desk.now()),
      );
    }
    return true;
  }

  async #invoiced(shipmentId: string): Promise<void> {
    const shipment = shipmentOf(this.#desk.progress, shipmentId);
    // Everything was picked short: nothing left, nothing to invoice.
    if (!shipment?.invoiceId || shipment.invoicePosted) return;
    const { invoiceId } = shipment;
    await condition(() => this.#isFree(shipmentId, 'invoice'));
    await this.#desk.call(`invoice/${invoiceId}`, () =>
      this.#at('erp').postInvoice(this.#desk.orderId, invoiceId),
    );
  }

  /** Nothing new goes to carriers and warehouses while a change is being decided or a hold forbids it. */
  async #mayGoOn(shipmentId: string): Promise<boolean> {
    await condition(
      () =>
        this.#changesBeingDecided === 0 &&
        this.#isFree(shipmentId, 'release') &&
        this.#isFree(shipmentId, 'ship'),
    );
    const shipment = shipmentOf(this.#desk.progress, shipmentId);
    return shipment !== undefined && shipment.state !== 'cancelled';
  }

  /** No hold of the order, of the shipment or of a line in it blocks the step. */
  #isFree(shipmentId: string, step: string): boolean {
    const { progress } = this.#desk;
    const shipment = shipmentOf(progress, shipmentId);
    return !isBlocked(progress, step) && !(shipment?.heldSteps ?? []).includes(step);
  }

  async #uninterrupted<T>(call: () => Promise<T>): Promise<T> {
    this.#calling++;
    try {
      return await call();
    } finally {
      this.#calling--;
    }
  }

  /** While `work` decides a change, no call is on its way and none is begun. */
  async whileStill<T>(work: () => Promise<T>): Promise<T> {
    this.#changesBeingDecided++;
    try {
      await condition(() => this.#calling === 0);
      return await work();
    } finally {
      this.#changesBeingDecided--;
    }
  }

  #at(counterparty: string) {
    return outsideAt(this.#desk.progress, counterparty);
  }

  #warehouseOf(shipmentId: string) {
    const shipment = shipmentOf(this.#desk.progress, shipmentId);
    return this.#at(`warehouse/${shipment?.nodeId ?? ''}`);
  }

  async recall(shipmentId: string): Promise<void> {
    await this.#desk.persist(`recall/${shipmentId}`, 'outside-call', () =>
      this.#warehouseOf(shipmentId).recallFromWarehouse(this.#desk.orderId, shipmentId),
    );
  }
}
