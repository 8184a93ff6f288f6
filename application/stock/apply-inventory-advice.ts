import type { Tx } from '../../db/connection';
import type { AdviceItem, InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import type { Usage } from '../../domain/order/order-request';
import { countOf } from '../../domain/shared/count';
import { addSeconds, endOfLocalDay, instantOf, type TimeZone } from '../../domain/shared/dates';
import {
  ItemBook,
  nodeOfDocument,
  numberOfReport,
  readWarehousePolicy,
  setAside,
  takeOnce,
} from '../fulfilment/warehouse-partner';
import type { ActOnContent, Received } from '../partner/received-content';
import { clearException, raiseException } from '../record/raise-exception';
import { supplierNodeOf, takeSupplierStock } from '../supplier/take-supplier-stock';
import { moveStock, type Shortfall } from './move-stock';
import { lockStock } from './take-stock';

/**
 * 846 of a warehouse, or of a supplier that keeps stock for the company: its figures, with what has come and gone since it
 * was made, are held against the record. By agreement the differences are told to a person, or the level becomes what
 * the report comes to. What it says of an item that a later report spoke of before changes nothing.
 */
export const applyInventoryAdvice: ActOnContent<InventoryAdvice> = async (tx, received, now) => {
  const { body } = received;
  const supplier = await supplierNodeOf(tx, received.partnerId, body.parties);
  if (supplier !== null) {
    const said = instantOfReport(body, supplier.time_zone) ?? received.receivedAt;
    const fault = whyNotYet(said, received);
    if (fault !== null) return setAside(received, 'stock-report-not-taken', [fault], now);
    return takeSupplierStock(tx, received, supplier, said, now);
  }
  const node = await nodeOfDocument(tx, received.partnerId, body.parties, [
    'WH',
    'SU',
    'SF',
    'ST',
    'VN',
    'SE',
  ]);
  if ('problem' in node) return setAside(received, 'stock-report-not-taken', [node.problem], now);
  const read = await readItems(tx, body.items);
  const { problems } = read;
  if (body.reference === '') problems.push('it has no number (BIA03)');
  if (body.items.length === 0) problems.push('it has no item (LIN)');
  const named = instantOfReport(body, node.time_zone) ?? received.receivedAt;
  const fault = whyNotYet(named, received);
  if (fault !== null) problems.push(fault);
  if (problems.length > 0) return setAside(received, 'stock-report-not-taken', problems, now);
  const saidAt = momentOfReport(received, node.time_zone, named);
  const number = numberOfReport(node.id, body, named);
  const event = { kind: '846', number, nodeId: node.id, saidAt };
  await lockStock(tx, [...read.figures.keys()], received.usage);
  const newer = await saidSince(tx, received, node.id, saidAt);
  const taken = await takeOnce(tx, received, event, now);
  if (taken.kind === 'repeated')
    return { kind: 'done', note: `report ${body.reference} was taken in before` };
  if (taken.kind === 'differs') {
    const problem = `report ${body.reference} came before with other figures (document ${taken.documentId})`;
    return setAside(received, 'stock-report-differs', [problem], now);
  }
  const figures = new Map([...read.figures].filter(([itemId]) => !newer.has(itemId)));
  if (figures.size === 0 && newer.size > 0)
    return { kind: 'kept', note: `report ${body.reference} is older than one of all that it names` };
  const differences = await compare(tx, received, event, figures);
  const { inventory } = await readWarehousePolicy(tx, received.partnerId);
  const subject = `${received.partnerId}/${node.id}/${received.usage}`;
  if (differences.length === 0) {
    await clearException(
      tx,
      'stock-differs',
      subject,
      `Report ${body.reference} agrees with the record`,
      now,
    );
    return { kind: 'done', note: `report ${body.reference} agrees with the record` };
  }
  const left = inventory === 'set' ? await setLevels(tx, received, event, differences, now) : [];
  if (inventory === 'set' && left.length === 0) {
    await clearException(tx, 'stock-differs', subject, `Levels were set by report ${body.reference}`, now);
    return { kind: 'done', note: `report ${body.reference} set ${countOf(differences.length, 'level')}` };
  }
  await tellDifferences(tx, received, subject, inventory === 'set' ? left : differences, now);
  return { kind: 'done', note: `report ${body.reference} differs in ${countOf(differences.length, 'item')}` };
};

/** 17 on hand; 33 for sale, which is what is on hand less what is reserved. */
type Figure = { readonly qualifier: '17' | '33'; readonly quantity: number };

async function readItems(
  tx: Tx,
  items: readonly AdviceItem[],
): Promise<{ readonly figures: ReadonlyMap<string, Figure>; readonly problems: string[] }> {
  const book = await ItemBook.of(tx, items);
  const figures = new Map<string, Figure>();
  const problems: string[] = [];
  for (const [index, item] of items.entries()) {
    const where = `line ${item.lineNumber ?? index + 1}`;
    const said =
      item.quantities.find(({ qualifier }) => qualifier === '17') ??
      item.quantities.find(({ qualifier }) => qualifier === '33');
    // An item that only says what is on order or on hold has nothing to be compared.
    if (!said) continue;
    const read = book.quantityOf(item, said.quantity ?? '', said.unit);
    if ('problem' in read) problems.push(`${where}: ${read.problem}`);
    else if (read.baseUnits < 0) problems.push(`${where}: ${said.quantity} is below nothing`);
    else {
      // An item may stand in several lines, one a lot: together they are its level.
      const before = figures.get(read.itemId);
      if (before && before.qualifier !== said.qualifier)
        problems.push(`${where}: ${read.itemId} is said on hand and for sale in different lines`);
      figures.set(read.itemId, {
        qualifier: said.qualifier as Figure['qualifier'],
        quantity: (before?.quantity ?? 0) + read.baseUnits,
      });
    }
  }
  return { figures, problems };
}

const namesTime = (time: string | undefined): time is string => time !== undefined && /^\d{4,8}$/.test(time);

function instantOfReport({ date, time }: InventoryAdvice, zone: TimeZone): string | null {
  if (date === undefined) return null;
  return instantOf(date, namesTime(time) ? time : '0000', zone);
}

/** The moment that a report's figures are of: with a date alone, as late on that day as can be. */
function momentOfReport(
  { body: { date, time }, receivedAt }: Received<InventoryAdvice>,
  zone: TimeZone,
  named: string,
): string {
  if (date === undefined || namesTime(time)) return named;
  const end = endOfLocalDay(date, zone);
  return end < receivedAt ? end : receivedAt;
}

/** Clocks and zones differ by hours; a report of a later day would make all that follow it older. */
const MOST_AHEAD_SECONDS = 86_400;

const whyNotYet = (said: string, { receivedAt, body }: Received<InventoryAdvice>): string | null =>
  said > addSeconds(receivedAt, MOST_AHEAD_SECONDS)
    ? `its day is still to come (BIA04 ${body.date ?? ''})`
    : null;

/** Items that reports of later moments, which came before this one, have spoken of. */
async function saidSince(
  tx: Tx,
  { partnerId, usage }: Received<unknown>,
  nodeId: string,
  saidAt: string,
): Promise<ReadonlySet<string>> {
  const later = (await tx('warehouse_event as e')
    .join('received_content as c', 'c.document_id', 'e.document_id')
    .where({ 'e.partner_id': partnerId, 'e.usage': usage, 'e.kind': '846', 'e.node_id': nodeId })
    .andWhere('e.said_at', '>', saidAt)
    .pluck('c.content')) as InventoryAdvice[];
  const named = await Promise.all(later.map(({ items }) => readItems(tx, items)));
  return new Set(named.flatMap(({ figures }) => [...figures.keys()]));
}

interface Difference {
  readonly itemId: string;
  readonly nodeId: string;
  /** On hand, by the report with what has come and gone since, and by the record. */
  readonly said: number;
  readonly kept: number;
}

async function compare(
  tx: Tx,
  { usage }: Received<unknown>,
  { nodeId, saidAt }: { readonly nodeId: string; readonly saidAt: string },
  figures: ReadonlyMap<string, Figure>,
): Promise<readonly Difference[]> {
  const itemIds = [...figures.keys()];
  const rows = (await tx('stock')
    .whereIn('item_id', itemIds)
    .andWhere({ node_id: nodeId, usage })
    .select('item_id', 'on_hand', 'reserved')) as { item_id: string; on_hand: number; reserved: number }[];
  const levels = new Map(rows.map((row) => [row.item_id, row]));
  const moved = await movedSince(tx, { itemIds, nodeId, usage, saidAt });
  return [...figures].flatMap(([itemId, { qualifier, quantity }]) => {
    const level = levels.get(itemId) ?? { on_hand: 0, reserved: 0 };
    const { changed = 0, left = 0 } = moved.get(itemId) ?? {};
    // What has left since was reserved when the report was made, and so not for sale.
    const said = quantity + changed + (qualifier === '33' ? level.reserved : -left);
    return said === level.on_hand ? [] : [{ itemId, nodeId, said, kept: level.on_hand }];
  });
}

interface Moved {
  readonly itemId: string;
  /** Received, adjusted, counted. */
  readonly changed: number;
  /** Left, or was not there when it was to leave. */
  readonly left: number;
}

/**
 * What has happened at a node since a moment. What left did so when its shipment says; everything else when the record
 * heard of it. What other reports set is no event: a report stands for itself.
 */
async function movedSince(
  tx: Tx,
  of: {
    readonly itemIds: readonly string[];
    readonly nodeId: string;
    readonly usage: Usage;
    readonly saidAt: string;
  },
): Promise<ReadonlyMap<string, Moved>> {
  const { rows } = await tx.raw<{ rows: Moved[] }>(
    `select m.item_id as "itemId", coalesce(sum(m.quantity) filter (where m.reason not in ('shipped', 'short-pick')), 0)::bigint as changed,
       coalesce(-sum(m.quantity) filter (where m.reason in ('shipped', 'short-pick')), 0)::bigint as "left"
     from stock_movement m left join shipment s on m.reason in ('shipped', 'short-pick') and s.shipment_number = regexp_replace(m.reference, '/[^/]*$', '')
     where m.at > :saidAt and m.node_id = :nodeId and m.usage = :usage and m.item_id = any(:itemIds)
       and m.reason <> 'reported' and (s.shipped_at is null or s.shipped_at > :saidAt)
     group by m.item_id`,
    of as never,
  );
  return new Map(rows.map((row) => [row.itemId, row]));
}

/** @returns what could not be set, because orders have been promised more than the report leaves */
async function setLevels(
  tx: Tx,
  { partnerId, usage }: Received<unknown>,
  event: { readonly number: string },
  differences: readonly Difference[],
  now: string,
): Promise<readonly Difference[]> {
  const shortfalls: readonly Shortfall[] = await moveStock(
    tx,
    differences.map(({ itemId, nodeId, said, kept }) => ({
      itemId,
      nodeId,
      usage,
      quantity: said - kept,
      reason: 'reported',
      reference: `846/${partnerId}/${event.number}`,
    })),
    now,
  );
  return differences.filter(({ itemId }) => shortfalls.some(({ move }) => move.itemId === itemId));
}

async function tellDifferences(
  tx: Tx,
  received: Received<InventoryAdvice>,
  subjectKey: string,
  differences: readonly Difference[],
  now: string,
): Promise<void> {
  const [first] = differences;
  const text = differences
    .slice(0, 8)
    .map(({ itemId, said, kept }) => `${itemId} ${said} (record: ${kept})`)
    .join(', ');
  const more = differences.length > 8 ? `, and ${differences.length - 8} more` : '';
  await raiseException(tx, {
    kind: 'stock-differs',
    subjectKey,
    text: `${received.partnerId} reports other stock at ${first?.nodeId ?? ''} than the record has (report ${received.body.reference}): ${text}${more}. Goods on their way explain some; have the rest counted`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    documentId: received.documentId,
    data: { differences: differences.slice(0, 500) },
  });
}
