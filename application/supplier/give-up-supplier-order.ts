import type { Tx } from '../../db/connection';
import { stillOpen } from '../../domain/fulfilment/supplier-order';
import { lockOrder } from '../order/order-record';
import { askToTakeBack, withdrawn } from './cancel-at-supplier';
import { loseSupply } from './lose-supply';
import { readSupplierOrder, settleSupplierOrder } from './supplier-order-record';

export type GivenUp =
  | { readonly kind: 'given-up'; readonly units: number }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-supplier-order' | 'nothing-open' | 'cancel-unanswered';
      readonly text: string;
    };

/**
 * A person no longer waits for a supplier that does not answer, or does not ship: what is open is sourced elsewhere as if
 * it had refused, and it is asked by 860 to take back what it was sent. Should it ship all the same, its ship notice finds
 * nothing open and somebody is told at once.
 */
export async function giveUpSupplierOrder(
  tx: Tx,
  id: string,
  { person, reason }: { readonly person: string; readonly reason: string },
  now: string,
): Promise<GivenUp> {
  const found = (await tx('supplier_order').where({ id }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!found)
    return { kind: 'refused', code: 'unknown-supplier-order', text: `There is no supplier order ${id}` };
  const order = await lockOrder(tx, found.order_id);
  const { supplierOrder, lines } = await readSupplierOrder(tx, id);
  const open = lines.filter((line) => stillOpen(line) > 0);
  if (open.length === 0)
    return {
      kind: 'refused',
      code: 'nothing-open',
      text: `Nothing of ${supplierOrder.number} is still to come: it is ${supplierOrder.state}`,
    };
  const asked = await tx('supplier_cancel').where({ supplier_order_id: id, state: 'asked' }).first('number');
  if (asked)
    return {
      kind: 'refused',
      code: 'cancel-unanswered',
      text: `${supplierOrder.partner_id} is asked to take ${supplierOrder.number} back already (860): its answer decides the order's change`,
    };
  const whole = lines.every((line) => line.shipped === 0);
  if (!(whole && (await withdrawn(tx, id))))
    for (const [shipmentId, own] of Map.groupBy(open, (line) => line.shipment_id))
      await askToTakeBack(
        tx,
        { order, supplierOrder, lines: own, whole: whole && own.length === open.length },
        shipmentId,
        now,
      );
  const lost = open.map((line) => ({ line, quantity: stillOpen(line) }));
  const why = { reason: `${person} gives it up: ${reason}`, by: person };
  await loseSupply(tx, { order, supplierOrder, lines }, lost, why, now);
  await settleSupplierOrder(tx, id, null);
  return { kind: 'given-up', units: lost.reduce((sum, { quantity }) => sum + quantity, 0) };
}
