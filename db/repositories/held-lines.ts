/** Over a row of order_line by its name in a statement: holds of its own, not those of its order. */
const ofLine = (line: string) =>
  `h.order_id = ${line}.order_id and h.change_id is null and h.shipment_id is null and h.line_number = coalesce(${line}.split_from, ${line}.line_number)`;

/**
 * A hold of the line keeps it from leaving. Its backorder keeps nobody waiting while that lasts, as that of an order on
 * hold, and takes its place by its age once the hold is gone.
 */
export const isLineHeld = (line: string): string =>
  `exists (select from hold h where ${ofLine(line)} and h.status = 'open' and 'release' = any(h.blocks))`;

/** The line, or its order, was on hold since an instant: what was kept for it then was anybody's meanwhile. */
export const wasHeldSince = (line: string, instant: string): string =>
  `exists (select from hold h where (${ofLine(line)} or h.order_id = ${line}.order_id and h.change_id is null and h.shipment_id is null and h.line_number is null)
    and h.resolved_at > ${instant} and h.blocks && array['answer', 'release'])`;
