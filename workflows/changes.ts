import type { ChangeOutcome } from '../domain/order/progress';
import { record } from './activity-stubs';
import type { OrderDesk } from './order-desk';
import type { Shipping } from './shipping';

/** Changes and cancels (860, portal): decided one after another, while nothing is on its way to a warehouse. */
export class Changes {
  readonly #desk: OrderDesk;
  readonly #shipping: Shipping;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(desk: OrderDesk, shipping: Shipping) {
    this.#desk = desk;
    this.#shipping = shipping;
  }

  get beingDecided(): boolean {
    return this.#waiting > 0;
  }

  async decide(changeId: string): Promise<ChangeOutcome> {
    const before = this.#turn;
    this.#waiting++;
    const turn = (async () => {
      await before.catch(() => undefined);
      try {
        return await this.#shipping.whileStill(() => this.#decideNow(changeId));
      } finally {
        this.#waiting--;
        this.#desk.happened();
      }
    })();
    this.#turn = turn;
    return turn;
  }

  async #decideNow(changeId: string): Promise<ChangeOutcome> {
    const first = await this.#outcome(changeId);
    if (first.kind !== 'needs-recall') return first;
    // Also a release that ended in a fault may have reached its warehouse: it has to say that it will not ship.
    await Promise.all(first.shipmentIds.map((shipmentId) => this.#shipping.recall(shipmentId)));
    // Every warehouse has answered now; where one was too late, the record refuses that part.
    return this.#outcome(changeId);
  }

  #outcome(changeId: string): Promise<ChangeOutcome> {
    return this.#desk.decide(() => record.decideChange(this.#desk.orderId, changeId, this.#desk.now()));
  }
}
