import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import type { ActOnContent, Understood } from '../../application/partner/received-content';
import { applySupplierChangeAnswer } from '../../application/supplier/apply-supplier-answer';
import { applySupplierShipment } from '../../application/supplier/apply-supplier-shipment';
import { cancelAtSupplier } from '../../application/supplier/cancel-at-supplier';
import { matchSupplierInvoice } from '../../application/supplier/match-supplier-invoice';
import { orderFromSupplier } from '../../application/supplier/order-from-supplier';
import type { Db } from '../../db/connection';
import type {
  SupplierChangeAnswer,
  SupplierInvoice,
  SupplierShipNotice,
} from '../../domain/fulfilment/supplier-documents';
import type { RecallOutcome } from '../../domain/fulfilment/warehouse-port';
import type { Stage } from './company';

const PARTNER = 'RACE-FORGE';
const NODE = 'RACE-FORGE-DS';

/** A supplier that ships the items of a race, with what a document of it belongs to. */
export async function supplierOf(db: Db, { itemIds }: Stage): Promise<void> {
  const ends = { own_qualifier: 'ZZ', own_isa_id: 'HUB', partner_qualifier: 'ZZ', partner_isa_id: PARTNER };
  await db('partner').insert({ id: PARTNER, name: PARTNER }).onConflict().ignore();
  await db('channel').insert({ id: PARTNER, kind: 'https-mailbox' }).onConflict().ignore();
  await db('interchange_agreement')
    .insert({ id: PARTNER, partner_id: PARTNER, ...ends, usage: 'P', channel_id: PARTNER })
    .onConflict()
    .ignore();
  for (const set_id of ['850', '860'])
    await db('document_agreement')
      .insert({
        agreement_id: PARTNER,
        direction: 'out',
        set_id,
        own_gs_id: 'HUB',
        partner_gs_id: PARTNER,
        version: '004010',
      })
      .onConflict()
      .ignore();
  await db('node')
    .insert({
      id: NODE,
      name: NODE,
      address: '{}',
      time_zone: 'America/Chicago',
      counterparty: PARTNER,
      rank: 900,
      supplier_partner: PARTNER,
    })
    .onConflict()
    .ignore();
  await db('item_supplier').insert(
    itemIds.map((item_id) => ({
      item_id,
      node_id: NODE,
      supplier_item_id: item_id,
      unit: 'EA',
      unit_cost: '6.25',
      currency: 'USD',
      sourcing: 'always',
    })),
  );
}

/** The order at its supplier, whose 850 has left. @returns the shipment, and the supplier's order */
export async function atSupplier(
  db: Db,
  orderId: string,
  now: string,
): Promise<{ readonly shipmentId: string; readonly number: string }> {
  await db.transaction((tx) => answerOrder(tx, orderId, 'final', now));
  const [shipmentId] = await db.transaction((tx) => planShipments(tx, orderId, now));
  if (shipmentId === undefined) throw new Error("the race's own order has no shipment");
  await db.transaction(async (tx) =>
    recordRelease(tx, shipmentId, await orderFromSupplier(tx, shipmentId, now), now),
  );
  await db('document_request').where({ order_id: orderId, set_id: '850' }).update({ status: 'rendered' });
  const { number } = (await db('supplier_order').where({ order_id: orderId }).first('number')) as {
    number: string;
  };
  return { shipmentId, number };
}

/** As the gateway gives what it has read of a document to the use case that acts on it. */
async function receive<Document>(
  db: Db,
  set: string,
  useCase: ActOnContent<Understood<Document>>,
  document: Document,
  now: string,
): Promise<void> {
  const documentId = await documentRow(db, set);
  const received = {
    documentId,
    partnerId: PARTNER,
    usage: 'P',
    set,
    receivedAt: now,
    body: { document, unhandled: [] },
  } as const;
  await db.transaction((tx) => useCase(tx, received, now));
}

