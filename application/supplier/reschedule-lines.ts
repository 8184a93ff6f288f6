import type { Tx } from '../../db/connection';
import type { SupplierVerdict } from '../../domain/fulfilment/read-supplier-answer';
import { dayToTell, stillOpen } from '../../domain/fulfilment/supplier-order';
import { recordEvents } from '../record/keep-history';
import type { LockedSupplierOrder, SupplierOrderLineRow } from './supplier-order-record';

/**
 * The days that a supplier names for its lines, where the buyer has to hear of them: later than was reckoned with, or
 * another one than it was told before. The caller has locked the order, and tells it.
 * @returns whether there is something to tell
 */
export async function noteOtherDays(
  tx: Tx,
  { order, supplierOrder }: LockedSupplierOrder,
  verdicts: ReadonlyMap<SupplierOrderLineRow, SupplierVerdict>,
  now: string,
): Promise<boolean> {
  const moved = [...verdicts].flatMap(([line, { accepted, backordered, promisedOn }]) => {
    const units = Math.min(accepted + backordered, stillOpen(line));
    if (promisedOn === null || units === 0) return [];
    const wantedOn = line.deliver_by ?? order.deliver_by;
    const told = { toldOn: line.told_on, wantedOn, reckonedOn: line.promised_on };
    return dayToTell(promisedOn, told)
      ? [{ line, units, on: promisedOn, before: line.told_on ?? wantedOn }]
      : [];
  });
  if (moved.length === 0) return false;
  for (const { line, on } of moved)
    await tx('supplier_order_line')
      .where({ supplier_order_id: supplierOrder.id, line_number: line.line_number })
      .update({ told_on: on });
  await keepRescheduled(tx, supplierOrder.id);
  const numbers = new Map(
    (
      (await tx('order_line')
        .whereIn(
          'id',
          moved.map(({ line }) => line.order_line_id),
        )
        .select('id', 'line_number')) as { id: string; line_number: number }[]
    ).map((line) => [line.id, line.line_number]),
  );
  const lines = moved.map(({ line, units, on, before }) => ({
    line: numbers.get(line.order_line_id) ?? 0,
    item: line.item_id,
    units,
    from: before,
    to: on,
  }));
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'promise-moved',
      actor: 'hub',
      text: lines
        .map(
          ({ line, item, units, from, to }) =>
            `Line ${line}: ${units} of ${item} promised for ${to}, ${from === null ? 'later than usual' : `before for ${from}`}`,
        )
        .join('; '),
      data: { lines: lines.map(({ line, from, to }) => ({ line, from, to })) },
    },
  ]);
  return true;
}

/** What the order's lines say of a supplier's other days, as what is still to come from it stands now. */
export async function keepRescheduled(tx: Tx, supplierOrderId: string): Promise<void> {
  await tx.raw(
    `update order_line l set rescheduled = r.days
     from (
       select x.order_line_id as id, (
         select jsonb_agg(jsonb_build_object('units', d.units, 'on', d.told_on) order by d.told_on) from (
           select s.told_on, sum(s.ordered - s.cancelled - s.shipped) as units from supplier_order_line s
           where s.order_line_id = x.order_line_id and s.told_on is not null and s.ordered > s.cancelled + s.shipped
           group by s.told_on) d) as days
       from (select distinct order_line_id from supplier_order_line where supplier_order_id = ?) x) r
     where l.id = r.id and l.rescheduled is distinct from r.days`,
    [supplierOrderId],
  );
}
