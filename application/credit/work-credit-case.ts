import type { Tx } from '../../db/connection';
import { findPerson } from '../approval/substitute';
import { recordEvents } from '../record/keep-history';
import { judgeCreditWork } from './credit-authority';

interface Case {
  readonly hold_id: string;
  readonly order_id: string;
  readonly status: string;
  readonly owner: string | null;
}

const lockCase = async (tx: Tx, holdId: string): Promise<Case | undefined> =>
  (await tx('credit_case as c')
    .join('hold as h', 'h.id', 'c.hold_id')
    .where({ 'c.hold_id': holdId })
    .forNoKeyUpdate('h')
    .first('c.hold_id', 'c.order_id', 'h.status', 'h.owner')) as Case | undefined;

export type CaseOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-case' | 'case-closed' | 'no-decider';
      readonly text: string;
    };

const unknown: CaseOutcome = { kind: 'refused', code: 'unknown-case', text: 'There is no such credit case' };

/** A note stays with the case; it decides nothing. */
export async function noteOnCase(
  tx: Tx,
  note: { readonly holdId: string; readonly person: string; readonly text: string },
  now: string,
): Promise<CaseOutcome> {
  if (!(await lockCase(tx, note.holdId))) return unknown;
  await tx('credit_case_note').insert({
    hold_id: note.holdId,
    at: now,
    person: note.person,
    text: note.text,
  });
  return { kind: 'done' };
}

/** A case that is passed on to a slip of the pen, or to somebody who may not decide it, is nobody's. */
async function whyNoDecider(tx: Tx, name: string, now: string): Promise<string | null> {
  const known = await findPerson(tx, name, null);
  if (!known) return `Nobody called "${name}" has a key that works`;
  return (await judgeCreditWork(tx, known, now)) && `${name} has no role that decides on credit`;
}

/** Takes a case, passes it on, or gives it back to the queue. */
export async function assignCase(
  tx: Tx,
  wanted: { readonly holdId: string; readonly person: string; readonly owner: string | null },
  now: string,
): Promise<CaseOutcome> {
  const found = await lockCase(tx, wanted.holdId);
  if (!found) return unknown;
  if (found.status !== 'open')
    return { kind: 'refused', code: 'case-closed', text: `The case is ${found.status} already` };
  if (found.owner === wanted.owner) return { kind: 'done' };
  if (wanted.owner !== null && wanted.owner !== wanted.person) {
    const unfit = await whyNoDecider(tx, wanted.owner, now);
    if (unfit !== null) return { kind: 'refused', code: 'no-decider', text: unfit };
  }
  await tx('hold').where({ id: wanted.holdId }).update({ owner: wanted.owner });
  const text =
    wanted.owner === null
      ? `${wanted.person} gives the credit case back to the queue`
      : wanted.owner === wanted.person
        ? `${wanted.person} takes the credit case`
        : `${wanted.person} passes the credit case on to ${wanted.owner}`;
  await recordEvents(tx, [
    {
      orderId: found.order_id,
      at: now,
      kind: 'credit-case-owner',
      actor: wanted.person,
      text,
      data: { holdId: wanted.holdId, from: found.owner, to: wanted.owner },
    },
  ]);
  return { kind: 'done' };
}
