import { customerPolicySchema } from '../../application/customer/customer-policy';
import type { CustomerRow } from '../../application/customer/customer-record';
import { agreeContent } from '../../application/order/agree-content';
import { type ItemFacts, type LineFacts, resolveLines } from '../../application/order/resolve-lines';
import { givePromotions } from '../../application/pricing/give-promotions';
import { ItemRelations } from '../../application/sourcing/item-relations';
import type { OrderRequest } from '../../domain/order/order-request';
import type { Promotion } from '../../domain/pricing/promotion';
import type { PriceRow } from '../../domain/pricing/resolve-price';

const LINES = 10_000;
const ITEMS = 2_500;
const PROMOTIONS = 40;

/** Of each item: a list with four tiers, two of them over the order's volume, and a contract of two tiers with a minimum. */
function pricesOf(itemId: string): readonly PriceRow[] {
  const row = (at: number, more: Partial<PriceRow>): PriceRow => ({
    priceId: `${itemId}-${at}`,
    source: 'list',
    listId: 'LIST',
    unit: 'EA',
    minimumQuantity: '1',
    unitPrice: '10.1234',
    currency: 'USD',
    validFrom: '2026-01-01',
    validTo: null,
    version: 1,
    ...more,
  });
  const contract = {
    contractId: 'C-1',
    name: 'Frame',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    minimumOrderQuantity: 1_000_000_000,
  };
  return [
    row(1, {}),
    row(2, { minimumQuantity: '10', unitPrice: '9.75' }),
    row(3, { minimumQuantity: '60', unitPrice: '9.5', tierOver: 'item' }),
    row(4, { minimumQuantity: '5000', unitPrice: '9.25', tierOver: 'group' }),
    row(5, { source: 'contract', listId: null, contract, unitPrice: '8' }),
    row(6, { source: 'contract', listId: null, contract, unitPrice: '7.5', minimumQuantity: '100' }),
  ];
}

function facts(): LineFacts {
  const items = new Map<string, ItemFacts>();
  for (let i = 0; i < ITEMS; i += 1) {
    const itemId = `I${i}`;
    items.set(itemId, {
      itemId,
      description: itemId,
      factors: { EA: 1, CA: 12 },
      baseUnit: 'EA',
      unitsPerCarton: 12,
      backorderable: true,
      active: true,
      itemClass: `CLASS-${i % 20}`,
      priceGroup: `GROUP-${i % 50}`,
    } as ItemFacts);
  }
  const promotions = Array.from(
    { length: PROMOTIONS },
    (_, i): Promotion => ({
      promotionId: `P${i}`,
      version: 1,
      name: `Promotion ${i}`,
      validFrom: '2026-01-01',
      validTo: null,
      currency: 'USD',
      itemClasses: i % 4 === 3 ? undefined : [`CLASS-${i % 20}`],
      minimumQuantity: 10,
      minimumAmountMinor: null,
      benefit:
        i % 4 === 3
          ? { kind: 'percent', percent: '1', of: 'order' }
          : i % 4 === 2
            ? { kind: 'buy-get', buy: 10, get: 1, percent: '100', getItems: null }
            : { kind: 'percent', percent: '2.5', of: 'line' },
      stacking: (['stackable', 'best-of', 'exclusive'] as const)[i % 3] ?? 'stackable',
      precedence: i,
      maximumMinor: i % 5 === 0 ? 100_000_000 : null,
      maximumUses: null,
      maximumUsesPerCustomer: null,
      code: 'F800',
    }),
  );
  return {
    itemOf: ({ value }) => (items.has(value) ? value : undefined),
    items,
    prices: new Map([...items.keys()].map((itemId) => [itemId, pricesOf(itemId)])),
    promotions,
    rates: [],
    earlier: new Map(),
    relations: new ItemRelations([], { customerId: 'C', partnerId: null }),
  };
}

