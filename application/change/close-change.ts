import { z } from 'zod';
import type { Tx } from '../../db/connection';
import type { ChangeAssessment } from '../../domain/order/change-assessment';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { assertChangeTransition, type ChangeStatus } from '../../domain/order/states';
import { giveBackUnneeded } from '../approval/buyer-spending';
import { type OrderRow, readLines } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { answerChange, type ChangeResult } from './answer-change';
import { type LineOutcome, refused, unknownLine } from './line-outcome';
import { deletionOf, lineChangesOf, matchLine, touchedLines } from './match-lines';

const storedChangeSchema = z.custom<OrderChangeRequest>(
  (value) =>
    z
      .object({ purpose: z.enum(['change', 'cancel', 'replace']), lines: z.array(z.unknown()) })
      .safeParse(value).success,
);
/** Written from a validated request; only its outline is checked again when it is read back. */
export const parseStoredChange = (stored: unknown): OrderChangeRequest => storedChangeSchema.parse(stored);

export interface ChangeRow {
  readonly id: string;
  readonly order_id: string;
  readonly status: ChangeStatus;
  readonly request: unknown;
  readonly requested_by: string;
  readonly outcome: { readonly text: string } | null;
}

export async function lockChange(tx: Tx, changeId: string): Promise<ChangeRow | undefined> {
  return (await tx('order_change').where({ id: changeId }).forUpdate().first()) as ChangeRow | undefined;
}

const words = {
  held: 'waits for a decision, the order stands as it was',
  applied: 'is done',
  'partly-applied': 'is done in part',
  refused: 'is refused, the order stands as it was',
  withdrawn: 'is withdrawn',
} as const;

/**
 * Writes what came of a change: its status, the decision with its inputs, the timeline, and the 865. The holds that it
 * still has are gone with it, unless it waits for them.
 */
export async function closeChange(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  request: OrderChangeRequest,
  result: ChangeResult & { readonly assessment: ChangeAssessment | null; readonly by: string },
  now: string,
): Promise<void> {
  const { kind, text, outcomes, by } = result;
  assertChangeTransition(change.status, kind);
  await tx('order_change')
    .where({ id: change.id })
    .update({
      status: kind,
      ...(kind !== 'held' && { decided_at: now }),
      ...(result.assessment && { assessment: JSON.stringify(result.assessment) }),
      outcome: JSON.stringify({ text, lines: outcomes.map(storedOutcome) }),
    });
  if (kind !== 'held') await supersedeHoldsOf(tx, change.id, `the change ${words[kind]}`, now);
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'change',
      rule: `${request.purpose}-by-state`,
      ruleVersion: '1',
      inputs: {
        changeId: change.id,
        state: order.state,
        request,
        ...(result.assessment && { assessment: result.assessment }),
      },
      outcome: { kind, text },
      decidedAt: now,
      decidedBy: by,
    },
  ]);
  const what = request.purpose === 'cancel' ? 'cancellation' : 'change';
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: `change-${kind}`,
      actor: by,
      text: `The ${what} ${words[kind]}: ${text}`,
      data: { changeId: change.id },
      once: kind === 'held' ? `change/${change.id}/held` : `change/${change.id}`,
    },
  ]);
  if (kind !== 'held') await giveBackUnneeded(tx, order, now);
  // Last: an 855 in its place is kept with the order.
  await answerChange(tx, order, change.id, request, result, now);
}

async function supersedeHoldsOf(tx: Tx, changeId: string, why: string, now: string): Promise<void> {
  await tx('hold')
    .where({ change_id: changeId, status: 'open' })
    .update({ status: 'superseded', resolved_at: now, resolved_by: 'hub', resolution_reason: why });
}

const storedOutcome = (outcome: LineOutcome) => ({
  line: outcome.line.line_number,
  changeCode: outcome.changeCode,
  accepted: outcome.accepted,
  statuses: outcome.statuses,
  text: outcome.text,
});

/** Refuses, or takes back, a change of which nothing was done; each of its lines is answered as it stands. */
export async function refuseChange(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  why: { readonly kind: 'refused' | 'withdrawn'; readonly text: string; readonly by: string },
  now: string,
): Promise<void> {
  const lines = await readLines(tx, order.id);
  const request = lineChangesOf(parseStoredChange(change.request), lines);
  const asked =
    request.purpose === 'cancel'
      ? touchedLines(lines, request).map((existing) => ({ order, existing, change: deletionOf(existing) }))
      : request.lines.map((line) => ({ order, existing: matchLine(lines, line), change: line }));
  const outcomes = asked.map((one) => refused(one, one.existing ?? unknownLine(one), why.text));
  await closeChange(tx, order, change, request, { ...why, outcomes, head: [], assessment: null }, now);
}

/** Nothing of the order is left to change, or what the change waited for has passed: what waits is answered. */
export async function refuseWaitingChanges(
  tx: Tx,
  order: OrderRow,
  text: string,
  now: string,
): Promise<void> {
  const waiting = (await tx('order_change')
    .where({ order_id: order.id })
    .whereIn('status', ['held', 'pending'])
    .orderBy('id')
    .forUpdate()) as ChangeRow[];
  for (const change of waiting)
    await refuseChange(tx, order, change, { kind: 'refused', text, by: 'hub' }, now);
}
