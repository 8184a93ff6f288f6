/**
 * Over a row `s` of supplier_stock: what the supplier was asked for since it said so. That is what was ordered there
 * since, what is reserved there and not ordered yet, and what it has refused or put on backorder since: of that it has
 * less than it said, until it says so anew. What was ordered before the report the supplier has counted itself.
 */
export const ASKED_SINCE = `(
  coalesce((select sum(least(l.ordered, l.ordered - l.cancelled + l.lacked)) from supplier_order p join supplier_order_line l on l.supplier_order_id = p.id
    where p.node_id = s.node_id and p.ordered_at > s.reported_at and p.usage = s.usage and l.item_id = s.item_id), 0)
  + coalesce((select sum(l.lacked + least(l.lacked_waiting, l.ordered - l.cancelled - l.shipped)) from supplier_order_line l join supplier_order p on p.id = l.supplier_order_id
    where l.item_id = s.item_id and l.lacked_at > s.reported_at and p.ordered_at <= s.reported_at and p.node_id = s.node_id and p.usage = s.usage), 0)
  + coalesce((select sum(r.quantity) from reservation r
    where r.item_id = s.item_id and r.node_id = s.node_id and r.usage = s.usage and r.status = 'active'
      and not exists (select from supplier_order_line l where l.shipment_id = r.shipment_id and l.order_line_id = r.order_line_id)), 0))`;
