import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import type { HoldDecision } from '../../domain/order/progress';
import type { OrderRow } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import type { CreditCheck } from './check-credit';
import { settleCreditPending } from './credit-pending';

/** Which released holds still let an order through: those of a person, and of a hold's rule when nobody decided. */
export const standingRelease = `type = 'credit' and status = 'released' and line_number is null and change_id is null
  and (resolved_by <> 'hub' or reason #>> '{details,byExpiry}' = 'true')`;

/** What finance looks at: exposure with its documents, limits, ageing and the figures of the decision. */
export const snapshotOf = (check: CreditCheck, at: string) => ({
  at,
  decision: check.decision,
  accountVersion: check.accountVersion,
  ...check.inputs,
});

/** Each open credit hold of an order has its case, with the figures as they were when it was opened. */
export async function openCreditCases(
  tx: Tx,
  order: { readonly id: string; readonly creditAccountId: string },
  check: CreditCheck,
  now: string,
): Promise<void> {
  await tx.raw(
    `insert into credit_case (hold_id, order_id, credit_account_id, reason_code, opened)
     select id, order_id, ?, reason ->> 'code', cast(? as jsonb) from hold
     where order_id = ? and type = 'credit' and status = 'open' on conflict do nothing`,
    [order.creditAccountId, toJson(snapshotOf(check, now)), order.id],
  );
}

/** How a case ended, with the figures as they stood then. Null: nothing was read again. */
export async function closeCreditCase(
  tx: Tx,
  holdId: string,
  outcome: Readonly<Record<string, unknown>>,
  decisionCode: string | null,
  check: CreditCheck | null,
  now: string,
): Promise<void> {
  await tx('credit_case')
    .where({ hold_id: holdId })
    .update({
      outcome: toJson(outcome),
      decision_code: decisionCode,
      ...(check && { decided: toJson(snapshotOf(check, now)) }),
    });
}

/**
 * Lets an order through by a rule. It leaves what a person's release leaves: the hold with its reason, the case with its
 * figures, the decision with the rule's version, and a line in the timeline.
 * @returns whether it was not through by that rule already
 */
export async function releaseByRule(
  tx: Tx,
  order: { readonly id: string; readonly creditAccountId: string; readonly totalMinor: number },
  check: CreditCheck,
  now: string,
): Promise<boolean> {
  const { release, decision } = check;
  if (!release || decision.kind !== 'held') return false;
  const rule = `credit-release:${release.name}`;
  const why = `Rule ${rule} version ${release.version} lets it through`;
  const { exposureMinor, limitMinor, headroomMinor, overMinor, reasons } = decision;
  const totalMinor = order.totalMinor;
  const details = { exposureMinor, limitMinor, headroomMinor, overMinor, totalMinor, reasons, rule };
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `with opened as (
       update hold set status = 'released', resolved_at = ?, resolved_by = 'hub', resolution_reason = ?
       where order_id = ? and type = 'credit' and line_number is null and status = 'open' returning id),
     made as (
       insert into hold (order_id, type, status, blocks, reason, role, due_at, opened_at, resolved_at, resolved_by, resolution_reason)
       select ?, 'credit', 'released', '{answer,release}', cast(? as jsonb), 'finance', ?, ?, ?, 'hub', ?
       where not exists (select from opened) and not exists (
         select from hold where order_id = ? and type = 'credit' and status = 'released'
           and reason #>> '{details,rule}' = ? and (reason #>> '{details,totalMinor}')::bigint >= ?
           and reason #> '{details,reasons}' @> cast(? as jsonb))
       returning id)
     select id from opened union all select id from made`,
    [
      now,
      why,
      order.id,
      order.id,
      toJson({ code: decision.reason, text: decision.text, details }),
      now,
      now,
      now,
      why,
      order.id,
      rule,
      totalMinor,
      toJson(reasons),
    ] as never,
  );
  const [hold] = rows;
  if (!hold) return false;
  await keepRuleRelease(tx, order, hold.id, { rule, why }, check, now);
  return true;
}

async function keepRuleRelease(
  tx: Tx,
  order: { readonly id: string; readonly creditAccountId: string; readonly totalMinor: number },
  holdId: string,
  { rule, why }: { readonly rule: string; readonly why: string },
  check: CreditCheck,
  now: string,
): Promise<void> {
  const { release, decision } = check;
  if (!release || decision.kind !== 'held') return;
  const snapshot = toJson(snapshotOf(check, now));
  await tx.raw(
    `insert into credit_case (hold_id, order_id, credit_account_id, reason_code, opened, decided, outcome, decision_code)
     values (?, ?, ?, ?, cast(? as jsonb), cast(? as jsonb), cast(? as jsonb), 'automatic')
     on conflict (hold_id) do update set decided = excluded.decided, outcome = excluded.outcome, decision_code = excluded.decision_code`,
    [
      holdId,
      order.id,
      order.creditAccountId,
      decision.reason,
      snapshot,
      snapshot,
      toJson({ action: 'release', rule, ruleVersion: release.version }),
    ],
  );
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule,
      ruleVersion: String(release.version),
      inputs: { holdId, reason: decision.reason, totalMinor: order.totalMinor, ...check.inputs },
      outcome: { action: 'release', reason: why, rule: release },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-released',
      actor: 'hub',
      text: `The credit hold is released: ${decision.text}. ${why}`,
      data: { holdId, rule, ruleVersion: release.version },
    },
  ]);
}

/**
 * A person has decided the hold: a prepayment that was asked for is no longer waited for, and what was let through of a
 * line counts from now on, with what was let through of the order before for the same reasons.
 */
export async function afterCreditDecision(
  tx: Tx,
  order: OrderRow,
  hold: { readonly id: string; readonly line_number: number | null },
  decision: Pick<HoldDecision, 'action'>,
  now: string,
): Promise<void> {
  await withdrawPrepaymentRequest(tx, hold.id, now);
  if (hold.line_number === null || decision.action !== 'release') return;
  const pending = await settleCreditPending(tx, order);
  await tx.raw(
    `update hold set reason = jsonb_set(reason, '{details,totalMinor}', to_jsonb(cast(? as bigint)))
     where order_id = ? and ${standingRelease} and coalesce(reason #> '{details,reasons}', '[]') <@
       (select coalesce(l.reason #> '{details,reasons}', '[]') from hold l where l.id = ?)`,
    [order.total_minor - pending, order.id, hold.id],
  );
}

export const withdrawPrepaymentRequest = (tx: Tx, holdId: string, now: string) =>
  tx('prepayment_request')
    .where({ hold_id: holdId, status: 'open' })
    .update({ status: 'withdrawn', closed_at: now });
