import type { Tx } from '../../db/connection';
import { firedRules, type SettledTriggers, unsettledTriggers } from '../../domain/order/hold-triggers';
import type { HoldRequest, HoldType } from '../../domain/order/hold-types';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import { ruleHoldsOf } from '../hold/rule-holds';
import type { OrderRow } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';

/** What the rules asked of an order before a change. */
export interface RulesBefore {
  readonly types: ReadonlyMap<string, HoldType>;
  readonly wanted: readonly HoldRequest[];
  readonly totalMinor: number;
}

export async function rulesBefore(tx: Tx, order: OrderRow): Promise<RulesBefore> {
  const types = await readHoldTypes(tx);
  return { types, wanted: await ruleHoldsOf(tx, order, types), totalMinor: order.total_minor };
}

/**
 * Holds that the company's rules ask for once an order has changed. What stood before the change, and what a person let
 * through for no smaller an order, does not stop it again: only a larger order does, or a line, goods or a country that
 * nobody has agreed to. A hold whose rule no longer applies is gone.
 */
export async function reholdChanged(
  tx: Tx,
  order: OrderRow,
  { types, wanted: before, totalMinor }: RulesBefore,
  now: string,
): Promise<void> {
  const wanted = await ruleHoldsOf(tx, order, types);
  const open = (await ownOpenHolds(tx, order.id).select('id', 'type', 'line_number', 'reason')) as OpenHold[];
  await dropOutdated(tx, order, open, wanted, now);
  if (wanted.length === 0) return;
  const stood = before.map(({ type, lineNumber, reason }) => ({
    type,
    lineNumber,
    upToMinor: totalMinor,
    rules: firedRules(reason),
  }));
  const settled = [...(await releasedTriggers(tx, order.id)), ...stood];
  const asked = unsettledTriggers(wanted, settled, order.total_minor);
  for (const request of asked) {
    const same = open.find(
      ({ type, line_number }) => type === request.type && line_number === request.lineNumber,
    );
    // Who decides a hold that is open already has all of its reasons in front of them.
    if (same) await addReasons(tx, same, request);
  }
  await openHolds(tx, order.id, asked, types, now);
}

interface OpenHold {
  readonly id: string;
  readonly type: string;
  readonly line_number: number | null;
  readonly reason: HoldRequest['reason'];
}

/** What a change was let through with is on the order's own hold: a change that was refused later has settled nothing. */
async function releasedTriggers(tx: Tx, orderId: string): Promise<readonly SettledTriggers[]> {
  const rows = (await tx('hold')
    .where({ order_id: orderId, status: 'released' })
    .whereNull('change_id')
    .whereRaw(`reason -> 'details' -> 'rules' is not null`)
    .select('type', 'line_number', 'reason')) as Omit<OpenHold, 'id'>[];
  return rows.map(({ type, line_number: lineNumber, reason }) => ({
    type,
    lineNumber,
    upToMinor: (reason.details?.totalMinor as number | undefined) ?? 0,
    rules: firedRules(reason),
  }));
}

async function addReasons(tx: Tx, hold: OpenHold, request: HoldRequest): Promise<void> {
  const known = firedRules(hold.reason);
  const added = firedRules(request.reason).filter(({ text }) => !known.some((one) => one.text === text));
  const kept = known.filter(({ text }) => !firedRules(request.reason).some((one) => one.text === text));
  const reason = {
    ...hold.reason,
    text: [hold.reason.text, ...added.map(({ text }) => text)].join('; '),
    details: {
      ...hold.reason.details,
      totalMinor: request.reason.details?.totalMinor,
      rules: [...kept, ...firedRules(request.reason)],
    },
  };
  await tx('hold')
    .where({ id: hold.id })
    .update({ reason: JSON.stringify(reason) });
}

/** Holds that nothing but rules had asked for, none of which applies any more. */
async function dropOutdated(
  tx: Tx,
  order: OrderRow,
  open: readonly OpenHold[],
  wanted: readonly HoldRequest[],
  now: string,
): Promise<void> {
  const outdated = open.filter(({ type, line_number: line, reason }) => {
    const rules = firedRules(reason);
    const onlyRules = rules.length > 0 && reason.text === rules.map(({ text }) => text).join('; ');
    const applies = wanted.some(
      (one) => one.type === type && (one.lineNumber === null || line === null || one.lineNumber === line),
    );
    return onlyRules && !applies;
  });
  if (outdated.length === 0) return;
  const why = 'its rule no longer applies to the order';
  await tx('hold')
    .whereIn(
      'id',
      outdated.map(({ id }) => id),
    )
    .update({ status: 'superseded', resolved_at: now, resolved_by: 'hub', resolution_reason: why });
  await recordEvents(
    tx,
    outdated.map(({ id, type }) => ({
      orderId: order.id,
      at: now,
      kind: 'hold-superseded',
      actor: 'hub',
      text: `The ${type} hold is gone: ${why}`,
      data: { holdId: id },
    })),
  );
}
