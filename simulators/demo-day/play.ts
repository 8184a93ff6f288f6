import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { HubDesk, type HubOrder } from './hub-desk';
import { ask, type Places, until } from './places';
import type { Scenario, Step } from './scenario';

const document = z.object({
  set: z.string(),
  code: z.string().optional(),
  shipment: z.string().optional(),
  invoice: z.string().optional(),
  totalCents: z.number().optional(),
});
const trade = z.object({
  sent: z
    .array(z.object({ set: z.string(), acknowledgment: z.object({ code: z.string() }).nullable() }))
    .default([]),
  documents: z.array(document).default([]),
  payments: z.array(z.object({ amountCents: z.number() })).default([]),
});
export type TradeSeen = z.infer<typeof trade>;

export interface Outcome {
  readonly scenario: Scenario;
  readonly purchaseOrder: string;
  readonly trade: TradeSeen;
  readonly orders: readonly HubOrder[];
  /** Empty: everything came about as written down before. */
  readonly differences: readonly string[];
  readonly seconds: number;
}

/** Plays scenarios against running systems and watches what comes of them. */
export class Play {
  readonly #places: Places;
  readonly #desk: HubDesk;
  readonly #patienceMs: number;

  /** @param patienceMs how long one thing may take to come about */
  constructor(places: Places, patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.#places = places;
    this.#desk = new HubDesk(places.hub);
  }

  async play(scenario: Scenario, purchaseOrder: string): Promise<Outcome> {
    const begun = Date.now();
    let differences: readonly string[];
    try {
      for (const step of scenario.steps) await this.#do(step, scenario, purchaseOrder);
      differences = await this.#settle(scenario, purchaseOrder);
    } catch (error) {
      differences = [error instanceof Error ? error.message : String(error)];
    }
    return {
      ...(await this.look(scenario, purchaseOrder)),
      differences,
      seconds: (Date.now() - begun) / 1000,
    };
  }

  /** What there is now on both sides. */
  async look(scenario: Scenario, purchaseOrder: string): Promise<Omit<Outcome, 'differences' | 'seconds'>> {
    const orders = await this.#desk.orders(purchaseOrder).catch(() => []);
    return { scenario, purchaseOrder, orders, trade: await this.#trade(scenario, purchaseOrder) };
  }

  /** Everything that is not as expected at this moment. */
  async differences(scenario: Scenario, purchaseOrder: string): Promise<readonly string[]> {
    const orders = orderDifferences(scenario, await this.#desk.orders(purchaseOrder));
    if (scenario.expected === undefined) return orders;
    const { documents } = await this.#trade(scenario, purchaseOrder);
    const received = documents.map(({ set }) => set);
    const guides = await this.#desk.guideDifferences(purchaseOrder, scenario.partner, received);
    const shape = z.object({ differences: z.array(z.string()) });
    const url = `${this.#tradeUrl(scenario, purchaseOrder)}/compare`;
    return [...orders, ...guides, ...(await ask(url, shape, { body: scenario.expected })).differences];
  }

  async #settle(scenario: Scenario, purchaseOrder: string): Promise<readonly string[]> {
    const end = Date.now() + this.#patienceMs;
    for (;;) {
      const differences = await this.differences(scenario, purchaseOrder);
      if (differences.length === 0 || Date.now() > end) return differences;
      await pause(250);
    }
  }

  #tradeUrl(scenario: Scenario, purchaseOrder: string): string {
    return `${this.#places.partner}/trades/${scenario.partner}/${purchaseOrder}`;
  }

  async #trade(scenario: Scenario, purchaseOrder: string): Promise<TradeSeen> {
    if (scenario.expected === undefined) return trade.parse({});
    return ask(this.#tradeUrl(scenario, purchaseOrder), trade).catch(() => trade.parse({}));
  }

