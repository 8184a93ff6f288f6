import type { Db } from '../../db/connection';
import type { LabelRequest } from '../../domain/fulfilment/carrier-port';
import { findRoute, type Routing, type ShipmentFacts } from '../../domain/fulfilment/choose-carrier';
import type { KeptSegment, Party, PostalAddress } from '../../domain/order/order-request';
import type { ShipmentState } from '../../domain/order/states';
import { UnknownRecord } from '../order/order-record';
import { routingGuideRule } from '../rules/routing-guide';

interface Facts {
  readonly shipment_number: string;
  readonly state: ShipmentState;
  readonly labelled: boolean;
  readonly node_id: string;
  readonly customer_id: string;
  readonly to: Party;
  readonly deliver_by: string | null;
  readonly kept: readonly KeptSegment[] | null;
  readonly node_name: string;
  readonly node_address: PostalAddress;
  readonly packages: LabelRequest['packages'] | null;
  /** The customer's own guide, else everyone's. */
  readonly guide: { readonly scope: string; readonly version: number; readonly body: unknown } | null;
}

const factsOf = `
  select s.shipment_number, s.state, s.label is not null as labelled, s.node_id, o.customer_id, coalesce(s.ship_to, o.ship_to) as to, coalesce(s.deliver_by, o.deliver_by) as deliver_by,
    o.request -> 'kept' as kept, n.name as node_name, n.address as node_address,
    (select json_agg(json_build_object('sscc', p.sscc, 'weightGrams', p.weight_grams) order by p.sequence) from package p where p.shipment_id = s.id) as packages,
    (select to_json(g) from (select distinct on (scope) scope, version, body, withdrawn from rule
       where kind = 'routing-guide' and scope in ('*', 'customer:' || o.customer_id) and valid_from <= now()
       order by scope, version desc) g where not withdrawn order by scope = '*' limit 1) as guide
  from shipment s join orders o on o.id = s.order_id join node n on n.id = s.node_id where s.id = ?`;

/** What the carriers are asked: addresses, cartons with their weights, the wished-for day, and whom it may go with. */
export async function buildLabelRequest(db: Db, shipmentId: string): Promise<LabelRequest> {
  return (await readLabelRequest(db, shipmentId)).asked;
}

/** The same, and whether a label is still wanted. */
export async function readLabelRequest(
  db: Db,
  shipmentId: string,
): Promise<{ readonly asked: LabelRequest; readonly isWanted: boolean }> {
  const { rows } = await db.raw<{ rows: Facts[] }>(factsOf, [shipmentId]);
  const [facts] = rows;
  if (!facts) throw new UnknownRecord('shipment', shipmentId);
  const { to, packages } = facts;
  const asked = {
    idempotencyKey: `label/${shipmentId}`,
    shipmentNumber: facts.shipment_number,
    from: { name: facts.node_name, address: facts.node_address },
    to: { name: to.name ?? to.id ?? '', address: to.address ?? { lines: [] } },
    ...(facts.deliver_by !== null && { deliverBy: facts.deliver_by }),
    packages: packages ?? [],
    routing: routingOf(facts),
  };
  return { asked, isWanted: facts.state === 'planned' && !facts.labelled };
}

function routingOf(facts: Facts): Routing | null {
  const guide = facts.guide === null ? null : routingGuideRule.body.parse(facts.guide.body);
  const asked = guide?.honourOrder === false ? null : carrierAskedFor(facts.kept ?? []);
  if (asked !== null) {
    return {
      source: 'order',
      route: { name: 'TD5', when: {}, carriers: [{ scac: asked }], choose: 'first', otherwise: 'any' },
    };
  }
  const route = guide === null ? null : findRoute(guide.routes, shipmentFacts(facts));
  return route === null ? null : { source: `${facts.guide?.scope} v${facts.guide?.version}`, route };
}

/** TD502 2 says that TD503 is a SCAC (element 66); TD501 names whose leg it is and does not matter here. */
function carrierAskedFor(kept: readonly KeptSegment[]): string | null {
  const [, qualifier, scac] = kept.find(({ at }) => at.segmentId === 'TD5')?.elements ?? [];
  return qualifier === '2' && scac !== undefined && /^[A-Z]{2,4}$/.test(scac) ? scac : null;
}

const shipmentFacts = ({ node_id: nodeId, node_address: from, to, packages }: Facts): ShipmentFacts => ({
  nodeId,
  country: to.address?.country ?? from.country ?? 'US',
  region: to.address?.region ?? '',
  postalCode: to.address?.postalCode ?? '',
  cartons: packages?.length ?? 0,
  grams: packages?.reduce((sum, { weightGrams }) => sum + weightGrams, 0) ?? 0,
});
