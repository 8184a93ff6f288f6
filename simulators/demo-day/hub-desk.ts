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
const task = z.object({
  id: z.string(),
  purchaseOrderNumber: z.string(),
  lines: z.array(z.object({ lineNumber: z.int(), quantity: z.int() })),
});
const taskPage = z.object({ items: z.array(task) });
type StoreStep = 'accept' | 'pick' | 'pack' | 'ship' | 'hand-over';

/** Everything is there, and the buyer signs for it. */
function bodyOf(step: StoreStep, { lines }: z.infer<typeof task>): object {
  if (step === 'pick') return { lines: lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity })) };
  if (step !== 'hand-over') return {};
  return { proof: { kind: 'signature', receivedBy: 'Ivan Petit', signatureReference: 'demo day' } };
}

const stock = z.object({ items: z.array(z.object({ node: z.object({ id: z.string() }), onHand: z.int() })) });

const guides = z.array(
  z.object({
    partnerId: z.string(),
    direction: z.enum(['in', 'out']),
    guide: z.object({ name: z.string(), set: z.string() }),
  }),
);
const documentPage = z.object({ items: z.array(z.object({ id: z.string() })) });
const documentShown = z.object({
  setId: z.string(),
  guide: z.string().nullable(),
  findings: z.array(z.object({ text: z.string() })),
});

/** The hub as its people use it: over the REST interface, each with a key of their own. */
export class HubDesk {
  readonly #url: string;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #guides: z.infer<typeof guides>;

  constructor(url: string) {
    this.#url = `${url}/api/v1`;
    this.#guides = readDemoFile('guides.json', guides).filter(({ direction }) => direction === 'out');
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

  /**
   * What of our documents about a purchase order did not go out under its partner's guide, or not in keeping with it.
   * @param received sets that the partner has got
   */
  async guideDifferences(
    purchaseOrder: string,
    partner: string,
    received: readonly string[],
  ): Promise<readonly string[]> {
    const key = this.#key('olga');
    const query = `purchaseOrderNumber=${encodeURIComponent(purchaseOrder)}&direction=out`;
    const { items } = await ask(`${this.#url}/documents?${query}`, documentPage, { key });
    const shown = await Promise.all(
      items.map(({ id }) => ask(`${this.#url}/documents/${id}`, documentShown, { key })),
    );
    const unknown = received.filter((set) => set !== '997' && !shown.some(({ setId }) => setId === set));
    if (unknown.length > 0) return [`the hub does not show the ${unknown.join(', ')} that it sent`];
    return shown.flatMap(({ setId, guide, findings }) => {
      const wanted = this.#guides.find((one) => one.partnerId === partner && one.guide.set === setId);
      if (wanted?.guide.name !== (guide ?? undefined))
        return [`the ${setId} went out under the guide ${guide ?? 'of nobody'}`];
      return findings.map(({ text }) => `the ${setId} does not keep ${guide ?? 'the standard'}: ${text}`);
    });
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
    // What waits for the buyer's own company is decided there, not by the seller.
    const desk = decision.hold === 'buyer-approval' ? 'buyer-approvals' : 'holds';
    await ask(`${this.#url}/${desk}/${hold.id}/decisions`, z.unknown(), {
      body: { action: decision.action, reason: decision.reason },
      key: this.#key(decision.person),
      idempotencyKey: `demo-day/${hold.id}/${decision.action}`,
    });
  }

  /** Waits for the order's task at the store and does it, as the store's person would. */
  async workAtStore(
    { person, steps }: { readonly person: string; readonly steps: readonly StoreStep[] },
    purchaseOrder: string,
    withinMs: number,
  ): Promise<void> {
    const key = this.#key(person);
    const task = await until(
      `a store task of ${purchaseOrder}`,
      async () => {
        const { items } = await ask(`${this.#url}/store-tasks?limit=100`, taskPage, { key });
        return items.find((one) => one.purchaseOrderNumber === purchaseOrder);
      },
      withinMs,
    );
    for (const step of steps) {
      const body = bodyOf(step, task);
      await ask(`${this.#url}/store-tasks/${task.id}/${step}`, z.unknown(), { body, key });
    }
  }

  async onHand(itemId: string, nodeId: string): Promise<number> {
    const query = `item=${encodeURIComponent(itemId)}&node=${encodeURIComponent(nodeId)}`;
    const { items } = await ask(`${this.#url}/inventory?${query}`, stock, { key: this.#key('olga') });
    return items.find((one) => one.node.id === nodeId)?.onHand ?? 0;
  }
}
