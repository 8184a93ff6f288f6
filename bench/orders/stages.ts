import type { Db } from '../../db/connection';
import { percentile } from '../report';

/** The instants that an order's record holds, in the order in which they should come. */
const instants = `
  select a.received_at as received, i.judged_at as judged, o.placed_at as placed, o.workflow_started_at as started,
         o.final_answer_at as answered, s.planned_at as planned, s.released_at as released, c.received_at as confirmed,
         v.issued_at as invoiced, v.posted_at as posted, r.rendered_at as rendered, o.closed_at as closed
  from orders o join document d on d.id = o.document_id join interchange i on i.id = d.interchange_id
  join arrival a on a.id = i.arrival_id join shipment s on s.order_id = o.id join invoice v on v.order_id = o.id
  join document_request r on r.order_id = o.id and r.set_id = '810'
  left join callback_event c on c.event_id like '%' || s.shipment_number
  where o.po_number >= ?`;

/** From an 850's arrival to each step, at the median and at worst, in ms: where orders wait is where it jumps. */
export async function stagesSince(db: Db, firstPurchaseOrder: string): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: Record<string, string | null>[] }>(instants, [firstPurchaseOrder]);
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'received');
  return names.map((name) => {
    const waits = rows.flatMap((row) => {
      const [from, to] = [row['received'], row[name]];
      return from && to ? [Date.parse(to) - Date.parse(from)] : [];
    });
    return `${name.padEnd(10)} ${String(percentile(waits, 0.5)).padStart(8)} ${String(percentile(waits, 1)).padStart(8)}`;
  });
}
