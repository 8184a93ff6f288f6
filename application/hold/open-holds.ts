import type { Db, Tx } from '../../db/connection';
import { isOrderHeld, type StandingHold } from '../../domain/order/hold-scope';
import type { HoldRequest, HoldType } from '../../domain/order/hold-types';
import { addSeconds } from '../../domain/shared/dates';
import { headNumber, type OrderLineRow, readLines } from '../order/order-record';
import { recordEvents } from '../record/keep-history';

/** What a hold's reason says where it is the second look at what another one was released for. */
export const FOLLOWS = 'follows';

/**
 * Opens the holds that an assessment asks for; one that is open already stays as it is, with its deadline.
 * @param changeId whose holds these are, where a change waits for them and not the order: they only keep goods from leaving
 * @returns how many were opened
 */
export async function openHolds(
  tx: Tx,
  orderId: string,
  requests: readonly HoldRequest[],
  types: ReadonlyMap<string, HoldType>,
  now: string,
  changeId: string | null = null,
): Promise<number> {
  if (requests.length === 0) return 0;
  const opened = (await tx('hold')
    .insert(joined(requests).map((request) => columnsOf(request, orderId, types, now, changeId)))
    .onConflict(
      tx.raw(
        `(order_id, type, coalesce(line_number, 0), coalesce(change_id, shipment_id, order_id)) where status = 'open'`,
      ) as never,
    )
    .ignore()
    .returning(['id', 'type', 'reason', 'applied_by', 'line_number'])) as OpenedHold[];
  await recordEvents(
    tx,
    opened.map((hold) => ({
      orderId,
      at: now,
      kind: 'hold-opened',
      actor: hold.applied_by ?? 'hub',
      text: `${changeId === null ? 'On hold' : 'The change is on hold'} (${hold.type}${hold.line_number === null ? '' : `, line ${hold.line_number}`}): ${hold.reason.text}`,
      data: { holdId: hold.id },
    })),
  );
  return opened.length;
}

interface OpenedHold {
  readonly id: string;
  readonly type: string;
  readonly reason: { readonly text: string };
  readonly applied_by: string | null;
  readonly line_number: number | null;
}

function columnsOf(
  request: HoldRequest,
  orderId: string,
  types: ReadonlyMap<string, HoldType>,
  now: string,
  changeId: string | null,
): Readonly<Record<string, unknown>> {
  const type = types.get(request.type);
  if (!type) throw new Error(`there is no hold type "${request.type}"`);
  const dueAt = addSeconds(now, type.dueInSeconds);
  return {
    order_id: orderId,
    change_id: changeId,
    line_number: request.lineNumber,
    shipment_id: request.shipmentId ?? null,
    applied_by: request.appliedBy ?? null,
    type: request.type,
    blocks: changeId === null ? [...type.blocks] : ['release'],
    reason: JSON.stringify(request.reason),
    role: type.role,
    due_at: dueAt,
    escalate_at: dueAt,
    // As the rule says now: a hold keeps the deadlines under which it was opened.
    escalation: JSON.stringify(type.escalation),
    expires_at: type.expiresInSeconds === null ? null : addSeconds(now, type.expiresInSeconds),
    on_expiry: type.onExpiry,
    opened_at: now,
  };
}

/** Closes open holds of the order of given types, or all, those of its changes among them, whose cause is gone. Says whether a change waited. */
export async function supersedeHolds(
  tx: Tx,
  orderId: string,
  types: readonly string[] | 'all',
  why: string,
  now: string,
): Promise<{ readonly ofChanges: boolean }> {
  const gone = (await tx('hold')
    .where({ order_id: orderId, status: 'open' })
    .modify((q) => types !== 'all' && q.whereNull('change_id').whereIn('type', [...types]))
    .update({ status: 'superseded', resolved_at: now, resolved_by: 'hub', resolution_reason: why })
    .returning(['id', 'type', 'change_id'])) as { id: string; type: string; change_id: string | null }[];
  await recordEvents(
    tx,
    gone.map((hold) => ({
      orderId,
      at: now,
      kind: 'hold-superseded',
      actor: 'hub',
      text: `The ${hold.type} hold is gone: ${why}`,
      data: { holdId: hold.id },
    })),
  );
  return { ofChanges: gone.some((hold) => hold.change_id !== null) };
}

/** The order's own open holds. Those of a change that waits are the change's: the order stands as it was confirmed. */
export const ownOpenHolds = (tx: Tx, orderId: string) =>
  tx('hold').where({ order_id: orderId, status: 'open' }).whereNull('change_id');

/** What the order's own open holds stop. */
export async function readStandingHolds(db: Db, orderId: string): Promise<readonly StandingHold[]> {
  const rows = (await ownOpenHolds(db as Tx, orderId).select('line_number', 'shipment_id', 'blocks')) as {
    line_number: number | null;
    shipment_id: string | null;
    blocks: readonly string[];
  }[];
  return rows.map((row) => ({
    lineNumber: row.line_number,
    shipmentId: row.shipment_id,
    blocks: row.blocks,
  }));
}

/** Head numbers of the lines that an order consists of: not those that were refused or cancelled. */
export const livingLines = (lines: readonly OrderLineRow[]): readonly number[] => [
  ...new Set(
    lines
      .filter((line) => line.rejection_code === null && line.ordered > line.cancelled)
      .map((line) => headNumber(line)),
  ),
];

/** Whether a hold stops the order as such; one on a line or a shipment leaves the rest of it flowing. */
export async function isHeld(tx: Tx, orderId: string, lines?: readonly OrderLineRow[]): Promise<boolean> {
  const holds = await readStandingHolds(tx, orderId);
  if (holds.length === 0) return false;
  return isOrderHeld(holds, livingLines(lines ?? (await readLines(tx, orderId))));
}

/** One hold a type and line: what several rules ask for of one kind is decided together, and none of it is lost. */
function joined(requests: readonly HoldRequest[]): readonly HoldRequest[] {
  const same = Map.groupBy(
    requests,
    ({ type, lineNumber, shipmentId }) => `${type}/${lineNumber ?? ''}/${shipmentId ?? ''}`,
  );
  return [...same.values()].map((group) => {
    const [first, ...others] = group as [HoldRequest, ...HoldRequest[]];
    if (others.length === 0) return first;
    const details = Object.assign({}, ...group.toReversed().map(({ reason }) => reason.details ?? {}));
    return {
      ...first,
      reason: { ...first.reason, text: group.map(({ reason }) => reason.text).join('; '), details },
    };
  });
}