function order(lines: number): OrderRequest {
  return {
    channel: 'api',
    usage: 'P',
    type: 'standard',
    entityId: 'US01',
    customerId: 'ACME',
    purchaseOrderNumber: 'PO',
    purchaseOrderDate: '2026-03-01',
    parties: [],
    dates: [],
    references: [],
    notes: [],
    unhandled: [],
    lines: Array.from({ length: lines }, (_, i) => ({
      productIds: [{ qualifier: 'VP', value: `I${i % ITEMS}` }],
      quantity: String(1 + (i % 30)),
      unit: i % 3 === 0 ? 'CA' : 'EA',
      dates: [],
      references: [],
    })),
  };
}

function priceAll(request: OrderRequest, known: LineFacts) {
  const policy = customerPolicySchema.parse({});
  const date = request.purchaseOrderDate;
  const terms = { policy, currency: 'USD', date };
  const resolved = resolveLines(
    request.lines.map((line, i) => ({ line, lineNumber: i + 1 })),
    known,
    terms,
  );
  const available = new Map(
    known.promotions
      .filter((p) => p.maximumMinor !== null)
      .map((p) => [p.promotionId, { minor: p.maximumMinor, uses: null }]),
  );
  const given = givePromotions(resolved, {
    ...terms,
    customerId: 'ACME',
    channel: 'api',
    promotions: known.promotions,
    available,
  });
  const customer = { currency: 'USD', terms: { netDays: 30 } } as CustomerRow;
  return { given, agreed: agreeContent(request, given.lines, customer, policy, given.standing) };
}

/** Of this process: what other processes of the machine do meanwhile is not in it. */
const cpuMs = (run: () => unknown): number => {
  const begin = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
};

test('promotions whose limits do not cover the order are refused one after the other without pricing it anew each time', () => {
  const known = facts();
  const tight = known.promotions.map((one, i) => ({ ...one, maximumMinor: 1_000 + i }));
  const none = { ...known, promotions: tight };
  expect(priceAll(order(LINES), none).given.standing).toEqual([]);
  const once = Math.min(...Array.from({ length: 3 }, () => cpuMs(() => priceAll(order(LINES), known))));
  const refused = Math.min(...Array.from({ length: 3 }, () => cpuMs(() => priceAll(order(LINES), none))));
  process.stdout.write(`${PROMOTIONS} promotions beyond their limits: ${Math.round(refused)} ms of CPU\n`);
  expect(refused).toBeLessThan(5 * once);
});

test('10,000 lines with tiers, volumes, a contract and forty promotions are priced in under a second of one processor, twice as many in less than three times that', () => {
  const known = facts();
  const { given, agreed } = priceAll(order(LINES), known);
  // It is real work: every line has a price with its candidates, most have a promotion, and the sums are those of the lines.
  expect(
    given.lines.every((line) => line.price?.kind === 'priced' && line.price.candidates.length === 6),
  ).toBe(true);
  expect(given.standing.length).toBeGreaterThan(LINES / 2);
  expect(agreed.totals.subtotalMinor).toBe(given.lines.reduce((sum, line) => sum + line.amountMinor, 0));
  expect(agreed.totals.chargesMinor).toBe(
    -given.standing.reduce((sum, one) => sum + (one.amountMinor ?? 0), 0),
  );
  const walls = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    priceAll(order(LINES), known);
    return performance.now() - begin;
  });
  const wallMs = Math.min(...walls);
  const best = Math.min(...Array.from({ length: 4 }, () => cpuMs(() => priceAll(order(LINES), known))));
  const double = Math.min(...Array.from({ length: 2 }, () => cpuMs(() => priceAll(order(2 * LINES), known))));
  process.stdout.write(
    `10,000 lines priced in ${Math.round(best)} ms of CPU (${Math.round(wallMs)} ms on the clock of a machine with other work), 20,000 in ${Math.round(double)} ms\n`,
  );
  expect(best).toBeLessThan(1_000);
  expect(double).toBeLessThan(3 * best);
});
