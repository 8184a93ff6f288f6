import type { Db } from '../../db/connection';
import type { EventRow } from '../../db/repositories/order-timeline';
import type { HoldView } from '../contract/holds';

/** Holds about what the buyer has ordered, or of its own company: it reads why, and can often mend it. */
const TOLD: ReadonlySet<string> = new Set([
  'price',
  'duplicate-purchase-order',
  'ship-to',
  'item',
  'content',
  'validation',
  'sourcing',
  'buyer-approval',
]);
const BUYER_APPROVAL = 'buyer-approval';

/** As what a buyer knows a hold: that somebody looks for fraud is not its to know, nor why somebody has to agree. */
export const typeForBuyers = (type: string): string =>
  TOLD.has(type) || type === 'credit' ? type : 'review';

const whyFor = (type: string): string =>
  type === 'credit'
    ? 'The seller’s finance department looks at the order before it goes on'
    : 'The seller looks at the order before it goes on';

/** What a buyer is told of a hold. Figures of accounts, scores and notes of the seller's people stay with the seller. */
export function holdForBuyers(hold: HoldView): HoldView {
  if (hold.type === BUYER_APPROVAL) return hold;
  return {
    ...hold,
    type: typeForBuyers(hold.type),
    reason: null,
    reasonText: TOLD.has(hold.type) ? hold.reasonText : whyFor(hold.type),
    role: 'seller',
    owner: null,
    escalatesAt: null,
    escalatedAt: null,
    escalatedTo: null,
    appliedBy: null,
    resolvedBy: null,
    inNameOf: null,
    resolutionReason: null,
    approvals: [],
  };
}

/** The seller's own work on a hold, of which a buyer hears nothing. */
const INTERNAL: ReadonlySet<string> = new Set([
  'hold-overdue',
  'hold-escalated',
  'hold-approved-once',
  'invoice-disputed',
]);

/** What a buyer is told of an order's events about holds and credit cases. */
export async function eventsForBuyers(
  db: Db,
  orderId: string,
  events: readonly EventRow[],
): Promise<readonly EventRow[]> {
  const rows = (await db('hold').where({ order_id: orderId }).select('id', 'type')) as {
    id: string;
    type: string;
  }[];
  const types = new Map(rows.map(({ id, type }) => [id, type]));
  return events.flatMap((event) => {
    if (event.kind.startsWith('credit-case')) return [];
    if (!event.kind.startsWith('hold-')) return [event];
    const type = types.get((event.data as { holdId?: string } | null)?.holdId ?? '') ?? '';
    if (type === BUYER_APPROVAL || (TOLD.has(type) && event.kind === 'hold-opened')) return [event];
    if (INTERNAL.has(event.kind)) return [];
    const name = typeForBuyers(type);
    const text =
      event.kind === 'hold-opened' ? `On hold (${name}): ${whyFor(type)}` : `The ${name} hold has ended`;
    return [{ ...event, actor: 'seller', text, data: null }];
  });
}
