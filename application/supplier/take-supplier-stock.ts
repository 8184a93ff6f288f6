import type { Tx } from '../../db/connection';
import type { AdviceItem, AdviceQuantity, InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import type { WarehouseParty } from '../../domain/fulfilment/warehouse-documents';
import { countOf } from '../../domain/shared/count';
import type { LocalDate } from '../../domain/shared/dates';
import { toBaseUnits } from '../../domain/shared/quantity';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import {
  ItemBook,
  numberOfReport,
  type PartnerNode,
  setAside,
  takeOnce,
} from '../fulfilment/warehouse-partner';
import type { ContentOutcome, Received } from '../partner/received-content';
import { lockStock } from '../stock/take-stock';

/** The node of a partner that supplies the company: the one that its 846 names, or its only one. */
export async function supplierNodeOf(
  tx: Tx,
  partnerId: string,
  parties: readonly WarehouseParty[],
): Promise<PartnerNode | null> {
  const nodes = (await tx('node')
    .where({ supplier_partner: partnerId })
    .orderBy('id')
    .select('id', 'time_zone')) as PartnerNode[];
  if (nodes.length === 0) return null;
  const named = nodes.find(({ id }) => parties.some((party) => party.id === id));
  if (named) return named;
  const isWarehouse = await tx('node').where({ warehouse_partner: partnerId }).first('id');
  return nodes.length === 1 && !isWarehouse ? (nodes[0] ?? null) : null;
}

interface Source {
  readonly item_id: string;
  readonly supplier_item_id: string;
  readonly unit: string;
  readonly unit_factor: number;
}

/**
 * 846 of a supplier that ships to customers: from now on it is asked for no more of these items than it says, until it
 * says otherwise, and what it says will come is expected there on its day. An item that it does not name keeps what was said before, an older report changes nothing, and orders
 * that wait look again.
 */
export async function takeSupplierStock(
  tx: Tx,
  received: Received<InventoryAdvice>,
  node: PartnerNode,
  saidAt: string,
  now: string,
): Promise<ContentOutcome> {
  const { body, usage } = received;
  const sources = (await tx('item_supplier')
    .where({ node_id: node.id })
    .select('item_id', 'supplier_item_id', 'unit', 'unit_factor')) as Source[];
  const { figures, problems } = await readFigures(tx, body.items, sources);
  if (body.reference === '') problems.push('it has no number (BIA03)');
  if (problems.length > 0) return setAside(received, 'stock-report-not-taken', problems, now);
  const items = [...figures.keys()];
  await lockStock(tx, items, usage);
  const number = numberOfReport(node.id, body, saidAt);
  const event = { kind: '846', number, nodeId: node.id, saidAt };
  const taken = await takeOnce(tx, received, event, now);
  if (taken.kind === 'repeated')
    return { kind: 'done', note: `report ${body.reference} was taken in before` };
  if (taken.kind === 'differs') {
    const problem = `report ${body.reference} came before with other figures (document ${taken.documentId})`;
    return setAside(received, 'stock-report-differs', [problem], now);
  }
  if (items.length === 0)
    return { kind: 'kept', note: `report ${body.reference} names nothing that ${node.id} supplies` };
  await tx.raw(
    `insert into supplier_stock (item_id, node_id, usage, quantity, inbound, report, reported_at, document_id)
     select item, cast(:nodeId as text), cast(:usage as text), quantity, inbound, cast(:report as text), cast(:saidAt as timestamptz), cast(:documentId as uuid)
     from jsonb_to_recordset(cast(:rows as jsonb)) as r(item text, quantity bigint, inbound jsonb) order by item
     on conflict (item_id, node_id, usage) do update
       set quantity = excluded.quantity, inbound = excluded.inbound, report = excluded.report, reported_at = excluded.reported_at,
         document_id = excluded.document_id
       where supplier_stock.reported_at <= excluded.reported_at`,
    {
      nodeId: node.id,
      usage,
      saidAt,
      report: body.reference,
      documentId: received.documentId,
      rows: JSON.stringify(
        [...figures].map(([item, { quantity, inbound }]) => ({ item, quantity, inbound: byDay(inbound) })),
      ),
    },
  );
  await wakeWaitingOrders(tx, items, { usage }, now);
  return { kind: 'done', note: `report ${body.reference}: ${countOf(items.length, 'item')} of ${node.id}` };
}

/** What a supplier has of an item now, and what it says will come. Base units. */
interface Figure {
  readonly quantity: number;
  readonly inbound: readonly Coming[];
}
interface Coming {
  readonly date: LocalDate;
  readonly quantity: number;
}

/** One entry a day, in their order. */
const byDay = (inbound: readonly Coming[]): readonly Coming[] =>
  [...Map.groupBy(inbound, ({ date }) => date)]
    .map(([date, own]) => ({ date, quantity: own.reduce((sum, one) => sum + one.quantity, 0) }))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));

