import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import type { StoredConfirm } from '../fulfilment/ship-notice';
import { raiseException } from '../record/raise-exception';
import type { OrderLineRow, ShipmentRow } from './order-record';

export interface LooseUnits {
  readonly line: OrderLineRow;
  /** Base units that have left beyond whole ordered units. */
  readonly baseUnits: number;
}

/**
 * A ship confirm in whole ordered units: a part of a case can be neither received against a purchase order nor invoiced
 * exactly. What left beyond them is told beside it, and is on no notice and no invoice.
 */
export function inWholeUnits(
  confirm: StoredConfirm,
  orderLines: readonly OrderLineRow[],
): { readonly confirm: StoredConfirm; readonly loose: readonly LooseUnits[] } {
  const loose = confirm.lines.flatMap(({ lineNumber, shipped }): LooseUnits[] => {
    const line = orderLines.find((row) => row.line_number === lineNumber);
    const baseUnits = line === undefined || shipped <= 0 ? 0 : shipped % line.unit_factor;
    return line === undefined || baseUnits === 0 ? [] : [{ line, baseUnits }];
  });
  if (loose.length === 0) return { confirm, loose };
  const looseOf = new Map(loose.map(({ line, baseUnits }) => [line.line_number, baseUnits]));
  const lines = confirm.lines.map((line) => {
    const rest = looseOf.get(line.lineNumber) ?? 0;
    return rest === 0 ? line : { ...line, shipped: line.shipped - rest };
  });
  // From the last carton backwards: the whole units are in the cartons that were filled first.
  const packages = confirm.packages.toReversed().map((one) => ({
    ...one,
    contents: one.contents.flatMap((content) => {
      const rest = looseOf.get(content.lineNumber) ?? 0;
      const taken = Math.min(rest, content.quantity);
      looseOf.set(content.lineNumber, rest - taken);
      return content.quantity > taken ? [{ ...content, quantity: content.quantity - taken }] : [];
    }),
  }));
  return { confirm: { ...confirm, lines, packages: packages.toReversed() }, loose };
}

/** Nobody's bill: somebody settles it with the warehouse and the buyer. */
export async function tellLooseUnits(
  tx: Tx,
  shipment: ShipmentRow,
  loose: readonly LooseUnits[],
  now: string,
): Promise<void> {
  for (const { line, baseUnits } of loose)
    await raiseException(tx, {
      kind: 'over-shipment',
      subjectKey: `${shipment.id}/${line.line_number}/loose`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 14_400),
      orderId: shipment.order_id,
      priority: 2,
      text: `Warehouse ${shipment.node_id} confirms ${baseUnits} single units of ${line.item_id ?? ''} on ${shipment.shipment_number} beyond whole ${line.unit} of ${line.unit_factor}: they are neither announced nor invoiced, and the line is short of a whole ${line.unit}. Settle them with the warehouse and the buyer`,
    });
}
