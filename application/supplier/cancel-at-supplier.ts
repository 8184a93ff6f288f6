import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { requestDocument } from '../../db/repositories/document-requests';
import type { SupplierOrderCancellation } from '../../domain/fulfilment/supplier-documents';
import { stillOpen } from '../../domain/fulfilment/supplier-order';
import type { RecallOutcome } from '../../domain/fulfilment/warehouse-port';
import { localDateIn } from '../../domain/shared/dates';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { lockShipment } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { plainDecimal } from './order-from-supplier';
import {
  type LockedSupplierOrder,
  readSupplierOrder,
  type SupplierOrderLineRow,
  settleSupplierOrder,
} from './supplier-order-record';

export type CancelOutcome = RecallOutcome | { readonly kind: 'awaiting'; readonly what: string };

interface CancelRow {
  readonly id: string;
  readonly number: number;
  readonly state: 'asked' | 'accepted' | 'refused';
  readonly answer: string | null;
}

/**
 * Takes back from its supplier what of a shipment has not left: an order that was never sent is not sent any more, one
 * that was is taken back by 860 and waits for the supplier's 865. A ship notice that is there has won.
 */
export async function cancelAtSupplier(tx: Tx, shipmentId: string, now: string): Promise<CancelOutcome> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.confirm !== null || shipment.state === 'shipped' || shipment.state === 'invoiced')
    return { kind: 'too-late', reason: 'the supplier has said that it left' };
  const found = (await tx('supplier_order_line')
    .where({ shipment_id: shipmentId })
    .first('supplier_order_id')) as { supplier_order_id: string } | undefined;
  if (!found) return { kind: 'recalled' };
  const { supplierOrder, lines } = await readSupplierOrder(tx, found.supplier_order_id);
  const asked = (await tx('supplier_cancel')
    .where({ shipment_id: shipmentId })
    .orderBy('number', 'desc')
    .first()) as CancelRow | undefined;
  const what = `the cancel (860) of ${supplierOrder.number}`;
  if (asked?.state === 'asked') return { kind: 'awaiting', what };
  if (asked?.state === 'refused')
    return { kind: 'too-late', reason: asked.answer ?? `the supplier refuses ${what}` };
  const open = lines.filter((line) => line.shipment_id === shipmentId && stillOpen(line) > 0);
  if (open.length === 0) return { kind: 'recalled' };
  const rest = lines.filter((line) => line.shipment_id !== shipmentId && stillOpen(line) > 0);
  const whole = rest.length === 0 && lines.every((line) => line.shipped === 0);
  if (whole && (await withdrawn(tx, supplierOrder.id))) {
    await cancelOpen(tx, supplierOrder.id, open, 'it was taken back before it was sent');
    await settleSupplierOrder(tx, supplierOrder.id, null);
    return { kind: 'recalled' };
  }
  await askToTakeBack(tx, { order, supplierOrder, lines: open, whole }, shipmentId, now);
  return { kind: 'awaiting', what };
}

/** What of a supplier's order is to be taken back: open lines of one shipment. */
export interface ToTakeBack extends LockedSupplierOrder {
  /** They are all that it was asked for, and none of it has left. */
  readonly whole: boolean;
}

/** Asks a supplier by 860 to take back what is open of one shipment; its 865 says what comes of it. */
export async function askToTakeBack(
  tx: Tx,
  { order, supplierOrder, lines: open, whole }: ToTakeBack,
  shipmentId: string,
  now: string,
): Promise<void> {
  const [{ changes: number }] = (await tx('supplier_order')
    .where({ id: supplierOrder.id })
    .increment('changes', 1)
    .returning('changes')) as [{ changes: number }];
  await tx('supplier_cancel').insert({
    supplier_order_id: supplierOrder.id,
    shipment_id: shipmentId,
    number,
    asked_at: now,
  });
  const entity = (await tx('selling_entity').where({ id: order.entity_id }).first('time_zone')) as {
    time_zone: string;
  };
  const inUnit = (line: SupplierOrderLineRow, base: number) =>
    fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  const payload: SupplierOrderCancellation = {
    kind: 'supplier-order-cancellation',
    number: supplierOrder.number,
    date: supplierOrder.ordered_on,
    changeNumber: String(number),
    changedOn: localDateIn(now, entity.time_zone),
    currency: supplierOrder.currency,
    whole,
    lines: open.map((line) => ({
      lineNumber: line.line_number,
      unit: line.unit,
      unitCost: plainDecimal(line.unit_cost),
      supplierItemId: line.supplier_item_id,
      itemId: line.item_id,
      cancelled: inUnit(line, stillOpen(line)),
      left: '0',
    })),
  };
  await requestDocument(tx, {
    subject: `supplier-order/${supplierOrder.id}/860/${number}`,
    partnerId: supplierOrder.partner_id,
    set: '860',
    usage: supplierOrder.usage,
    orderId: order.id,
    payload,
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplier-cancel-asked',
      actor: 'hub',
      text: `${supplierOrder.partner_id} is asked to take ${supplierOrder.number} back (860 ${number})`,
      data: { supplierOrderId: supplierOrder.id, shipmentId },
    },
  ]);
}

/** @returns whether the 850 had not left: then it never will */
export async function withdrawn(tx: Tx, supplierOrderId: string): Promise<boolean> {
  const count = await tx('document_request')
    .where({ subject: `supplier-order/${supplierOrderId}/850` })
    .whereIn('status', ['waiting', 'held', 'unassigned'])
    .update({ status: 'not-wanted', problem: 'its order was taken back before it was sent' });
  return count > 0;
}

/** What is open of these lines does not come any more. */
export async function cancelOpen(
  tx: Tx,
  supplierOrderId: string,
  lines: readonly SupplierOrderLineRow[],
  reason: string,
): Promise<void> {
  for (const line of lines)
    await tx('supplier_order_line')
      .where({ supplier_order_id: supplierOrderId, line_number: line.line_number })
      .update({ cancelled: line.cancelled + stillOpen(line), cancel_reason: reason });
}

/** The supplier's word on a cancel that it was asked for; the order's workflow asks again and finds it. */
export async function answerCancel(
  tx: Tx,
  cancel: { readonly id: string; readonly orderId: string },
  state: 'accepted' | 'refused',
  answer: string,
  now: string,
): Promise<void> {
  await tx('supplier_cancel')
    .where({ id: cancel.id, state: 'asked' })
    .update({ state, answer, answered_at: now });
  await addJob(tx, 'signal-order', { orderId: cancel.orderId }, { key: cancel.orderId });
}
