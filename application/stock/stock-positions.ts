import { z } from 'zod';
import type { Db } from '../../db/connection';
import { ASKED_SINCE } from '../../db/repositories/asked-of-suppliers';
import type { NodePosition } from '../../domain/allocation/available-to-promise';
import { type SafetyRules, type SafetyStock, safetyStockOf } from '../../domain/allocation/safety-stock';
import type { Usage } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import { WAITING_AND_KEEPS } from '../backorder/backorder-queue';
import { safetyStockRule } from '../rules/safety-stock';
import { asSafetyRules } from './read-safety-stock';

/** Whose view it is: what is kept for them is theirs. null: the company's own people, who see everything as it is. */
export type Viewer = { readonly customerId: string; readonly channel: string } | null;

export interface Inbound {
  readonly number: string;
  /** supplier: its own report says that it will have so many more; they come in at its node, not at ours. */
  readonly kind: 'purchase' | 'transfer' | 'supplier';
  readonly source: string;
  readonly expectedOn: string | null;
  /** Still to come, base units. */
  readonly quantity: number;
  /** Its day has passed: it counts for nothing until somebody says when it comes. */
  readonly overdue: boolean;
}

export interface ItemPosition extends NodePosition {
  readonly itemId: string;
  readonly itemClass: string | null;
  readonly nodeName: string;
  /** A supplier's node, with when the supplier said what it has (846). */
  readonly supplier: (NonNullable<NodePosition['supplier']> & { readonly reportedAt: string }) | null;
  /** What the safety stock is by; null: the level itself says it. */
  readonly safetyRule: SafetyStock['rule'];
  /** Transfers on their way, with a date or without. */
  readonly inTransit: number;
  readonly expected: readonly Inbound[];
}

interface Row {
  readonly itemId: string;
  readonly nodeId: string;
  readonly nodeName: string;
  readonly rank: number;
  readonly timeZone: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
  readonly carts: number;
  readonly reserves: number;
  readonly shares: number;
  readonly own: number;
  readonly expected: readonly Omit<Inbound, 'overdue'>[];
  readonly itemClass: string | null;
  readonly supplier: ItemPosition['supplier'];
  /** On the first row: a statement of their own would be one more for every order that waits. */
  readonly rules: unknown;
}

const RULES_OF_SAFETY = `select jsonb_agg(jsonb_build_object('scope', scope, 'version', version, 'body', body)) from (
  select distinct on (scope) scope, version, body, withdrawn from rule
  where kind = 'safety-stock' and valid_from <= now() order by scope, version desc) latest where not withdrawn`;
const safetyRows = z.array(z.object({ scope: z.string(), version: z.number(), body: safetyStockRule.body }));

/**
 * Stock of items as it stands, by item and node; a node with nothing but inbound is among them, and so are suppliers that
 * have said what they have. Without locks: a view.
 */
export async function readPositions(
  db: Db,
  itemIds: readonly string[],
  about: { readonly usage: Usage; readonly now: string; readonly viewer?: Viewer },
): Promise<readonly ItemPosition[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `with ${WAITING_AND_KEEPS},
     kept as (
       select item_id, node_id, sum(quantity) filter (where kind = 'cart') as carts,
         sum(quantity) filter (where kind in ('customer', 'channel')) as reserves, sum(quantity) filter (where kind = 'order') as shares,
         sum(quantity) filter (where customer_id = cast(:customerId as text) or channel = cast(:channel as text)) as own
       from keeps group by 1, 2),
     coming as (
       select item_id, node_id, jsonb_agg(jsonb_build_object('number', number, 'kind', kind, 'source', source, 'expectedOn', expected_on,
         'quantity', quantity - received) order by expected_on nulls last, number) as expected
       from inbound_stock where item_id = any(:itemIds) and usage = :usage and quantity > received group by 1, 2),
     supplied as (
       select s.item_id, s.node_id, s.quantity, ${ASKED_SINCE} as asked, s.inbound, s.report,
         jsonb_build_object('unitFactor', x.unit_factor, 'minimum', x.minimum_quantity, 'reportedAt', s.reported_at) as supplier
       from supplier_stock s join item_supplier x on x.item_id = s.item_id and x.node_id = s.node_id and x.active
       where s.item_id = any(:itemIds) and s.usage = :usage),
     places as (
       select item_id, node_id from stock where item_id = any(:itemIds) and usage = :usage
       union select item_id, node_id from coming union select item_id, node_id from supplied)
     select p.item_id as "itemId", p.node_id as "nodeId", n.name as "nodeName", n.rank, n.time_zone as "timeZone",
       coalesce(v.quantity, s.on_hand, 0) as "onHand", coalesce(v.asked, s.reserved, 0)::bigint as reserved, coalesce(s.safety, 0) as safety,
       coalesce(k.carts, 0)::bigint as carts, coalesce(k.reserves, 0)::bigint as reserves, coalesce(k.shares, 0)::bigint as shares,
       coalesce(k.own, 0)::bigint as own, coalesce((select jsonb_agg(jsonb_build_object('number', v.report, 'kind', 'supplier', 'source', n.name, 'expectedOn', d.date,
         'quantity', d.quantity) order by d.date) from jsonb_to_recordset(v.inbound) as d(date date, quantity bigint)), c.expected, '[]') as expected,
       v.supplier, i.item_class as "itemClass",
       case when row_number() over (order by p.item_id, n.rank, p.node_id) = 1 then (${RULES_OF_SAFETY}) end as rules
     from places p join node n on n.id = p.node_id join item i on i.id = p.item_id
       left join stock s on s.item_id = p.item_id and s.node_id = p.node_id and s.usage = :usage
       left join kept k on k.item_id = p.item_id and k.node_id = p.node_id
       left join supplied v on v.item_id = p.item_id and v.node_id = p.node_id
       left join coming c on c.item_id = p.item_id and c.node_id = p.node_id
     where n.active order by p.item_id, n.rank, p.node_id`,
    {
      itemIds: [...itemIds],
      usage: about.usage,
      now: about.now,
      customerId: about.viewer?.customerId ?? null,
      channel: about.viewer?.channel ?? null,
    } as never,
  );
  const rules = asSafetyRules(safetyRows.parse(rows[0]?.rules ?? []));
  return rows.map((row) => positionOf(row, rules, about.now));
}

function positionOf(
  { timeZone, expected, itemClass, supplier, rules: _, ...row }: Row,
  rules: SafetyRules,
  now: string,
): ItemPosition {
  const { units: safety, rule: safetyRule } = safetyStockOf(rules, { ...row, itemClass }, row.safety);
  const today = localDateIn(now, timeZone);
  const coming = expected.map((one) => ({
    ...one,
    overdue: one.expectedOn !== null && one.expectedOn < today,
  }));
  return {
    ...row,
    safety,
    itemClass,
    supplier:
      supplier === null ? null : { ...supplier, reportedAt: new Date(supplier.reportedAt).toISOString() },
    safetyRule,
    expected: coming,
    inTransit: coming.reduce((sum, one) => (one.kind === 'transfer' ? sum + one.quantity : sum), 0),
    inbound: coming.flatMap(({ expectedOn, overdue, quantity }) =>
      expectedOn === null || overdue ? [] : [{ date: expectedOn, quantity }],
    ),
  };
}
