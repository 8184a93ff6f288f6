import type { Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import { addSeconds } from '../../domain/shared/dates';
import { lockCreditAccount } from './check-credit';
import { type CreditRefusal, judgeCreditRaise } from './credit-authority';
import { DAYS_LOOKED_BACK } from './credit-given';
import { wakeCreditQueue } from './credit-queue';

export interface CreditAccountChange {
  readonly creditAccountId: string;
  readonly limitMinor?: number;
  /** Days of the selling entity, the last one included; null: without an end. */
  readonly limitValidFrom?: string | null;
  readonly limitValidTo?: string | null;
  readonly blocked?: boolean;
  readonly riskClass?: string | null;
  /** The account above it, whose limit its orders have to fit in as well; null: none. */
  readonly parentId?: string | null;
  readonly person: string;
  /** What the person is judged by; absent: the ERP says so, which owns the limit. */
  readonly roles?: readonly string[];
  readonly reason: string;
  /** The version that the person looked at; null: whichever. */
  readonly basedOn: number | null;
}

export type SavedCreditAccount =
  | { readonly kind: 'saved'; readonly version: number }
  | CreditRefusal
  | {
      readonly kind: 'refused';
      readonly code:
        | 'unknown-account'
        | 'unknown-parent'
        | 'circular-hierarchy'
        | 'other-entity'
        | 'hierarchy-too-deep'
        | 'validity-ends-before-it-begins'
        | 'changed-meanwhile'
        | 'busy';
      readonly text: string;
    };

interface Row {
  readonly id: string;
  readonly entity_id: string;
  readonly currency: string;
  readonly limit_minor: number;
  readonly limit_valid_from: string | null;
  readonly limit_valid_to: string | null;
  readonly blocked: boolean;
  readonly risk_class: string | null;
  readonly parent_id: string | null;
  readonly ancestor_ids: readonly string[];
  readonly version: number;
}

const DEEPEST = 8;

type Refusal = Exclude<Extract<SavedCreditAccount, { kind: 'refused' }>, CreditRefusal>;
const refuse = (code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', code, text });

/**
 * Sets a credit account's limit, its validity, its risk class, its block and its place under another account, and keeps
 * who did so and why. Orders that wait for credit are looked at again where it may have come free.
 */
export async function saveCreditAccount(
  tx: Tx,
  change: CreditAccountChange,
  now: string,
): Promise<SavedCreditAccount> {
  const account = await (change.parentId === undefined ? lockAccount(tx, change) : lockForMove(tx, change));
  if (account === 'busy')
    return refuse('busy', 'Orders of these accounts are being decided just now: try again in a moment');
  if (!account) return refuse('unknown-account', `There is no credit account ${change.creditAccountId}`);
  if (change.basedOn !== null && change.basedOn !== account.version)
    return refuse(
      'changed-meanwhile',
      `Somebody saved version ${account.version} meanwhile: look at it first`,
    );
  const wanted = wantedOf(account, change);
  const { limit_valid_from: from, limit_valid_to: to } = wanted;
  if (from !== null && to !== null && to < from)
    return refuse('validity-ends-before-it-begins', `The limit would be valid from ${from} to ${to}`);
  const isAgain = isInForceAgain(account, wanted);
  const unfit = await judgeChange(tx, account, { wanted, isAgain }, change, now);
  if (unfit) return unfit;
  const place = await placeUnder(tx, account, wanted.parent_id);
  if ('kind' in place) return place;
  await tx('credit_account')
    .where({ id: account.id })
    .update({ ...wanted, ancestor_ids: place.ancestorIds, version: account.version + 1, updated_at: now });
  await moveDescendants(tx, account, place.ancestorIds);
  await tx('credit_account_change').insert({
    credit_account_id: account.id,
    at: now,
    person: change.person,
    reason: change.reason,
    before: toJson(partOf(account, wanted)),
    after: toJson(changedOf(account, wanted)),
    // In full, where the limit was put in force again.
    given_minor: isAgain && change.roles !== undefined ? wanted.limit_minor : null,
  });
  await wakeCreditQueue(tx, account.id);
  return { kind: 'saved', version: account.version + 1 };
}

/**
 * More credit is within the person's authority, whichever way it is given. Small steps of one person add up; the limit
 * counts in full where it comes into force again, leaves an account that bounded it, or falls under other rules.
 */
async function judgeChange(
  tx: Tx,
  account: Row,
  { wanted, isAgain }: { readonly wanted: Wanted; readonly isAgain: boolean },
  { person, roles }: CreditAccountChange,
  now: string,
): Promise<CreditRefusal | null> {
  if (roles === undefined) return null;
  const { rows } = await tx.raw<{ rows: { first: number | null; again: boolean | null }[] }>(
    `select (array_agg((before ->> 'limit_minor')::bigint order by id) filter (where before ->> 'limit_minor' is not null))[1] as first,
       bool_or(given_minor is not null) as again
     from credit_account_change where credit_account_id = ? and person = ? and at > ?`,
    [account.id, person, addSeconds(now, -DAYS_LOOKED_BACK * 86_400)],
  );
  const before = rows[0];
  const isMore = wanted.limit_minor > account.limit_minor;
  const steps =
    wanted.limit_minor - Math.min(account.limit_minor, Number(before?.first ?? account.limit_minor));
  const raised = isAgain || (isMore && before?.again === true) ? wanted.limit_minor : isMore ? steps : 0;
  const by = { person, roles };
  const raise = {
    creditAccountId: account.id,
    way: 'limit',
    amountMinor: raised,
    currency: account.currency,
  } as const;
  const unfit = await judgeCreditRaise(tx, by, raise, now);
  if (unfit || account.risk_class === wanted.risk_class) return unfit;
  return judgeCreditRaise(tx, by, { ...raise, riskClass: wanted.risk_class }, now);
}

function isInForceAgain(account: Row, wanted: Wanted): boolean {
  const [from, to] = [account.limit_valid_from, account.limit_valid_to];
  const longer =
    (to !== null && (wanted.limit_valid_to === null || wanted.limit_valid_to > to)) ||
    (from !== null && (wanted.limit_valid_from === null || wanted.limit_valid_from < from));
  const leaves = account.parent_id !== null && wanted.parent_id !== account.parent_id;
  return longer || leaves || (account.blocked && !wanted.blocked) || account.risk_class !== wanted.risk_class;
}

const columns =
  'id, entity_id, currency, limit_minor, limit_valid_from, limit_valid_to, blocked, risk_class, parent_id, ancestor_ids, version';

async function lockAccount(
  tx: Tx,
  { creditAccountId }: Pick<CreditAccountChange, 'creditAccountId'>,
): Promise<Row | undefined> {
  if (!(await tx('credit_account').where({ id: creditAccountId }).first('id'))) return undefined;
  await lockCreditAccount(tx, creditAccountId);
  const { rows } = await tx.raw<{ rows: Row[] }>(
    `select ${columns} from credit_account where id = ? for no key update`,
    [creditAccountId],
  );
  return rows[0];
}

const TRIES = 40;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * A move needs two families to stand still. It never waits for one while it holds the other, since an order that waited
 * for the first may need the second once the account has moved: it takes both at once, or neither and tries again.
 */
async function lockForMove(
  tx: Tx,
  { creditAccountId, parentId }: CreditAccountChange,
): Promise<Row | undefined | 'busy'> {
  // Two who move accounts under each other at once do so one after the other, or a circle could close between them.
  await tx.raw(`select pg_advisory_xact_lock(hashtextextended('credit-hierarchy', 0))`);
  for (let round = 1; round <= TRIES; round++) {
    try {
      return await tx.transaction(async (attempt) => {
        await attempt.raw(
          `select id from credit_account where id in (select root_id from credit_account where id in (?, ?))
           order by id for no key update nowait`,
          [creditAccountId, parentId ?? creditAccountId],
        );
        const { rows } = await attempt.raw<{ rows: Row[] }>(
          `select ${columns} from credit_account where id = ? for no key update nowait`,
          [creditAccountId],
        );
        return rows[0];
      });
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
      await tx.raw('select pg_sleep(0.05)');
    }
  }
  return 'busy';
}

const wantedOf = (account: Row, change: CreditAccountChange) => ({
  limit_minor: change.limitMinor ?? account.limit_minor,
  limit_valid_from: change.limitValidFrom === undefined ? account.limit_valid_from : change.limitValidFrom,
  limit_valid_to: change.limitValidTo === undefined ? account.limit_valid_to : change.limitValidTo,
  blocked: change.blocked ?? account.blocked,
  risk_class: change.riskClass === undefined ? account.risk_class : change.riskClass,
  parent_id: change.parentId === undefined ? account.parent_id : change.parentId,
});
type Wanted = ReturnType<typeof wantedOf>;

const changedKeys = (account: Row, wanted: Wanted) =>
  (Object.keys(wanted) as (keyof Wanted)[]).filter((key) => account[key] !== wanted[key]);
const partOf = (account: Row, wanted: Wanted) =>
  Object.fromEntries(changedKeys(account, wanted).map((key) => [key, account[key]]));
const changedOf = (account: Row, wanted: Wanted) =>
  Object.fromEntries(changedKeys(account, wanted).map((key) => [key, wanted[key]]));

/** Where it stands under its parent, or why it cannot stand there. */
async function placeUnder(
  tx: Tx,
  account: Row,
  parentId: string | null,
): Promise<Refusal | { readonly ancestorIds: readonly string[] }> {
  if (parentId === account.parent_id) return { ancestorIds: account.ancestor_ids };
  if (parentId === null) return { ancestorIds: [] };
  const parent = (await tx('credit_account')
    .where({ id: parentId })
    .first('id', 'entity_id', 'ancestor_ids')) as Pick<Row, 'id' | 'entity_id' | 'ancestor_ids'> | undefined;
  if (!parent) return refuse('unknown-parent', `There is no credit account ${parentId}`);
  if (parent.id === account.id || parent.ancestor_ids.includes(account.id)) {
    const circle = [
      account.id,
      ...parent.ancestor_ids.slice(parent.ancestor_ids.indexOf(account.id) + 1),
      parentId,
    ];
    return refuse(
      'circular-hierarchy',
      parent.id === account.id
        ? `${account.id} cannot be above itself`
        : `${parentId} stands under ${account.id} already (${circle.join(' > ')}): that would be a circle`,
    );
  }
  if (parent.entity_id !== account.entity_id)
    return refuse('other-entity', `${parentId} belongs to another selling entity (${parent.entity_id})`);
  if (parent.ancestor_ids.length + 2 > DEEPEST)
    return refuse('hierarchy-too-deep', `Accounts may stand ${DEEPEST} deep, not deeper`);
  return { ancestorIds: [...parent.ancestor_ids, parent.id] };
}

async function moveDescendants(tx: Tx, account: Row, ancestorIds: readonly string[]): Promise<void> {
  if (ancestorIds.join('/') === account.ancestor_ids.join('/')) return;
  await tx.raw(
    `update credit_account set version = version + 1,
       ancestor_ids = cast(? as text[]) || ancestor_ids[array_position(ancestor_ids, ?) :]
     where ? = any(ancestor_ids)`,
    [ancestorIds, account.id, account.id] as never,
  );
}
