import type { Tx } from '../../db/connection';
import { unseen, unseenList } from '../../db/one-plan';
import { type CartonType, cartonise } from '../../domain/fulfilment/cartonise';
import { sscc } from '../../domain/fulfilment/sscc';
import type { OrderLineRow, OrderRow } from '../order/order-record';
import { cartonRule } from '../rules/carton';

interface ItemFacts {
  readonly id: string;
  readonly unitsPerCarton: number;
  readonly weightGrams: number;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  readonly upright: boolean;
  readonly packingClass: string | null;
}

interface Facts {
  readonly prefix: string;
  readonly items: readonly ItemFacts[] | null;
  readonly cartons: readonly { readonly scope: string; readonly body: unknown }[] | null;
}

const factsOf = `
  select (select gs1_prefix from selling_entity where id = :entityId) as prefix,
    (select json_agg(json_build_object('id', id, 'unitsPerCarton', units_per_carton, 'weightGrams', weight_grams, 'lengthMm', length_mm,
      'widthMm', width_mm, 'heightMm', height_mm, 'upright', upright, 'packingClass', packing_class)) from item where id = any(${unseenList(':itemIds')})) as items,
    (select json_agg(r) from (select distinct on (scope) scope, body, withdrawn from rule
      where kind = 'carton' and valid_from <= now() order by scope, version desc) r where not withdrawn) as cartons`;

/** As its row has it, but for its shipment. */
export interface Carton {
  readonly sscc: string;
  readonly sequence: number;
  readonly carton_type: string | null;
  readonly weight_grams: number;
  readonly contents: unknown;
}

/** Plans the cartons of each shipment, each carton with an SSCC of its own, numbered from 1 in its shipment. */
export async function packCartons(
  tx: Tx,
  order: OrderRow,
  shipments: readonly {
    readonly nodeId: string;
    readonly lines: readonly { readonly line: OrderLineRow; readonly quantity: number }[];
  }[],
): Promise<readonly (readonly Carton[])[]> {
  const itemIds = [...new Set(shipments.flatMap(({ lines }) => lines.map(({ line }) => line.item_id ?? '')))];
  const { rows } = await tx.raw<{ rows: Facts[] }>(factsOf, { entityId: order.entity_id, itemIds });
  const facts = rows[0] as Facts;
  const items = new Map(facts.items?.map((item) => [item.id, item]));
  const packed = shipments.map(({ nodeId, lines }) =>
    cartonise(
      lines.map(({ line, quantity }) => cartonLine(line, quantity, items.get(line.item_id ?? ''))),
      cartonsAt(facts, nodeId),
    ),
  );
  const { rows: serials } = await tx.raw<{ rows: { serial: number }[] }>(
    `select nextval('sscc_number') as serial from generate_series(1, ${unseen('?', 'int')})`,
    [packed.reduce((sum, cartons) => sum + cartons.length, 0)],
  );
  let next = 0;
  return packed.map((cartons) =>
    cartons.map((carton) => ({
      sscc: sscc(facts.prefix, serials[next++]?.serial as number),
      sequence: carton.sequence,
      carton_type: carton.cartonType,
      weight_grams: carton.weightGrams,
      contents: carton.contents,
    })),
  );
}

function cartonLine(line: OrderLineRow, quantity: number, item: ItemFacts | undefined) {
  const { lengthMm = null, widthMm = null, heightMm = null } = item ?? {};
  const isSized = lengthMm !== null && widthMm !== null && heightMm !== null;
  // A store's goods are unpacked there: whatever else it ordered, nobody else's is in the carton.
  const store = line.destination?.as === 'mark-for' ? (line.destination.party.id ?? '') : '';
  return {
    lineNumber: line.line_number,
    quantity,
    unitsPerCarton: item?.unitsPerCarton ?? 1,
    weightGrams: item?.weightGrams ?? 0,
    size: isSized ? { lengthMm, widthMm, heightMm } : null,
    upright: item?.upright ?? false,
    together: JSON.stringify([store, item?.packingClass ?? '']),
  };
}

function cartonsAt(facts: Facts, nodeId: string): readonly CartonType[] {
  return (facts.cartons ?? [])
    .map(({ scope, body }) => ({ id: scope, ...cartonRule.body.parse(body) }))
    .filter(({ nodes }) => nodes === undefined || nodes.includes(nodeId));
}
