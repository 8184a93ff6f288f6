import type { Tx } from '../../db/connection';
import { isSscc } from '../../domain/fulfilment/sscc';
import { addSeconds } from '../../domain/shared/dates';
import type { OrderRow, ShipmentRow } from '../order/order-record';
import { raiseException } from '../record/raise-exception';
import { drawLabel } from './draw-label';
import type { ShippingFacts, StoredConfirm } from './ship-notice';

type Package = StoredConfirm['packages'][number];

/**
 * Cartons that a warehouse has labelled itself become this shipment's, each number once: no two notices may name one
 * carton. A carton of a shipment that was taken back may be used for this one. One that is on another shipment, or whose
 * number is no SSCC-18, gets a number of the company, and somebody is told.
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
  const wrong = confirm.packages
    .flatMap(({ sscc, palletSscc }) => [sscc, ...(palletSscc === undefined ? [] : [palletSscc])])
    .filter((label) => !isSscc(label));
  if (unknown.length === 0 && wrong.length === 0) return confirm;
  const claimed = await claim(
    tx,
    shipment,
    facts.lastPackage,
    unknown.filter(({ sscc }) => isSscc(sscc)),
  );
  const used = unknown.filter(({ sscc }) => isSscc(sscc) && !claimed.has(sscc)).map(({ sscc }) => sscc);
  if (used.length === 0 && wrong.length === 0) return confirm;
  const drawn = new Map<string, string>();
  for (const label of new Set([...used, ...wrong])) drawn.set(label, await drawLabel(tx, order.entity_id));
  const tell = (kind: string, labels: readonly string[], what: string) =>
    tellDrawn(
      tx,
      order,
      shipment,
      { kind, what, drawn: [...drawn].filter(([from]) => labels.includes(from)) },
      now,
    );
  if (used.length > 0) await tell('sscc-used-before', used, 'that are on another shipment');
  if (wrong.length > 0)
    await tell(
      'sscc-not-valid',
      wrong,
      'by numbers that no scanner takes (wrong check digit of the SSCC-18)',
    );
  return {
    ...confirm,
    packages: confirm.packages.map(({ palletSscc, ...one }) => ({
      ...one,
      sscc: drawn.get(one.sscc) ?? one.sscc,
      ...(palletSscc !== undefined && { palletSscc: drawn.get(palletSscc) ?? palletSscc }),
    })),
  };
}

async function tellDrawn(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  told: {
    readonly kind: string;
    readonly what: string;
    readonly drawn: readonly (readonly [string, string])[];
  },
  now: string,
): Promise<void> {
  const pairs = told.drawn.map(([from, to]) => `${from} is announced as ${to}`).join(', ');
  await raiseException(tx, {
    kind: told.kind,
    subjectKey: shipment.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    orderId: order.id,
    priority: 2,
    text: `Warehouse ${shipment.node_id} names cartons on ${shipment.shipment_number} ${told.what}: ${pairs}. Have them labelled anew, or tell the buyer what is on them`,
  });
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