  async #do(step: Step, scenario: Scenario, purchaseOrder: string): Promise<void> {
    const { partner } = this.#places;
    const addressed = { as: scenario.partner, purchaseOrder };
    const any = z.unknown();
    switch (step.do) {
      case 'order':
        return void (await ask(`${partner}/orders`, any, { body: { ...addressed, order: step.order } }));
      case 'change':
        return void (await ask(`${partner}/changes`, any, { body: { ...addressed, change: step.change } }));
      case 'raw':
        return void (await ask(`${partner}/raw`, any, { body: { ...addressed, segments: step.segments } }));
      case 'again':
        return void (await ask(`${partner}/again`, any, { body: addressed }));
      case 'order-by-api':
        return this.#desk.place(step.person, purchaseOrder, step.order);
      case 'decide':
        return this.#desk.decide(step, purchaseOrder, this.#patienceMs);
      case 'work-at-store':
        return this.#desk.workAtStore(step, purchaseOrder, this.#patienceMs);
      case 'await-acknowledgment':
        return this.#await('a 997', scenario, purchaseOrder, (seen) =>
          seen.sent.every((one) => one.acknowledgment !== null),
        );
      case 'await-document':
        return this.#await(`an ${step.set} ${step.code ?? ''}`, scenario, purchaseOrder, (seen) =>
          seen.documents.some(
            (one) => one.set === step.set && (step.code === undefined || one.code === step.code),
          ),
        );
      case 'receive':
        return this.#receive(step);
      default:
        return this.#switch(step);
    }
  }

  /** The switches of the simulators. */
  async #switch(step: Extract<Step, { do: 'short' | 'faults' | 'clear-faults' | 'pause' }>): Promise<void> {
    const any = z.unknown();
    const url = 'system' in step ? `${this.#places[systemName(step.system)]}/admin/faults` : '';
    if (step.do === 'pause') await pause(step.ms);
    else if (step.do === 'faults') await ask(url, any, { body: step.faults });
    else if (step.do === 'clear-faults') await ask(url, any, { method: 'DELETE' });
    else {
      const { itemId, shortBy } = step;
      await ask(`${this.#places.warehouse}/admin/shortages`, any, { body: { itemId, shortBy } });
    }
  }

  async #await(
    what: string,
    scenario: Scenario,
    purchaseOrder: string,
    there: (seen: TradeSeen) => boolean,
  ): Promise<void> {
    const look = async () => (there(await this.#trade(scenario, purchaseOrder)) ? true : undefined);
    await until(`${what} for ${purchaseOrder}`, look, this.#patienceMs);
  }

  async #receive(step: Extract<Step, { do: 'receive' }>): Promise<void> {
    const { nodeId, itemId, quantity } = step;
    const before = await this.#desk.onHand(itemId, nodeId);
    await ask(`${this.#places.warehouse}/admin/receive`, z.unknown(), { body: { nodeId, itemId, quantity } });
    if (!step.wait) return;
    const arrived = async () =>
      (await this.#desk.onHand(itemId, nodeId)) >= before + quantity ? true : undefined;
    await until(`${quantity} of ${itemId} at ${nodeId}`, arrived, this.#patienceMs);
  }
}

function systemName(name: string): keyof Places {
  if (name === 'erp' || name === 'warehouse' || name === 'carrier' || name === 'partner') return name;
  throw new Error(`there is no system ${name}`);
}

function orderDifferences({ order: wanted }: Scenario, orders: readonly HubOrder[]): readonly string[] {
  if (wanted === null) return orders.length === 0 ? [] : ['an order came of it'];
  const [order, ...more] = orders;
  if (!order) return ['there is no order'];
  const differences = more.length > 0 ? [`${orders.length} orders came of it`] : [];
  if (order.state !== wanted.state) differences.push(`the order is ${order.state}, not ${wanted.state}`);
  if (wanted.total !== undefined && order.total.amount !== wanted.total)
    differences.push(`the order's total is ${order.total.amount}, not ${wanted.total}`);
  const holds = order.holds.map((hold) => `${hold.type} ${hold.status}`).sort();
  const expected = wanted.holds.map(([type, status]) => `${type} ${status}`).sort();
  if (holds.join() !== expected.join())
    differences.push(`holds: ${holds.join(', ') || 'none'}, expected ${expected.join(', ') || 'none'}`);
  return differences;
}
