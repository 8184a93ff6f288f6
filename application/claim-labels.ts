import type { Tx } from '../db/connection';
import { addSeconds } from '../domain/shared/dates';
import { drawLabel } from './draw-label';
import type { OrderRow, ShipmentRow } from './order-record';
import { raiseException } from './raise-exception';
import type { ShippingFacts, StoredConfirm } from './ship-notice';

type Package = StoredConfirm['packages'][number];

/**
 * Cartons that a warehouse has labelled itself become this shipment's, each number once: no two notices may name one
 * carton. A carton of a shipment that was taken back may be used for this one. One that is on another shipment gets a
 * number of the company, and somebody is told.
 */
export async function claimLabels(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  facts: Pick<ShippingFacts, 'packages' | 'lastPackage'>,
  confirm: StoredConfirm,
  now: string,
): Promise<StoredConfirm> {
  const planned = new Set(facts.packages.map(({ sscc }) => sscc));
  const unknown = confirm.packages.filter(({ sscc }) => !planned.has(sscc));
  if (unknown.length === 0) return confirm;
  const claimed = await claim(tx, shipment, facts.lastPackage, unknown);
  const used = unknown.filter(({ sscc }) => !claimed.has(sscc)).map(({ sscc }) => sscc);
  if (used.length === 0) return confirm;
  const drawn = new Map<string, string>();
  for (const sscc of used) drawn.set(sscc, await drawLabel(tx, order.entity_id));
  const pairs = [...drawn].map(([from, to]) => `${from} is announced as ${to}`).join(', ');
  await raiseException(tx, {
    kind: 'sscc-used-before',
    subjectKey: shipment.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    orderId: order.id,
    priority: 2,
    text: `Warehouse ${shipment.node_id} names cartons on ${shipment.shipment_number} that are on another shipment: ${pairs}. Have them labelled anew, or tell the buyer what is on them`,
  });
  return {
    ...confirm,
    packages: confirm.packages.map((one) => ({ ...one, sscc: drawn.get(one.sscc) ?? one.sscc })),
  };
}

/** In one statement, so that of two shipments that name a number at the same moment one has it. */
async function claim(
  tx: Tx,
  shipment: ShipmentRow,
  last: number,
  packages: readonly Package[],
): Promise<ReadonlySet<string>> {
  const rows = packages.map(({ sscc, weightGrams, contents }, at) => ({
    sscc,
    sequence: last + at + 1,
    weight_grams: weightGrams,
    contents,
  }));
  const { rows: claimed } = await tx.raw<{ rows: { sscc: string }[] }>(
    `insert into package (sscc, shipment_id, sequence, weight_grams, contents)
     select sscc, cast(:shipmentId as uuid), sequence, weight_grams, contents
     from jsonb_to_recordset(cast(:rows as jsonb)) as r(sscc text, sequence int, weight_grams int, contents jsonb) order by sscc
     on conflict (sscc) do update
       set shipment_id = excluded.shipment_id, sequence = excluded.sequence, tracking_number = null
       where not package.shipped and exists (select from shipment s where s.id = package.shipment_id and s.state = 'cancelled')
     returning sscc`,
    { shipmentId: shipment.id, rows: JSON.stringify(rows) },
  );
  return new Set(claimed.map(({ sscc }) => sscc));
}
