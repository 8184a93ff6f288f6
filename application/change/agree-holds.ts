import type { Tx } from '../../db/connection';
import { FOLLOWS, ownOpenHolds } from '../hold/open-holds';
import type { OrderRow } from '../order/order-record';
import { settlePrice } from '../pricing/settle-price';
import type { RepricingTerms } from './reprice-order';

/** A hold of a change, or one that it would cause. */
export interface HoldOfChange {
  readonly type: string;
  readonly line_number: number | null;
  readonly reason: {
    readonly code: string;
    readonly text: string;
    readonly details?: {
      readonly totalMinor?: number;
      readonly ourPrice?: string;
      /** Of credit: all that speaks against it. */
      readonly reasons?: readonly string[];
    };
  };
}

export interface AgreedHold extends HoldOfChange {
  readonly resolved_by: string | null;
  readonly resolution_reason: string | null;
}

/** What people have agreed to of a change that waited. */
export async function readAgreed(tx: Tx, changeId: string): Promise<readonly AgreedHold[]> {
  return (await tx('hold')
    .where({ change_id: changeId, status: 'released' })
    .orderBy('id')
    .select('type', 'line_number', 'reason', 'resolved_by', 'resolution_reason')) as AgreedHold[];
}

/** Second looks at a change that nobody has taken yet: nothing that is computed anew answers them. */
export async function readSecondLooks(tx: Tx, changeId: string): Promise<readonly HoldOfChange[]> {
  return (await tx('hold')
    .where({ change_id: changeId, status: 'open' })
    .whereRaw(`reason ->> 'code' = ?`, [FOLLOWS])
    .orderBy('id')
    .select('type', 'line_number', 'reason')) as HoldOfChange[];
}

const creditReasons = ({ reason }: HoldOfChange) => reason.details?.reasons ?? [reason.code];

/** Amounts are agreed to up to the total that stood there then, credit for its reasons; anything else as it was worded. */
function covers(agreed: AgreedHold, hold: HoldOfChange): boolean {
  if (agreed.type !== hold.type || agreed.line_number !== hold.line_number) return false;
  const upTo = agreed.reason.details?.totalMinor;
  const now = hold.reason.details?.totalMinor;
  if (hold.type === 'credit' && !creditReasons(hold).every((one) => creditReasons(agreed).includes(one)))
    return false;
  if (hold.type === 'credit' || hold.type === 'approval') return (upTo ?? 0) >= (now ?? 0);
  if (hold.reason.code === 'rule' && (upTo ?? 0) < (now ?? 0)) return false;
  return agreed.reason.text === hold.reason.text;
}

/**
 * Closes what the change has opened on the order and somebody has agreed to already, in that person's name; a price
 * that was agreed to becomes the line's.
 * @returns the order as it stands then
 */
export async function closeAgreed(
  tx: Tx,
  order: OrderRow,
  agreed: readonly AgreedHold[],
  repricing: RepricingTerms,
  now: string,
): Promise<OrderRow> {
  if (agreed.length === 0) return order;
  let current = order;
  const open = (await ownOpenHolds(tx, order.id)
    .where({ opened_at: now })
    .select('id', 'type', 'line_number', 'reason')) as (HoldOfChange & { id: string })[];
  for (const hold of open) {
    const by = agreed.find((one) => covers(one, hold));
    if (!by) continue;
    if (hold.type === 'price') current = await settlePrice(tx, current, by, now, repricing);
    await tx('hold').where({ id: hold.id }).update({
      status: 'released',
      resolved_at: now,
      resolved_by: by.resolved_by,
      resolution_reason: by.resolution_reason,
    });
    // It was never open to anybody: the timeline tells of the change's own hold.
    await tx('order_event').where({ order_id: order.id }).whereRaw(`data ->> 'holdId' = ?`, [hold.id]).del();
  }
  return current;
}
