import { z } from 'zod';
import { readDemoFile } from '../demo-data';
import { ask, until } from './places';

const people = z.object({ people: z.array(z.object({ person: z.string(), key: z.string() })) });
const orderPage = z.object({ items: z.array(z.object({ id: z.string(), orderNumber: z.string() })) });
const order = z.object({
  id: z.string(),
  orderNumber: z.string(),
  state: z.string(),
  total: z.object({ amount: z.string() }),
  holds: z.array(z.object({ id: z.string(), type: z.string(), status: z.string() })),
  shipments: z.array(z.object({ shipmentNumber: z.string() })),
  invoices: z.array(z.object({ invoiceNumber: z.string() })),
});
export type HubOrder = z.infer<typeof order>;
const stock = z.object({ items: z.array(z.object({ node: z.object({ id: z.string() }), onHand: z.int() })) });

/** The hub as its people use it: over the REST interface, each with a key of their own. */
export class HubDesk {
  readonly #url: string;
  readonly #keys: ReadonlyMap<string, string>;

  constructor(url: string) {
    this.#url = `${url}/api/v1`;
    this.#keys = new Map(readDemoFile('people.json', people).people.map((one) => [one.person, one.key]));
  }

  #key(person: string): string {
    const key = this.#keys.get(person);
    if (key === undefined) throw new Error(`nobody is called ${person}`);
    return key;
  }

  /** All orders of a purchase order number: there must never be two. */
  async orders(purchaseOrder: string): Promise<readonly HubOrder[]> {
    const key = this.#key('olga');
    const query = `purchaseOrderNumber=${encodeURIComponent(purchaseOrder)}`;
    const { items } = await ask(`${this.#url}/orders?${query}`, orderPage, { key });
    return Promise.all(items.map((item) => ask(`${this.#url}/orders/${item.id}`, order, { key })));
  }

  async place(person: string, purchaseOrder: string, wanted: object): Promise<void> {
    await ask(`${this.#url}/orders`, z.unknown(), {
      body: { purchaseOrderNumber: purchaseOrder, ...wanted },
      key: this.#key(person),
      idempotencyKey: `demo-day/${purchaseOrder}`,
    });
  }

  /** Waits for the hold and decides it, as the person it is given to would. */
  async decide(
    decision: {
      readonly person: string;
      readonly hold: string;
      readonly action: string;
      readonly reason: string;
    },
    purchaseOrder: string,
    withinMs: number,
  ): Promise<void> {
    const hold = await until(
      `a ${decision.hold} hold on ${purchaseOrder}`,
      async () => {
        const holds = (await this.orders(purchaseOrder)).flatMap((one) => one.holds);
        return holds.find((one) => one.type === decision.hold && one.status === 'open');
      },
      withinMs,
    );
    await ask(`${this.#url}/holds/${hold.id}/decisions`, z.unknown(), {
      body: { action: decision.action, reason: decision.reason },
      key: this.#key(decision.person),
      idempotencyKey: `demo-day/${hold.id}/${decision.action}`,
    });
  }

  async onHand(itemId: string, nodeId: string): Promise<number> {
    const query = `item=${encodeURIComponent(itemId)}&node=${encodeURIComponent(nodeId)}`;
    const { items } = await ask(`${this.#url}/inventory?${query}`, stock, { key: this.#key('olga') });
    return items.find((one) => one.node.id === nodeId)?.onHand ?? 0;
  }
}