/** 33 for sale, else 17 on hand, in base units. What the supplier does not ship for the company is nobody's business. */
async function readFigures(
  tx: Tx,
  items: readonly AdviceItem[],
  sources: readonly Source[],
): Promise<{ readonly figures: ReadonlyMap<string, Figure>; readonly problems: string[] }> {
  const book = await ItemBook.of(tx, items);
  const figures = new Map<string, Figure>();
  const problems: string[] = [];
  for (const [index, item] of items.entries()) {
    const source = sourceOf(item, sources, book);
    const said = quantityOf(item, '33') ?? quantityOf(item, '17');
    if (!source || !said) continue;
    const where = `line ${item.lineNumber ?? index + 1}`;
    const inUnits = (value: string, unit: string | undefined): number => {
      const read = inBaseUnits(value, unit ?? source.unit, source);
      if (typeof read === 'number') return read;
      problems.push(`${where}: ${read.problem}`);
      return 0;
    };
    const quantity = inUnits(said.quantity ?? '', said.unit);
    const inbound = comingOf(item, said).map((one) => ({
      date: one.date,
      quantity: inUnits(one.quantity, one.unit),
    }));
    const before = figures.get(source.item_id);
    figures.set(source.item_id, {
      quantity: (before?.quantity ?? 0) + quantity,
      inbound: [...(before?.inbound ?? []), ...inbound.filter((one) => one.quantity > 0)],
    });
  }
  return { figures, problems };
}

const quantityOf = (item: AdviceItem, qualifier: string): AdviceQuantity | undefined =>
  item.quantities.find((one) => one.qualifier === qualifier);

function inBaseUnits(value: string, unit: string, source: Source): number | { readonly problem: string } {
  if (!/^\d+(\.\d+)?$/.test(value)) return { problem: `"${value}" is not a quantity` };
  const read = toBaseUnits({ value, unit }, { [source.unit]: source.unit_factor });
  return read.kind === 'converted'
    ? read.baseUnits
    : { problem: `${value} ${unit} of ${source.item_id} is not said in ${source.unit}, as it is sold` };
}

/**
 * What will come, and when: what is on order (63) by its schedule (SCH) or its own day (DTM), else the schedule of what is
 * there. What has no day counts for nothing, as with what the company itself expects.
 */
function comingOf(
  item: AdviceItem,
  said: AdviceQuantity,
): readonly { readonly date: LocalDate; readonly quantity: string; readonly unit: string | undefined }[] {
  const onOrder = item.quantities.filter(({ qualifier }) => qualifier === '63');
  return (onOrder.length > 0 ? onOrder : [said]).flatMap((one) => {
    if (one.schedules.length > 0)
      return one.schedules.flatMap(({ date, quantity, unit }) =>
        date === undefined ? [] : [{ date, quantity, unit }],
      );
    const date = one === said ? undefined : one.dates.find((day) => day.date !== undefined)?.date;
    return date === undefined || one.quantity === undefined
      ? []
      : [{ date, quantity: one.quantity, unit: one.unit }];
  });
}

function sourceOf(item: AdviceItem, sources: readonly Source[], book: ItemBook): Source | undefined {
  const own = sources.filter(({ supplier_item_id }) =>
    item.productIds.some(({ value }) => value === supplier_item_id),
  );
  if (own.length === 1) return own[0];
  const ours = book.itemOf(item);
  return 'problem' in ours ? undefined : sources.find(({ item_id }) => item_id === ours.itemId);
}
