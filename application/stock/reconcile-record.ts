import type { Db, Tx } from '../../db/connection';
import { isOpenOrder } from '../../db/open-order-sql';
import { isLineHeld, wasHeldSince } from '../../db/repositories/held-lines';

/** One thing that two places of the record tell differently; a sound record has none. */
export interface Difference {
  readonly check: string;
  readonly subject: string;
  readonly expected: number;
  readonly found: number;
}

/** Each query gives the rows where what is kept as a sum differs from what it sums up. */
const checks: readonly { readonly check: string; readonly sql: string }[] = [
  {
    check: 'the level’s reserved units are those of its active reservations',
    // What suppliers ship has no level of the company's.
    sql: `select item_id || ' at ' || node_id || ' ' || usage as subject, coalesce(r.quantity, 0)::bigint as expected, coalesce(s.reserved, 0) as found
      from stock s full join (
        select r.item_id, r.node_id, r.usage, sum(r.quantity) as quantity from reservation r join node n on n.id = r.node_id and n.supplier_partner is null
        where r.status = 'active' group by 1, 2, 3) r using (item_id, node_id, usage)
      where coalesce(s.reserved, 0) <> coalesce(r.quantity, 0)`,
  },
  {
    check: 'what is kept of a level for carts, customers, channels and shares is there and not reserved',
    sql: `select s.item_id || ' at ' || s.node_id || ' ' || s.usage as subject, greatest(0, s.on_hand - s.reserved) as expected, sum(k.quantity)::bigint as found
      from stock s join (
        select k.item_id, k.node_id, k.usage, case when k.kind = 'order' then least(k.quantity, l.ordered - l.cancelled - l.reserved - l.released - l.shipped) else k.quantity end as quantity
        from stock_keep k left join order_line l on l.id = k.order_line_id left join orders o on o.id = l.order_id
        where k.quantity > 0 and (k.until is null or k.until > now()) and (k.kind <> 'order' or o.state in ('placed', 'confirmed', 'fulfilling') and not ${isLineHeld('l')} and not ${wasHeldSince('l', 'k.kept_at')})
      ) k on k.item_id = s.item_id and k.node_id = s.node_id and k.usage = s.usage
      group by s.item_id, s.node_id, s.usage, s.on_hand, s.reserved having sum(k.quantity) > greatest(0, s.on_hand - s.reserved)`,
  },
  {
    check: 'a cart that was ordered, given back or ran out keeps nothing',
    sql: `select c.customer_id || ' ' || c.reference as subject, 0::bigint as expected, sum(k.quantity)::bigint as found
      from cart c join stock_keep k on k.cart_id = c.id and k.quantity > 0 where c.status <> 'active' group by c.id, c.customer_id, c.reference`,
  },
  {
    check: 'what a line has reserved or released is what is reserved for it',
    sql: `select o.order_number || ' line ' || l.line_number as subject, coalesce(sum(r.quantity), 0)::bigint as expected, l.reserved + l.released as found
      from order_line l join orders o on o.id = l.order_id left join reservation r on r.order_line_id = l.id and r.status = 'active'
      group by o.order_number, l.line_number, l.id, l.reserved, l.released having l.reserved + l.released <> coalesce(sum(r.quantity), 0)`,
  },
  {
    check: 'what is reserved is of its line’s item and order, and of its shipment’s node',
    sql: `select o.order_number || ' line ' || l.line_number as subject, 0::bigint as expected, r.quantity as found
      from reservation r join order_line l on l.id = r.order_line_id join orders o on o.id = l.order_id left join shipment s on s.id = r.shipment_id
      where r.status = 'active' and r.quantity > 0 and (r.order_id <> l.order_id or r.item_id is distinct from l.item_id or r.usage <> o.usage
        or s.order_id <> l.order_id or s.node_id <> r.node_id)`,
  },
  {
    check: 'what a line has released is in shipments that have not left',
    sql: `select o.order_number || ' line ' || l.line_number as subject, coalesce(sum(sl.quantity) filter (where s.state in ('planned', 'released')), 0)::bigint as expected, l.released as found
      from order_line l join orders o on o.id = l.order_id left join shipment_line sl on sl.order_line_id = l.id left join shipment s on s.id = sl.shipment_id
      group by o.order_number, l.line_number, l.id, l.released having l.released <> coalesce(sum(sl.quantity) filter (where s.state in ('planned', 'released')), 0)`,
  },
  {
    check: 'a shipment that has not left has shipped nothing, one that has left something',
    sql: `select s.shipment_number as subject, case when s.state in ('shipped', 'invoiced') then 1 else 0 end::bigint as expected, coalesce(sum(sl.shipped), 0)::bigint as found
      from shipment s left join shipment_line sl on sl.shipment_id = s.id group by s.id, s.shipment_number, s.state
      having (s.state in ('shipped', 'invoiced')) <> (coalesce(sum(sl.shipped), 0) > 0)`,
  },
  {
    check: 'what a line has invoiced is what it has shipped',
    sql: `select o.order_number || ' line ' || l.line_number as subject, l.shipped as expected, l.invoiced as found
      from order_line l join orders o on o.id = l.order_id where l.invoiced <> l.shipped`,
  },
  {
    check: 'what a line has shipped is what its shipments shipped',
    sql: `select o.order_number || ' line ' || l.line_number as subject, coalesce(sum(s.shipped), 0)::bigint as expected, l.shipped as found
      from order_line l join orders o on o.id = l.order_id left join shipment_line s on s.order_line_id = l.id
      group by o.order_number, l.line_number, l.id, l.shipped having l.shipped <> coalesce(sum(s.shipped), 0)`,
  },
  {
    check: 'releases call off no more than their blanket order has',
    sql: `select o.order_number || ' line ' || b.line_number as subject, b.ordered - b.cancelled as expected, sum(r.ordered - r.cancelled)::bigint as found
      from order_line b join orders o on o.id = b.order_id join order_line r on r.blanket_line_id = b.id and r.rejection_code is null
      group by o.order_number, b.line_number, b.id, b.ordered, b.cancelled having sum(r.ordered - r.cancelled) > b.ordered - b.cancelled`,
  },
  {
    check: 'what an order has invoiced is the sum of its invoices',
    sql: `select o.order_number as subject, coalesce(sum(i.total_minor), 0)::bigint as expected, o.invoiced_minor as found
      from orders o left join invoice i on i.order_id = o.id group by o.id, o.order_number, o.invoiced_minor having o.invoiced_minor <> coalesce(sum(i.total_minor), 0)`,
  },
  {
    check: 'what an order comes to is its goods, charges and tax',
    sql: `select order_number as subject, subtotal_minor + charges_minor + tax_minor as expected, total_minor as found
      from orders where state <> 'rejected' and total_minor <> subtotal_minor + charges_minor + tax_minor`,
  },
  {
    check: 'an order’s goods are its lines',
    sql: `select o.order_number as subject, coalesce(sum(l.amount_minor) filter (where l.rejection_code is null and l.ordered > l.cancelled), 0)::bigint as expected, o.subtotal_minor as found
      from orders o left join order_line l on l.order_id = o.id where o.state <> 'rejected' group by o.id, o.order_number, o.subtotal_minor
      having o.subtotal_minor <> coalesce(sum(l.amount_minor) filter (where l.rejection_code is null and l.ordered > l.cancelled), 0)`,
  },
  {
    check: 'an invoice’s goods and charges are those that stand on it',
    sql: `select i.invoice_number as subject, coalesce(l.minor, 0) + coalesce(c.minor, 0) as expected, i.subtotal_minor + i.charges_minor as found from invoice i
      left join lateral (select sum((x ->> 'amountMinor')::bigint)::bigint as minor from jsonb_array_elements(i.lines) x) l on true
      left join lateral (select sum((x ->> 'amountMinor')::bigint * case x ->> 'indicator' when 'charge' then 1 else -1 end)::bigint as minor from jsonb_array_elements(i.charges) x) c on true
      where i.subtotal_minor <> coalesce(l.minor, 0) or i.charges_minor <> coalesce(c.minor, 0)`,
  },
  {
    check: 'an invoice’s total is its lines, charges and tax',
    sql: `select invoice_number as subject, subtotal_minor + charges_minor + tax_minor as expected, total_minor as found from invoice where total_minor <> subtotal_minor + charges_minor + tax_minor`,
  },
  {
    check: 'what an invoice has been paid is the sum of its payments',
    sql: `select i.invoice_number as subject, coalesce(sum(c.amount_minor) filter (where c.kind = 'payment'), 0)::bigint as expected, i.paid_minor as found
      from invoice i left join cash_entry c on c.invoice_id = i.id group by i.id, i.invoice_number, i.paid_minor
      having i.paid_minor <> coalesce(sum(c.amount_minor) filter (where c.kind = 'payment'), 0)`,
  },
  {
    check: 'what a remittance pays is its payments, unapplied cash and deductions',
    sql: `select r.payer || ' ' || r.trace_number as subject, r.amount_minor as expected, coalesce(sum(c.amount_minor) filter (where c.kind <> 'discount'), 0)::bigint as found
      from remittance r left join cash_entry c on c.remittance_id = r.id group by r.id, r.payer, r.trace_number, r.amount_minor
      having r.amount_minor <> coalesce(sum(c.amount_minor) filter (where c.kind <> 'discount'), 0)`,
  },
  {
    check: 'what a promotion’s budget has given, less what came back since, is what orders have of it',
    sql: `select b.promotion_id || ' ' || b.usage as subject, coalesce(u.minor, 0)::bigint as expected, b.used_minor - coalesce(g.minor, 0)::bigint as found
      from promotion_budget b
      left join (select promotion_id, usage, sum(amount_minor) as minor from promotion_use where counted group by 1, 2) u using (promotion_id, usage)
      left join (select promotion_id, usage, sum(amount_minor) as minor from promotion_give_back group by 1, 2) g using (promotion_id, usage)
      where b.used_minor - coalesce(g.minor, 0) <> coalesce(u.minor, 0)`,
  },
  {
    check: 'a promotion counts as often as orders have it',
    sql: `select b.promotion_id || ' ' || b.usage as subject, coalesce(u.uses, 0)::bigint as expected, (b.used_count - coalesce(g.uses, 0))::bigint as found
      from promotion_budget b
      left join (select promotion_id, usage, count(*) filter (where amount_minor > 0) as uses from promotion_use where counted group by 1, 2) u using (promotion_id, usage)
      left join (select promotion_id, usage, sum(uses) as uses from promotion_give_back group by 1, 2) g using (promotion_id, usage)
      where b.used_count - coalesce(g.uses, 0) <> coalesce(u.uses, 0)`,
  },
  {
    check: 'an order that was rejected or cancelled before anything left has nothing of a promotion',
    sql: `select o.order_number || ' ' || u.promotion_id as subject, 0::bigint as expected, u.amount_minor as found
      from promotion_use u join orders o on o.id = u.order_id
      where u.amount_minor > 0 and o.state in ('rejected', 'cancelled') and o.subtotal_minor = 0`,
  },
  {
    check: 'a credit account stands under its parent and everything above that',
    sql: `select a.id as subject, cardinality(p.ancestor_ids || p.id)::bigint as expected, cardinality(a.ancestor_ids)::bigint as found
      from credit_account a left join credit_account p on p.id = a.parent_id
      where a.ancestor_ids <> case when p.id is null then '{}'::text[] else p.ancestor_ids || p.id end`,
  },
  {
    check: 'what of an order waits for credit is that of its lines on a credit hold',
    sql: `select o.order_number as subject, count(h.id)::bigint as expected, o.credit_pending_minor as found
      from orders o left join hold h on h.order_id = o.id and h.type = 'credit' and h.status = 'open' and h.line_number is not null and h.change_id is null
      where o.credit_pending_minor > 0 and ${isOpenOrder('o')} group by o.id, o.order_number, o.credit_pending_minor having count(h.id) = 0`,
  },
  {
    check: 'an order that counts against credit was within it, or somebody let it through',
    sql: `select o.order_number as subject, 1::bigint as expected, 0::bigint as found
      from orders o where o.state in ('placed', 'confirmed', 'fulfilling') and exists (
        select from hold h where h.order_id = o.id and h.type = 'credit' and h.status = 'open' and h.line_number is null and h.change_id is null)`,
  },
  {
    check: 'a prepayment that counts as paid was paid',
    sql: `select o.order_number as subject, r.amount_minor as expected, coalesce(sum(c.amount_minor), 0)::bigint as found
      from prepayment_request r join orders o on o.id = r.order_id left join cash_entry c on c.order_id = o.id and c.kind = 'prepayment'
      where r.status = 'paid' group by o.order_number, r.id, r.amount_minor having coalesce(sum(c.amount_minor), 0) < r.amount_minor`,
  },
  {
    check: 'what an order takes of a buyer’s budget is what is approved of it',
    sql: `select o.order_number as subject, coalesce(o.buyer_approved_minor, 0) as expected, coalesce(sum(e.amount_minor), 0)::bigint as found
      from orders o left join buyer_budget_entry e on e.order_id = o.id where o.buyer_budget_id is not null
      group by o.id, o.order_number, o.buyer_approved_minor having coalesce(o.buyer_approved_minor, 0) <> coalesce(sum(e.amount_minor), 0)`,
  },
  {
    check: 'a buyer’s budget is not overdrawn',
    sql: `select b.customer_id || ' ' || b.cost_centre || ' from ' || b.valid_from as subject, b.amount_minor as expected, sum(e.amount_minor)::bigint as found
      from buyer_budget b join buyer_budget_entry e on e.budget_id = b.id group by b.id having sum(e.amount_minor) > b.amount_minor or sum(e.amount_minor) < 0`,
  },
  {
    check: 'a finished order keeps no stock',
    sql: `select o.order_number as subject, 0::bigint as expected, sum(r.quantity)::bigint as found
      from orders o join reservation r on r.order_id = o.id and r.status = 'active' where o.state in ('completed', 'rejected', 'cancelled') group by o.order_number having sum(r.quantity) > 0`,
  },
  {
    check: 'of a finished order nothing is open',
    sql: `select o.order_number || ' line ' || l.line_number as subject, 0::bigint as expected, l.ordered - l.cancelled - l.shipped as found
      from orders o join order_line l on l.order_id = o.id where o.state in ('completed', 'rejected', 'cancelled') and o.type <> 'blanket' and l.rejection_code is null
        and l.ordered > l.cancelled + l.shipped`,
  },
  {
    check: 'an order on hold has a hold',
    sql: `select o.order_number as subject, 1::bigint as expected, 0::bigint as found
      from orders o where o.state = 'held' and not exists (select from hold h where h.order_id = o.id and h.status = 'open' and h.change_id is null)`,
  },
  {
    check: 'a finished order waits for no decision',
    sql: `select o.order_number as subject, 0::bigint as expected, count(*)::bigint as found
      from orders o join hold h on h.order_id = o.id and h.status = 'open' where o.state in ('completed', 'rejected', 'cancelled') group by o.order_number`,
  },
  {
    check:
      'a shipment that has left has one invoice; a sample that is given away, and what completes no bundle, has none',
    sql: `select s.shipment_number as subject, case when o.without_invoice then 0 else 1 end::bigint as expected, count(i.id)::bigint as found
      from shipment s join orders o on o.id = s.order_id left join invoice i on i.shipment_id = s.id and i.part = 1 where s.state in ('shipped', 'invoiced')
        and (i.id is not null or exists (select from shipment_line sl join order_line l on l.id = sl.order_line_id
          where sl.shipment_id = s.id and sl.shipped > 0 and l.supply ->> 'kind' is distinct from 'component'))
      group by s.shipment_number, o.without_invoice having count(i.id) <> case when o.without_invoice then 0 else 1 end`,
  },
  {
    check: 'whole bundles that have left are on invoices',
    sql: `select b.subject, b.whole as expected, coalesce(i.billed, 0)::bigint as found from (
        select o.id, o.order_number || '/' || (l.supply ->> 'key') as subject, (l.supply ->> 'key')::int as key,
          min(l.shipped / l.unit_factor)::bigint as whole
        from order_line l join orders o on o.id = l.order_id where l.supply ->> 'kind' = 'component' and not o.without_invoice group by 1, 2, 3) b
      left join lateral (select sum((x ->> 'quantity')::numeric) as billed from invoice v cross join jsonb_array_elements(v.lines) x
        where v.order_id = b.id and (x ->> 'lineNumber')::int = b.key and x ->> 'partOf' is null) i on true
      where b.whole <> coalesce(i.billed, 0)`,
  },
  {
    check: 'what left of a bundle whose rest was cancelled is on an invoice',
    sql: `select b.subject, b.over as expected, coalesce(i.billed, 0)::bigint as found from (
        select o.id, o.order_number || '/' || (l.supply ->> 'key') as subject, (l.supply ->> 'key')::int as key,
          (sum(l.shipped) - sum(l.unit_factor) * min(l.shipped / l.unit_factor))::bigint as over
        from order_line l join orders o on o.id = l.order_id where l.supply ->> 'kind' = 'component' and not o.without_invoice group by 1, 2, 3
        having bool_and(l.ordered = l.cancelled + l.shipped)) b
      left join lateral (select sum((x ->> 'baseUnits')::bigint) as billed from invoice v cross join jsonb_array_elements(v.lines) x
        where v.order_id = b.id and (x ->> 'partOf')::int = b.key) i on true
      where b.over <> coalesce(i.billed, 0)`,
  },
];

/** Compares the record's sums with what they sum up, in one consistent view of the database. */
export const reconcileRecord = (db: Db): Promise<readonly Difference[]> =>
  db.transaction(findDifferences, { isolationLevel: 'repeatable read', readOnly: true });

/** The same as a transaction sees the record. */
export async function findDifferences(tx: Tx): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const { check, sql } of checks) {
    const { rows } = (await tx.raw(sql)) as { rows: Omit<Difference, 'check'>[] };
    differences.push(...rows.map((row) => ({ check, ...row })));
  }
  return differences;
}

/** What was compared, for a report that also says what is right. */
export const reconcileChecks: readonly string[] = checks.map(({ check }) => check);
