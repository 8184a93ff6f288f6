import { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import { toJson } from '../../db/json';
import type { OrderRequest } from '../../domain/order/order-request';
import {
  type UnplacedState,
  type UnplacedType,
  unplacedAlive,
  unplacedTransitions,
} from '../../domain/order/order-types';
import { IllegalTransition } from '../../domain/order/states';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { type CustomerPolicy, customerPolicySchema } from '../customer/customer-policy';
import { type CustomerRow, readCustomer } from '../customer/customer-record';
import { clearException, raiseException } from '../record/raise-exception';
import { type GivenPrices, judgeQuotedPrices } from './judge-quoted-prices';
import { priceUnplaced, type UnplacedPrices } from './price-unplaced';

export interface UnplacedRow {
  readonly id: string;
  readonly type: UnplacedType;
  readonly number: string;
  readonly customer_id: string;
  readonly partner_id: string | null;
  readonly usage: 'P' | 'T';
  readonly state: UnplacedState;
  readonly version: number;
  readonly currency: string;
  readonly request: OrderRequest;
  readonly quoted: UnplacedPrices | null;
  readonly expires_at: string;
  readonly order_id: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
}

export interface UnplacedRefusal {
  readonly kind: 'refused';
  readonly code:
    | 'unknown-customer'
    | 'unknown'
    | 'expired'
    | 'converted'
    | 'withdrawn'
    | 'not-answered'
    | 'lines-to-correct'
    | 'not-priced'
    | 'over-authority'
    | 'validity'
    | 'changed-meanwhile'
    | 'currency-changed'
    | 'no-lines'
    | 'no-purchase-order-number'
    | 'wrong-type';
  readonly text: string;
  readonly orderId?: string;
  readonly lines?: readonly { readonly line: number; readonly text: string }[];
}
export type UnplacedOutcome = { readonly kind: 'kept'; readonly id: string } | UnplacedRefusal;

export const refuseUnplaced = (
  code: UnplacedRefusal['code'],
  text: string,
  more: Partial<UnplacedRefusal> = {},
): UnplacedRefusal => ({ kind: 'refused', code, text, ...more });

const DAY_SECONDS = 86_400;

/** An unfinished order of a buyer's: nothing is checked but that its customer exists. */
export async function createDraft(
  tx: Tx,
  request: OrderRequest,
  by: string,
  now: string,
): Promise<UnplacedOutcome> {
  const found = await readBuyer(tx, request.customerId);
  if (found === null) return unknownCustomer(request);
  const expiresAt = addSeconds(now, found.policy.draftKeptDays * DAY_SECONDS);
  const row = { type: 'draft', state: 'open', request, quoted: null, expiresAt } as const;
  return { kind: 'kept', id: await insertUnplaced(tx, found.customer, row, by, now) };
}

/**
 * What a draft is now instead of what it was; its time starts again.
 * @param version that the new one was made from
 */
export async function reviseDraft(
  tx: Tx,
  id: string,
  request: OrderRequest,
  version: number,
  by: string,
  now: string,
): Promise<UnplacedOutcome> {
  const row = await lockAlive(tx, id, now);
  if ('kind' in row) return row;
  if (row.version !== version)
    return refuseUnplaced('changed-meanwhile', 'Somebody else has changed the draft meanwhile');
  if (row.type !== 'draft') return refuseUnplaced('wrong-type', 'A quote is not edited: ask for another one');
  const found = await readBuyer(tx, row.customer_id);
  if (found === null) return unknownCustomer(request);
  await saveUnplaced(
    tx,
    row,
    { request: toJson(request), expires_at: addSeconds(now, found.policy.draftKeptDays * DAY_SECONDS) },
    now,
  );
  await recordUnplaced(tx, [id], { kind: 'revised', actor: by, text: 'The draft was changed' }, now);
  return { kind: 'kept', id };
}

/**
 * A buyer asks for prices. Where every line has one it is answered at once; otherwise somebody of sales is asked to.
 * Lines that could not be ordered at all are refused, so that the buyer corrects them.
 */
export async function requestQuote(
  tx: Tx,
  asked: OrderRequest,
  by: string,
  now: string,
): Promise<UnplacedOutcome> {
  const found = await readBuyer(tx, asked.customerId);
  if (found === null) return unknownCustomer(asked);
  if (asked.lines.length === 0) return refuseUnplaced('no-lines', 'The quote asks for nothing');
  const { customer, policy } = found;
  const request = { ...asked, lines: asked.lines.map(({ unitPrice: _wish, ...line }) => line) };
  const today = localDateIn(now, customer.entity_time_zone);
  const prices = await priceUnplaced(tx, request, customer, policy, today, new Map());
  const unfit = prices.lines.filter((line) => line.rejection !== null || line.itemId === null);
  if (unfit.length > 0) return linesToCorrect(unfit);
  const complete = prices.lines.every((line) => line.unitPrice !== null);
  const expiresAt = addSeconds(now, policy.quoteValidDays * DAY_SECONDS);
  const state = complete ? 'answered' : 'requested';
  const row = { type: 'quote', state, request, quoted: complete ? prices : null, expiresAt } as const;
  const id = await insertUnplaced(tx, customer, row, by, now);
  if (complete) await tellAnswer(tx, id, 'hub', expiresAt, now);
  else await askForPrices(tx, id, customer, prices, now);
  return { kind: 'kept', id };
}

export const linesToCorrect = (lines: UnplacedPrices['lines']): UnplacedRefusal => {
  const named = lines.map((line) => ({
    line: line.lineNumber,
    text: line.rejection ?? line.concerns[0] ?? 'the line cannot be ordered',
  }));
  const text = named.map((one) => `line ${one.line}: ${one.text}`).join('; ');
  return refuseUnplaced('lines-to-correct', text, { lines: named });
};

async function askForPrices(
  tx: Tx,
  id: string,
  customer: CustomerRow,
  prices: UnplacedPrices,
  now: string,
): Promise<void> {
  const lines = prices.lines.filter((line) => line.unitPrice === null).map((line) => line.lineNumber);
  await raiseException(tx, {
    kind: 'quote-to-answer',
    subjectKey: `quote/${id}`,
    text: `Customer ${customer.id} asks for a quote, and there is no price for line ${lines.join(', ')}: answer it with prices`,
    ownerRole: 'sales',
    dueAt: addSeconds(now, DAY_SECONDS),
    data: { quoteId: id },
  });
}

/** A person's prices for a quote, by line number; lines that are not named keep the hub's own. Answering again is allowed. */
export async function answerQuote(
  tx: Tx,
  id: string,
  answer: GivenPrices & { readonly validUntil?: string },
  person: string,
  now: string,
): Promise<UnplacedOutcome> {
  const row = await lockAlive(tx, id, now);
  if ('kind' in row) return row;
  if (row.type !== 'quote') return refuseUnplaced('wrong-type', 'A draft is not answered');
  const found = await readBuyer(tx, row.customer_id);
  if (found === null) return unknownCustomer(row.request);
  const today = localDateIn(now, found.customer.entity_time_zone);
  const expiresAt = answer.validUntil ?? addSeconds(now, found.policy.quoteValidDays * DAY_SECONDS);
  if (expiresAt <= now) return refuseUnplaced('validity', 'The quote would have expired already');
  const unknown = [...answer.prices.keys()].filter((line) => line < 1 || line > row.request.lines.length);
  if (unknown.length > 0)
    return refuseUnplaced('lines-to-correct', `the quote has no line ${unknown.join(', ')}`);
  const { customer, policy } = found;
  const judged = await judgeQuotedPrices(tx, row.request, found, answer, person, today);
  if (judged.refused.length > 0) {
    const text = judged.refused.map(({ line, text: why }) => `line ${line}: ${why}`).join('; ');
    return refuseUnplaced('over-authority', text, { lines: judged.refused });
  }
  const quoted = await priceUnplaced(tx, row.request, customer, policy, today, answer.prices);
  const missing = quoted.lines.filter((line) => line.unitPrice === null);
  if (missing.length > 0)
    return refuseUnplaced(
      'not-priced',
      `line ${missing.map((line) => line.lineNumber).join(', ')} has no price yet`,
    );
  await saveUnplaced(
    tx,
    row,
    {
      state: 'answered',
      quoted: toJson({ ...quoted, byPerson: judged.quoted }),
      expires_at: expiresAt,
      currency: customer.currency,
    },
    now,
  );
  await tellAnswer(tx, id, person, expiresAt, now);
  await clearException(tx, 'quote-to-answer', `quote/${id}`, `${person} answered the quote`, now);
  return { kind: 'kept', id };
}

const tellAnswer = (tx: Tx, id: string, actor: string, expiresAt: string, now: string) =>
  recordUnplaced(
    tx,
    [id],
    { kind: 'answered', actor, text: `Answered with prices that hold until ${expiresAt}` },
    now,
  );

export async function withdrawUnplaced(
  tx: Tx,
  id: string,
  by: string,
  now: string,
): Promise<UnplacedOutcome> {
  const row = await lockAlive(tx, id, now);
  if ('kind' in row) return row;
  await saveUnplaced(tx, row, { state: 'withdrawn', closed_at: now }, now);
  await recordUnplaced(
    tx,
    [id],
    { kind: 'withdrawn', actor: by, text: `The ${row.type} was withdrawn` },
    now,
  );
  await clearException(tx, 'quote-to-answer', `quote/${id}`, 'The quote was withdrawn', now);
  return { kind: 'kept', id };
}

/**
 * Ends every draft and quote whose last moment has passed. What was not swept yet cannot be converted either: the
 * moment decides, not the sweep.
 */
export async function expireUnplaced(tx: Tx, now: string): Promise<number> {
  const gone = (await tx('unplaced_order')
    .whereIn(
      'id',
      tx('unplaced_order')
        .whereIn('state', unplacedAlive)
        .andWhere('expires_at', '<=', now)
        .orderBy('id')
        .limit(1000)
        .forUpdate()
        .skipLocked()
        .select('id'),
    )
    .update({ state: 'expired', closed_at: now, updated_at: now, version: tx.raw('version + 1') })
    .returning(['id', 'type'])) as { id: string; type: UnplacedType }[];
  for (const type of ['draft', 'quote'] as const) {
    const ids = gone.filter((row) => row.type === type).map((row) => row.id);
    const text = `The ${type} has expired: no order can be made of it any more`;
    await recordUnplaced(tx, ids, { kind: 'expired', actor: 'hub', text }, now);
    if (type === 'quote' && ids.length > 0)
      await tx('exception')
        .where({ kind: 'quote-to-answer', status: 'open' })
        .whereIn(
          'subject_key',
          ids.map((id) => `quote/${id}`),
        )
        .update({ status: 'resolved', resolved_at: now, resolved_by: 'hub', resolution: text });
  }
  return gone.length;
}

/** Locked, if something can still come of it; else why not. Its lock is an order's: the first that is taken. */
export async function lockAlive(tx: Tx, id: string, now: string): Promise<UnplacedRow | UnplacedRefusal> {
  const row = (await tx('unplaced_order').where({ id }).forNoKeyUpdate().first()) as UnplacedRow | undefined;
  if (!row) return refuseUnplaced('unknown', 'There is no such draft or quote');
  if (row.state === 'converted')
    return refuseUnplaced('converted', `The ${row.type} has become an order already`, {
      orderId: row.order_id as string,
    });
  if (row.state === 'withdrawn') return refuseUnplaced('withdrawn', `The ${row.type} was withdrawn`);
  if (row.state === 'expired' || row.expires_at <= now)
    return refuseUnplaced('expired', `The ${row.type} expired at ${row.expires_at}`);
  return row;
}

export async function readBuyer(
  tx: Tx,
  customerId: string,
): Promise<{ readonly customer: CustomerRow; readonly policy: CustomerPolicy } | null> {
  const customer = await readCustomer(tx, customerId);
  return customer?.active ? { customer, policy: customerPolicySchema.parse(customer.policy) } : null;
}

export const unknownCustomer = ({ customerId }: Pick<OrderRequest, 'customerId'>) =>
  refuseUnplaced('unknown-customer', `There is no active customer ${customerId}`);

async function insertUnplaced(
  tx: Tx,
  customer: CustomerRow,
  row: Pick<UnplacedRow, 'type' | 'state' | 'request' | 'quoted'> & { readonly expiresAt: string },
  by: string,
  now: string,
): Promise<string> {
  const { type, state, request, quoted, expiresAt } = row;
  const number = tx.raw(
    type === 'draft' ? `'D' || nextval('draft_number')` : `'Q' || nextval('quote_number')`,
  );
  const [created] = (await tx('unplaced_order')
    .insert({
      type,
      number,
      customer_id: customer.id,
      partner_id: request.partnerId ?? null,
      usage: request.usage,
      state,
      currency: customer.currency,
      request: toJson(request),
      quoted: quoted === null ? null : toJson(quoted),
      expires_at: expiresAt,
      created_by: by,
      created_at: now,
      updated_at: now,
    })
    .returning(['id', 'number'])) as { id: string; number: string }[];
  const { id, number: given } = created as { id: string; number: string };
  const text = type === 'draft' ? `Draft ${given} was begun` : `Quote ${given} was asked for`;
  await recordUnplaced(tx, [id], { kind: 'created', actor: by, text }, now);
  return id;
}

/** Writes a change with its transition checked against THE table; the caller has locked the row. */
export async function saveUnplaced(
  tx: Tx,
  row: UnplacedRow,
  patch: Readonly<Record<string, unknown>> & { readonly state?: UnplacedState },
  now: string,
): Promise<void> {
  const to = patch.state ?? row.state;
  if (to !== row.state && !(unplacedTransitions[row.state] as readonly string[]).includes(to))
    throw new IllegalTransition(`a ${row.type}`, row.state, to);
  await tx('unplaced_order')
    .where({ id: row.id })
    .update({ ...patch, version: row.version + 1, updated_at: now });
}

export async function recordUnplaced(
  db: Db,
  ids: readonly string[],
  event: { readonly kind: string; readonly actor: string; readonly text: string },
  now: string,
): Promise<void> {
  if (ids.length === 0) return;
  await db('unplaced_order_event').insert(ids.map((id) => ({ unplaced_order_id: id, at: now, ...event })));
}

const storedSchema = z.custom<OrderRequest>(
  (value) => z.object({ lines: z.array(z.unknown()) }).safeParse(value).success,
);
export const parseUnplacedRequest = (stored: unknown): OrderRequest => storedSchema.parse(stored);
