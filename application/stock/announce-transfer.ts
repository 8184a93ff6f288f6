import type { Db, Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import type {
  StockTransferLine,
  StockTransferShipmentAdvice,
} from '../../domain/fulfilment/warehouse-documents';
import type { LocalDate } from '../../domain/shared/dates';
import { nodeName, readWarehousePolicy } from '../fulfilment/warehouse-partner';
import { expectStock } from './expect-stock';
import { moveStock, type StockMove } from './move-stock';

/** Stock that is on its way to a node. Quantities are base units. */
export interface Transfer {
  /** Unique for the warehouse: its 944 names it again (W1704). At most 22 characters. */
  readonly number: string;
  readonly nodeId: string;
  readonly shippedOn: LocalDate;
  readonly expectedOn?: LocalDate;
  readonly from: {
    readonly name: string;
    readonly id?: string;
    /** A node of the company: what is on its way is there no more. */
    readonly nodeId?: string;
  };
  readonly shipmentNumber?: string;
  readonly carrier?: { readonly scac: string; readonly equipmentNumber?: string };
  readonly lines: readonly {
    readonly itemId: string;
    readonly quantity: number;
    readonly lotNumber?: string;
  }[];
}

export type AnnounceOutcome =
  | { readonly kind: 'announced'; readonly partnerId: string }
  | {
      readonly kind: 'refused';
      readonly code:
        | 'unknown-node'
        | 'no-warehouse-partner'
        | 'unknown-item'
        | 'already-announced'
        | 'not-at-source';
      readonly text: string;
    };

const subjectOf = (partnerId: string, number: string) => `transfer/${partnerId}/${number}`;

/**
 * Tells a node's warehouse by 943 what is on its way to it, and counts on it from the day it is expected. Where it comes
 * from another node of the company it is taken off the level there, so that no unit is promised at both. A number is announced
 * once. Of a refusal nothing must stay: the caller's transaction ends with it.
 */
export async function announceTransfer(tx: Tx, transfer: Transfer, now: string): Promise<AnnounceOutcome> {
  const node = (await tx('node').where({ id: transfer.nodeId }).first('name', 'warehouse_partner')) as
    | { name: string; warehouse_partner: string | null }
    | undefined;
  if (!node) return refused('unknown-node', `There is no node ${transfer.nodeId}`);
  const partnerId = node.warehouse_partner;
  if (partnerId === null)
    return refused(
      'no-warehouse-partner',
      `No trading partner keeps the stock of ${transfer.nodeId}: nobody would read a 943`,
    );
  const items = await readItems(tx, transfer);
  const unknown = transfer.lines.filter(({ itemId }) => !items.has(itemId)).map(({ itemId }) => itemId);
  if (unknown.length > 0) return refused('unknown-item', `There is no item ${unknown.join(', ')}`);
  const requested = await requestDocument(tx, {
    subject: subjectOf(partnerId, transfer.number),
    partnerId,
    set: '943',
    usage: 'P',
    payload: adviceOf(
      transfer,
      { name: node.name, ...nodeName(await readWarehousePolicy(tx, partnerId), transfer.nodeId) },
      items,
    ),
  });
  if (!requested)
    return refused('already-announced', `${transfer.number} was announced to ${partnerId} before`);
  const missing = await takeFromSource(tx, transfer, now);
  if (missing !== null) return refused('not-at-source', missing);
  const { number, nodeId, from, lines } = transfer;
  const expected = { number, nodeId, source: from.name, expectedOn: transfer.expectedOn ?? null, lines };
  await expectStock(tx, { ...expected, usage: 'P', kind: 'transfer' }, 'hub', now);
  return { kind: 'announced', partnerId };
}

/** @returns why it cannot have left there; null where it has, or where it comes from somebody else */
async function takeFromSource(tx: Tx, { number, nodeId, from, lines }: Transfer, now: string) {
  const source = from.nodeId;
  if (source === undefined) return null;
  if (source === nodeId) return `${number} goes to the node that it comes from`;
  if (!(await tx('node').where({ id: source, supplier_partner: null }).first('id')))
    return `The company keeps no stock at ${source}`;
  const byItem = Map.groupBy(lines, ({ itemId }) => itemId);
  const moves = [...byItem].map(
    ([itemId, own]): StockMove => ({
      itemId,
      nodeId: source,
      usage: 'P',
      quantity: -own.reduce((sum, { quantity }) => sum + quantity, 0),
      reason: 'transferred',
      reference: `943/${nodeId}/${number}`,
    }),
  );
  const short = await moveStock(tx, moves, now);
  if (short.length === 0) return null;
  const text = short.map((one) => `${one.missing} of ${one.move.itemId}`).join(', ');
  return `${source} lacks ${text} beyond what is reserved for orders there: have it counted`;
}

/** What was announced under a number, by item in base units; null where nothing was. */
export async function announcedTransfer(
  db: Db,
  partnerId: string,
  number: string,
): Promise<ReadonlyMap<string, number> | null> {
  const row = await db('document_request')
    .where({ subject: subjectOf(partnerId, number), set_id: '943' })
    .first('payload');
  if (!row) return null;
  const quantities = new Map<string, number>();
  for (const { productIds, quantity } of (row.payload as StockTransferShipmentAdvice).lines) {
    const itemId = productIds[0]?.value ?? '';
    quantities.set(itemId, (quantities.get(itemId) ?? 0) + Number(quantity));
  }
  return quantities;
}

type Refusal = Extract<AnnounceOutcome, { kind: 'refused' }>;
const refused = (code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', code, text });

interface ItemFacts {
  readonly description: string;
  readonly base_unit: string;
}

async function readItems(tx: Tx, { lines }: Transfer): Promise<ReadonlyMap<string, ItemFacts>> {
  const rows = (await tx('item')
    .whereIn(
      'id',
      lines.map(({ itemId }) => itemId),
    )
    .select('id', 'description', 'base_unit')) as (ItemFacts & { id: string })[];
  return new Map(rows.map((row) => [row.id, row]));
}

function adviceOf(
  transfer: Transfer,
  node: { readonly name: string; readonly idQualifier: string; readonly id: string },
  items: ReadonlyMap<string, ItemFacts>,
): StockTransferShipmentAdvice {
  const { from, carrier, shipmentNumber, expectedOn } = transfer;
  return {
    kind: 'stock-transfer-shipment-advice',
    reporting: 'F',
    depositorOrderNumber: transfer.number,
    shippedOn: transfer.shippedOn,
    ...(shipmentNumber === undefined ? {} : { shipmentNumber }),
    parties: [
      {
        role: 'SF',
        name: from.name,
        ...(from.id === undefined ? {} : { idQualifier: '91', id: from.id }),
        contacts: [],
      },
      { role: 'ST', ...node, contacts: [] },
    ],
    references: [],
    dates: [
      { qualifier: '11', date: transfer.shippedOn },
      ...(expectedOn === undefined ? [] : [{ qualifier: '17', date: expectedOn }]),
    ],
    notes: [],
    // W27 is mandatory in a 943, and so is how it travels.
    carrier: {
      method: 'M',
      routing: 'AS ARRANGED',
      ...(carrier === undefined ? {} : { scac: carrier.scac }),
      ...(carrier?.equipmentNumber === undefined ? {} : { equipmentNumber: carrier.equipmentNumber }),
    },
    lines: transfer.lines.map((line): StockTransferLine => {
      const facts = items.get(line.itemId);
      return {
        quantity: String(line.quantity),
        unit: facts?.base_unit ?? 'EA',
        productIds: [{ qualifier: 'VN', value: line.itemId }],
        descriptions: facts?.description ? [{ text: facts.description }] : [],
        references: line.lotNumber === undefined ? [] : [{ qualifier: 'LT', value: line.lotNumber }],
        packing: [],
      };
    }),
    totals: { units: String(transfer.lines.reduce((sum, line) => sum + line.quantity, 0)) },
  };
}
