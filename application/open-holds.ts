import type { Tx } from '../db/connection';
import type { HoldRequest, HoldType } from '../domain/order/hold-types';
import { addSeconds } from '../domain/shared/dates';
import { recordEvents } from './keep-history';

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
    .insert(
      joined(requests).map((request) => {
        const type = types.get(request.type);
        if (!type) throw new Error(`there is no hold type "${request.type}"`);
        return {
          order_id: orderId,
          change_id: changeId,
          line_number: request.lineNumber,
          type: request.type,
          blocks: changeId === null ? [...type.blocks] : ['release'],
          reason: JSON.stringify(request.reason),
          role: type.role,
          due_at: addSeconds(now, type.dueInSeconds),
          expires_at: type.expiresInSeconds === null ? null : addSeconds(now, type.expiresInSeconds),
          opened_at: now,
        };
      }),
    )
    .onConflict(
      tx.raw(
        `(order_id, type, coalesce(line_number, 0), coalesce(change_id, order_id)) where status = 'open'`,
      ) as never,
    )
    .ignore()
    .returning(['id', 'type', 'reason'])) as { id: string; type: string; reason: { text: string } }[];
  await recordEvents(
    tx,
    opened.map((hold) => ({
      orderId,
      at: now,
      kind: 'hold-opened',
      actor: 'hub',
      text: `${changeId === null ? 'On hold' : 'The change is on hold'} (${hold.type}): ${hold.reason.text}`,
      data: { holdId: hold.id },
    })),
  );
  return opened.length;
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

export async function hasOpenHold(tx: Tx, orderId: string): Promise<boolean> {
  return (await ownOpenHolds(tx, orderId).first('id')) !== undefined;
}

/** One hold a type and line: what several rules ask for of one kind is decided together, and none of it is lost. */
function joined(requests: readonly HoldRequest[]): readonly HoldRequest[] {
  const same = Map.groupBy(requests, ({ type, lineNumber }) => `${type}/${lineNumber ?? ''}`);
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
