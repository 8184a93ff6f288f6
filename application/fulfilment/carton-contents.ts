import type { Tx } from '../../db/connection';
import { holdExactly, packAsShipped, unitsIn } from '../../domain/fulfilment/pack-as-shipped';
import { addSeconds } from '../../domain/shared/dates';
import type { OrderRow, ShipmentLineRow, ShipmentRow } from '../order/order-record';
import { raiseException } from '../record/raise-exception';
import { drawLabel } from './draw-label';
import type { StoredConfirm } from './ship-notice';

interface PlannedCarton {
  readonly sscc: string;
  readonly tracking_number: string | null;
  readonly weight_grams: number;
  readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
}

/**
 * A confirm whose cartons hold what it says has left, no more and no less, so that its notice can go out. Where they do
 * not, units are in the cartons that were planned for them, or in one with a number of the company; where the warehouse
 * contradicts itself somebody is told. What a buyer has fetched is in no carton.
 */
export async function asPacked(
  tx: Tx,
  order: OrderRow,
  { shipment, lines }: { readonly shipment: ShipmentRow; readonly lines: readonly ShipmentLineRow[] },
  confirm: StoredConfirm,
  now: string,
): Promise<StoredConfirm> {
  const said = unitsIn(confirm.lines.map(({ lineNumber, shipped }) => ({ lineNumber, quantity: shipped })));
  const left = new Map(
    lines.map(({ line_number: line, quantity }) => [line, Math.min(quantity, said.get(line) ?? 0)]),
  );
  if (shipment.method === 'pickup' || holdExactly(confirm.packages, left)) return confirm;
  const planned = (await tx('package')
    .where({ shipment_id: shipment.id })
    .orderBy('sequence')) as PlannedCarton[];
  const packed = packAsShipped(confirm.packages, planned, left);
  const further = packed.planned.map(({ sscc, tracking_number: tracking, weight_grams, contents }) => ({
    sscc,
    ...(tracking !== null && { trackingNumber: tracking }),
    weightGrams: weight_grams,
    contents: [...contents],
  }));
  const loose =
    packed.rest.length === 0
      ? []
      : [{ sscc: await drawLabel(tx, order.entity_id), weightGrams: 0, contents: [...packed.rest] }];
  if (loose.length > 0 || (confirm.packages.length > 0 && !holdExactly(confirm.packages, said)))
    await tellContents(tx, shipment, confirm, loose[0]?.sscc, now);
  return { ...confirm, packages: [...packed.named, ...further, ...loose] };
}

async function tellContents(
  tx: Tx,
  shipment: ShipmentRow,
  { lines, packages }: StoredConfirm,
  drawn: string | undefined,
  now: string,
): Promise<void> {
  const held = unitsIn(packages.flatMap(({ contents }) => contents));
  const words = lines
    .filter(({ lineNumber, shipped }) => (held.get(lineNumber) ?? 0) !== shipped)
    .map(
      ({ lineNumber, shipped }) =>
        `line ${lineNumber}: ${shipped} left, ${held.get(lineNumber) ?? 0} in cartons`,
    );
  const label = drawn === undefined ? '' : ` What is in no carton is announced as ${drawn}.`;
  await raiseException(tx, {
    kind: 'cartons-differ',
    subjectKey: shipment.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    orderId: shipment.order_id,
    priority: 2,
    text: `Warehouse ${shipment.node_id} names cartons on ${shipment.shipment_number} that do not hold what it says has left (${words.join('; ')}): the notice goes by what has left.${label} Have it counted, and tell the buyer what is in the cartons`,
  });
}