async function documentRow(db: Db, set_id: string): Promise<string> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `with i as (insert into interchange (direction, partner_id, status) values ('in', :partner, 'judged') returning id),
       g as (insert into functional_group (interchange_id, ordinal, functional_id, control_number, sender_code, receiver_code, version)
         select id, 0, 'SH', '1', :partner, 'HUB', '004010' from i returning id, interchange_id)
     insert into document (direction, interchange_id, group_id, partner_id, set_id, version, functional_id,
       group_control_number, control_number, ordinal, validation, delivery, acknowledgement)
     select 'in', interchange_id, id, :partner, :set_id, '004010', 'SH', '1', '0001', 0, 'accepted', 'received', 'answered' from g
     returning id`,
    { partner: PARTNER, set_id },
  );
  return (rows[0] as { id: string }).id;
}

/** Its 856 of all that is ordered there, which the order's workflow takes in. @returns whether it has left */
export async function supplierShips(db: Db, orderId: string, number: string, now: string): Promise<string> {
  const line = (await db('supplier_order_line as l')
    .join('supplier_order as p', 'p.id', 'l.supplier_order_id')
    .where({ 'p.number': number })
    .first('l.item_id', 'l.ordered')) as { item_id: string; ordered: number };
  const level = { levels: [], marks: [], references: [], weights: [], dates: [] };
  const notice: SupplierShipNotice = {
    kind: 'supplier-ship-notice',
    purpose: '00',
    number: `SN-${number}`,
    dates: [],
    levels: [
      {
        ...level,
        level: 'S',
        levels: [
          {
            ...level,
            level: 'O',
            purchaseOrder: { number },
            levels: [
              {
                ...level,
                level: 'I',
                item: { lineNumber: '1', productIds: [{ qualifier: 'VN', value: line.item_id }] },
                shipped: { quantity: String(line.ordered), unit: 'EA' },
              },
            ],
          },
        ],
      },
    ],
  };
  await receive(db, '856', applySupplierShipment, notice, now);
  const confirmed = (await db('shipment')
    .where({ order_id: orderId, state: 'released' })
    .whereNotNull('confirm')
    .pluck('id')) as string[];
  for (const id of confirmed) await db.transaction((tx) => applyShipConfirm(tx, id, now));
  const left = await db('shipment')
    .where({ order_id: orderId })
    .whereIn('state', ['shipped', 'invoiced'])
    .first('id');
  return left === undefined ? 'nothing-left' : 'shipped';
}

/** Its 810 of so many units. */
export async function supplierBills(db: Db, number: string, units: number, now: string): Promise<string> {
  const invoice: SupplierInvoice = {
    kind: 'supplier-invoice',
    number: `I-${number}`,
    purchaseOrderNumber: number,
    lines: [
      {
        lineNumber: '1',
        quantity: String(units),
        unit: 'EA',
        unitPrice: '6.25',
        productIds: [],
        descriptions: [],
      },
    ],
    total: (units * 6.25).toFixed(2),
    charges: [],
    taxes: [],
  };
  await receive(db, '810', matchSupplierInvoice, invoice, now);
  return 'billed';
}

/** Asks by 860; the supplier says yes to whatever it is asked, also of what has left. Null: no supplier has the shipment. */
export async function recallFromSupplier(
  db: Db,
  shipmentId: string,
  now: string,
): Promise<RecallOutcome | null> {
  const there = await db('supplier_order_line as l')
    .join('supplier_order as p', 'p.id', 'l.supplier_order_id')
    .where({ 'l.shipment_id': shipmentId })
    .first('p.number');
  if (there === undefined) return null;
  for (;;) {
    const outcome = await db.transaction((tx) => cancelAtSupplier(tx, shipmentId, now));
    if (outcome.kind !== 'awaiting') return outcome;
    const answer: SupplierChangeAnswer = {
      kind: 'supplier-change-answer',
      acknowledgment: 'AT',
      purchaseOrderNumber: there.number as string,
      lines: [],
    };
    await receive(db, '865', applySupplierChangeAnswer, answer, now);
  }
}
