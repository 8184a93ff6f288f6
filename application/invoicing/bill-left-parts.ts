import type { Tx } from '../../db/connection';
import type { ShippingFacts } from '../fulfilment/ship-notice';
import { headNumber, type OrderRow, readLines, type ShipmentRow, saveOrder } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { billFor, issueInvoice } from './issue-invoice';
import { type LeftPart, partsToBill } from './left-parts';

/**
 * Bills components that have left while the rest of their bundle was cancelled since: an invoice of its own on the last
 * shipment that had some of them. Nothing where there is none, or they are billed already. The caller holds the order's
 * lock and takes no stock after it: the number is locked.
 * @returns the order as it stands, and whether it was billed for something
 */
export async function billPartsLeft(
  tx: Tx,
  order: OrderRow,
  now: string,
): Promise<{ readonly order: OrderRow; readonly billed: boolean }> {
  const lines = await readLines(tx, order.id);
  const parts = await partsToBill(tx, order, lines, []);
  const shipment = parts.length === 0 ? undefined : await lastShipmentOf(tx, parts);
  if (shipment === undefined) return { order, billed: false };
  const facts = await billFor(tx, { order, lines, gone: parts }, await readBilling(tx, order, shipment), now);
  await issueInvoice(tx, order, shipment, { ...facts, part: shipment.invoices + 1 }, now);
  const heads = [...new Set(parts.map(({ line }) => headNumber(line)))].join(', ');
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'parts-billed',
      actor: 'hub',
      text: `The rest of the bundle on line ${heads} was cancelled: what had left of it is billed by its share of the price`,
      data: { shipmentId: shipment.id },
    },
  ]);
  const invoiced = { invoiced_minor: order.invoiced_minor + facts.bill.totalMinor };
  return { order: await saveOrder(tx, order, invoiced, now), billed: true };
}

const lastShipmentOf = async (tx: Tx, parts: readonly LeftPart[]) =>
  (await tx('shipment as s')
    .whereIn('s.state', ['shipped', 'invoiced'])
    .whereExists(
      tx('shipment_line as l')
        .whereRaw('l.shipment_id = s.id and l.shipped > 0')
        .whereIn(
          'l.order_line_id',
          parts.map(({ line }) => line.id),
        ),
    )
    .orderBy('s.sequence', 'desc')
    .first('s.*', tx.raw('(select count(*) from invoice i where i.shipment_id = s.id)::int as invoices'))) as
    | (ShipmentRow & { readonly invoices: number })
    | undefined;

async function readBilling(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
): Promise<Pick<ShippingFacts, 'entity' | 'invoices'> & { readonly shippedAt: string }> {
  const { rows } = await tx.raw<{ rows: Pick<ShippingFacts, 'entity' | 'invoices'>[] }>(
    `select jsonb_build_object('time_zone', e.time_zone, 'remit_to', e.remit_to) as entity,
       coalesce((select jsonb_agg(jsonb_build_object('subtotal_minor', i.subtotal_minor, 'charges', i.charges, 'tax_minor', i.tax_minor))
         from invoice i where i.order_id = :orderId), '[]') as invoices from selling_entity e where e.id = :entityId`,
    { orderId: order.id, entityId: order.entity_id },
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no selling entity ${order.entity_id}`);
  return { ...row, shippedAt: shipment.shipped_at ?? shipment.planned_at };
}
