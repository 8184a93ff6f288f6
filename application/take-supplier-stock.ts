import type { Tx } from '../db/connection';
import type { AdviceItem, InventoryAdvice } from '../domain/fulfilment/inventory-advice';
import type { WarehouseParty } from '../domain/fulfilment/warehouse-documents';
import { toBaseUnits } from '../domain/shared/quantity';
import type { ContentOutcome, Received } from './received-content';
import { lockStock } from './take-stock';
import { wakeWaitingOrders } from './wake-waiting-orders';
import { ItemBook, type PartnerNode, setAside, takeOnce } from './warehouse-partner';

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
 * says otherwise. An item that it does not name keeps what was said before, an older report changes nothing, and orders
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
  const event = { kind: '846', number: `${node.id}/${body.reference}/${saidAt}`, nodeId: node.id, saidAt };
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
    `insert into supplier_stock (item_id, node_id, usage, quantity, reported_at, document_id)
     select item, cast(:nodeId as text), cast(:usage as text), quantity, cast(:saidAt as timestamptz), cast(:documentId as uuid)
     from jsonb_to_recordset(cast(:rows as jsonb)) as r(item text, quantity bigint) order by item
     on conflict (item_id, node_id, usage) do update
       set quantity = excluded.quantity, reported_at = excluded.reported_at, document_id = excluded.document_id
       where supplier_stock.reported_at <= excluded.reported_at`,
    {
      nodeId: node.id,
      usage,
      saidAt,
      documentId: received.documentId,
      rows: JSON.stringify([...figures].map(([item, quantity]) => ({ item, quantity }))),
    },
  );
  await wakeWaitingOrders(tx, items, { usage }, now);
  return { kind: 'done', note: `report ${body.reference}: ${items.length} items of ${node.id}` };
}

/** 33 for sale, else 17 on hand, in base units. What the supplier does not ship for the company is nobody's business. */
async function readFigures(
  tx: Tx,
  items: readonly AdviceItem[],
  sources: readonly Source[],
): Promise<{ readonly figures: ReadonlyMap<string, number>; readonly problems: string[] }> {
  const book = await ItemBook.of(tx, items);
  const figures = new Map<string, number>();
  const problems: string[] = [];
  for (const [index, item] of items.entries()) {
    const source = sourceOf(item, sources, book);
    const said =
      item.quantities.find(({ qualifier }) => qualifier === '33') ??
      item.quantities.find(({ qualifier }) => qualifier === '17');
    if (!source || !said) continue;
    const where = `line ${item.lineNumber ?? index + 1}`;
    const value = said.quantity ?? '';
    if (!/^\d+(\.\d+)?$/.test(value)) {
      problems.push(`${where}: "${value}" is not a quantity`);
      continue;
    }
    const unit = said.unit ?? source.unit;
    const read = toBaseUnits({ value, unit }, { [source.unit]: source.unit_factor });
    if (read.kind === 'converted')
      figures.set(source.item_id, (figures.get(source.item_id) ?? 0) + read.baseUnits);
    else
      problems.push(
        `${where}: ${value} ${unit} of ${source.item_id} is not said in ${source.unit}, as it is sold`,
      );
  }
  return { figures, problems };
}

function sourceOf(item: AdviceItem, sources: readonly Source[], book: ItemBook): Source | undefined {
  const own = sources.filter(({ supplier_item_id }) =>
    item.productIds.some(({ value }) => value === supplier_item_id),
  );
  if (own.length === 1) return own[0];
  const ours = book.itemOf(item);
  return 'problem' in ours ? undefined : sources.find(({ item_id }) => item_id === ours.itemId);
}
