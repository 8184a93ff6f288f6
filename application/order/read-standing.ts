import type { Tx } from '../../db/connection';
import type { CreditStanding, LineStanding, OrderStanding } from '../../domain/order/change-assessment';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { readExposure } from '../credit/read-exposure';
import { type OrderLineRow, type OrderRow, readLines } from './order-record';

/** An order as it stands at this point of the transaction, with what its credit account has left. */
export async function readStanding(tx: Tx, order: OrderRow): Promise<OrderStanding> {
  return {
    lines: (await readLines(tx, order.id)).map((line) => lineStanding(line, order.type)),
    subtotalMinor: order.subtotal_minor,
    chargesMinor: order.charges_minor,
    taxMinor: order.tax_minor,
    totalMinor: order.total_minor,
    shipTo: order.ship_to,
    deliverBy: order.deliver_by,
    shipNotBefore: order.ship_not_before,
    cancelAfter: order.cancel_after,
    credit: order.type === 'blanket' ? null : await creditStanding(tx, order),
  };
}

function lineStanding(line: OrderLineRow, orderType: string): LineStanding {
  const inUnit = (base: number) => fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });
  const wanted = line.ordered - line.cancelled;
  const covered = orderType === 'blanket' ? wanted : line.reserved + line.released + line.shipped;
  return {
    lineNumber: line.line_number,
    buyerLineNumber: line.buyer_line_number,
    itemId: line.item_id,
    description: line.description,
    unit: line.unit,
    quantity: inUnit(wanted),
    unitPrice: line.unit_price,
    amountMinor: line.amount_minor,
    covered: inUnit(covered),
    backordered: inUnit(wanted - covered),
    shipNotBefore: line.ship_not_before,
    deliverBy: line.deliver_by,
    cancelAfter: line.cancel_after,
    rejection: line.rejection,
  };
}

async function creditStanding(tx: Tx, order: OrderRow): Promise<CreditStanding> {
  const now = new Date().toISOString();
  const { chain } = await readExposure(tx, order.credit_account_id, order.usage, order.id, now);
  const [{ exposure, limit }] = chain;
  const exposureMinor = exposure.totalMinor + Math.max(0, order.total_minor - order.invoiced_minor);
  return {
    limitMinor: limit.totalMinor,
    exposureMinor,
    headroomMinor: limit.totalMinor - exposureMinor,
  };
}
