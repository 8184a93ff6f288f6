import type { Db, Tx } from '../../db/connection';
import { factsWanted, triggeredHolds } from '../../domain/order/hold-triggers';
import type { HoldRequest, HoldType } from '../../domain/order/hold-types';
import type { OrderRequest, Party } from '../../domain/order/order-request';
import type { CustomerRow } from '../customer/customer-record';
import { headNumber, type OrderRow, readLines } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';
import { holdTypeRule, holdTypesOf } from '../rules/hold-type';

/** Holds that the company's rules ask for when an order is placed. */
export async function ruleHolds(
  tx: Tx,
  customer: CustomerRow,
  request: OrderRequest,
  shipTo: Party,
  lines: readonly ResolvedLine[],
  totalMinor: number,
): Promise<readonly HoldRequest[]> {
  if (!Array.isArray(customer.hold_rules)) return [];
  const rules = (customer.hold_rules as { scope: string; body: unknown }[]).map(({ scope, body }) => {
    return { scope, body: holdTypeRule.body.parse(body) };
  });
  return judgeTriggers(tx, [...holdTypesOf(rules).values()], {
    channel: request.channel,
    orderType: request.type,
    customerId: customer.id,
    orderId: null,
    currency: customer.currency,
    totalMinor,
    shipTo,
    lines: lines.map(({ lineNumber, splitFrom, item, destination }) => ({
      lineNumber: splitFrom ?? lineNumber,
      itemId: item?.itemId ?? null,
      shipTo: destination?.as === 'ship-to' ? destination.party : null,
    })),
  });
}

/** Holds that the rules ask for of an order as it stands in the record; none, and nothing asked, where no rule has triggers. */
export async function ruleHoldsOf(
  tx: Tx,
  order: OrderRow,
  types: ReadonlyMap<string, HoldType>,
): Promise<readonly HoldRequest[]> {
  const judged = [...types.values()].filter(({ triggers }) => triggers.length > 0);
  if (judged.length === 0) return [];
  const lines = await readLines(tx, order.id);
  return judgeTriggers(tx, judged, {
    channel: order.channel,
    orderType: order.type,
    customerId: order.customer_id,
    orderId: order.id,
    currency: order.currency,
    totalMinor: order.total_minor,
    shipTo: order.ship_to as Party,
    lines: lines
      .filter((line) => line.rejection_code === null && line.ordered > line.cancelled)
      .map((line) => ({
        lineNumber: headNumber(line),
        itemId: line.item_id,
        shipTo: line.destination?.as === 'ship-to' ? line.destination.party : null,
      })),
  });
}

interface Facts {
  readonly channel: string;
  readonly orderType: string;
  readonly customerId: string;
  readonly orderId: string | null;
  readonly currency: string;
  readonly totalMinor: number;
  readonly shipTo: Party;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string | null;
    readonly shipTo: Party | null;
  }[];
}

async function judgeTriggers(
  tx: Tx,
  types: Parameters<typeof triggeredHolds>[0] & readonly unknown[],
  facts: Facts,
): Promise<readonly HoldRequest[]> {
  const wanted = factsWanted(types);
  const classes = wanted.itemClasses ? await itemClasses(tx, facts) : new Map<string, string>();
  const holds = triggeredHolds(types, {
    ...facts,
    firstOrder: wanted.firstOrder && (await isFirst(tx, facts)),
    shipToCountry: countryOf(facts.shipTo),
    lines: facts.lines.map((line) => ({
      lineNumber: line.lineNumber,
      itemId: line.itemId,
      itemClass: (line.itemId && classes.get(line.itemId)) ?? null,
      ...(line.shipTo !== null && { shipToCountry: countryOf(line.shipTo) }),
    })),
  });
  return holds;
}

const countryOf = (party: Party): string | null => party.address?.country ?? null;

async function itemClasses(db: Db, { lines }: Facts): Promise<ReadonlyMap<string, string>> {
  const ids = lines.flatMap(({ itemId }) => (itemId === null ? [] : [itemId]));
  const rows = (await db('item')
    .whereIn('id', ids)
    .whereNotNull('item_class')
    .select('id', 'item_class')) as {
    id: string;
    item_class: string;
  }[];
  return new Map(rows.map((row) => [row.id, row.item_class]));
}

/** Refused orders do not make a customer known. */
async function isFirst(db: Db, { customerId, orderId }: Facts): Promise<boolean> {
  const earlier = await db('orders')
    .where({ customer_id: customerId })
    .whereNot({ state: 'rejected' })
    .modify((q) => orderId !== null && q.whereNot({ id: orderId }))
    .first('id');
  return earlier === undefined;
}
