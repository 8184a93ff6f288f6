import type { Tx } from '../../db/connection';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { ModificationType } from '../../domain/order/modification-matrix';
import type {
  KeptSegment,
  OrderChangeRequest,
  OrderRequest,
  Party,
  RequestDate,
} from '../../domain/order/order-request';
import { requestedDays, typeOfDate } from '../../domain/order/requested-days';
import { addSeconds, endOfLocalDay, startOfLocalDay } from '../../domain/shared/dates';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { termsTexts } from '../order/agree-content';
import { readShipTos, resolveShipTo } from '../order/assess-lines';
import { type OrderLineRow, type OrderPatch, type OrderRow, saveOrder } from '../order/order-record';
import { type ChangeRules, ignoredText, orderStatus, refusalText } from './judge-modification';
import { checkMovedLines, keepMovedFindings, type MovedFindings } from './validate-head';

export interface HeadOutcome {
  readonly type: ModificationType;
  readonly accepted: boolean;
  /** Why not; empty when done as asked. */
  readonly text: string;
}

export interface ChangedHead {
  readonly order: OrderRow;
  readonly request: OrderRequest;
  readonly outcomes: readonly HeadOutcome[];
  readonly holds: readonly HoldRequest[];
  /** What has no rule, in words: a person looks. */
  readonly texts: readonly string[];
}

interface HeadContext {
  readonly order: OrderRow;
  readonly original: OrderRequest;
  readonly customer: CustomerRow;
  readonly policy: CustomerPolicy;
  readonly lines: readonly OrderLineRow[];
  readonly rules: ChangeRules;
  readonly now: string;
}

type Head = Pick<OrderChangeRequest, 'dates' | 'parties' | 'references' | 'notes' | 'kept' | 'terms'>;

const newDates = (head: Head, original: OrderRequest): readonly RequestDate[] =>
  head.dates.filter(
    ({ qualifier, date }) => !original.dates.some((one) => one.qualifier === qualifier && one.date === date),
  );

const newShipTo = (head: Head, shipTo: Party): Party | undefined =>
  head.parties.find(
    ({ role, id, address }) =>
      role === 'ST' &&
      (id === undefined
        ? address !== undefined && address.postalCode !== shipTo.address?.postalCode
        : id !== shipTo.id),
  );

const newReferences = (head: Head, original: OrderRequest) =>
  head.references.filter(
    ({ qualifier, value }) =>
      !original.references.some((one) => one.qualifier === qualifier && one.value === value),
  );

const isRouting = ({ at }: KeptSegment) => at.segmentId === 'TD5';

/** The routing (TD5) that a change asks for, all of it; none where it repeats the order's or says nothing of it. */
function newRouting(head: Head, original: OrderRequest): readonly KeptSegment[] {
  const asked = (head.kept ?? []).filter(isRouting);
  const saidOf = (segments: readonly KeptSegment[]) =>
    JSON.stringify(segments.map(({ elements }) => elements));
  return saidOf(asked) === saidOf((original.kept ?? []).filter(isRouting)) ? [] : asked;
}

/** Terms of payment other than those agreed with the customer, in words. */
const otherTerms = (head: Head, customer: CustomerRow): readonly string[] =>
  (head.terms ?? []).flatMap((terms) => termsTexts(terms, customer.terms));

/** What the head of a change asks for otherwise than the order is, in the words of the table. */
export function headTypes(head: Head, original: OrderRequest, shipTo: Party): readonly ModificationType[] {
  const dates = newDates(head, original).flatMap(({ qualifier }) => typeOfDate(qualifier) ?? []);
  return [
    ...new Set([
      ...dates,
      ...(newShipTo(head, shipTo) ? (['ship-to'] as const) : []),
      ...(newRouting(head, original).length > 0 ? (['routing'] as const) : []),
      ...(newReferences(head, original).length > 0 ? (['references'] as const) : []),
      ...((head.notes ?? []).length > 0 ? (['notes'] as const) : []),
    ]),
  ];
}

/**
 * Dates, ship-to, routing, references, notes and terms of payment of a change's head, each by its rule. Other terms than
 * those agreed are a person's to look at where they may be asked for at all; the agreed ones stand meanwhile.
 */
export async function changeHead(tx: Tx, head: Head, context: HeadContext): Promise<ChangedHead> {
  const { order, original, lines, rules } = context;
  const status = orderStatus(order, lines);
  const outcomes: HeadOutcome[] = [];
  const allowed = new Set<ModificationType>();
  const terms = otherTerms(head, context.customer);
  const asked = headTypes(head, original, order.ship_to as Party);
  for (const type of terms.length > 0 ? ([...asked, 'payment-terms'] as const) : asked) {
    const judged = rules.judge(type, 'header', status);
    if (judged.verdict === 'disallow')
      outcomes.push({ type, accepted: false, text: refusalText(type, status, 'the order', judged) });
    else if (judged.verdict === 'ignore')
      outcomes.push({ type, accepted: true, text: ignoredText(type, judged) });
    else allowed.add(type);
  }
  const dated = changeDates(head, context, allowed);
  const moved = allowed.has('ship-to')
    ? await changeShipTo(tx, newShipTo(head, order.ship_to as Party) as Party, context)
    : nothingMoved;
  await keepMovedFindings(tx, order, [dated.found, moved.found].filter(isFound), context.now);
  const references = allowed.has('references') ? newReferences(head, original) : [];
  const notes = allowed.has('notes') ? (head.notes ?? []) : [];
  const routing = allowed.has('routing') ? newRouting(head, original) : [];
  if (allowed.has('payment-terms'))
    outcomes.push({ type: 'payment-terms', accepted: true, text: terms.join('; ') });
  for (const type of ['routing', 'references', 'notes'] as const)
    if (allowed.has(type)) outcomes.push({ type, accepted: true, text: '' });
  const request: OrderRequest = {
    ...original,
    dates: dated.dates,
    parties: moved.parties ?? original.parties,
    references: [...original.references, ...references],
    notes: [...original.notes, ...notes],
    ...(routing.length > 0 && {
      kept: [...(original.kept ?? []).filter((segment) => !isRouting(segment)), ...routing],
    }),
  };
  const changed = { ...dated.patch, ...moved.patch };
  const isNew = JSON.stringify(request) !== JSON.stringify(original);
  const saved =
    isNew || Object.keys(changed).length > 0
      ? await saveOrder(tx, order, { ...changed, request: JSON.stringify(request) }, context.now)
      : order;
  return {
    order: saved,
    request,
    outcomes: [...outcomes, ...dated.outcomes, ...moved.outcomes],
    holds: moved.holds,
    texts: [...unruledTexts(head, original), ...(allowed.has('payment-terms') ? terms : [])],
  };
}

const unruledTexts = (head: Head, original: OrderRequest): readonly string[] =>
  newDates(head, original)
    .filter(({ qualifier }) => typeOfDate(qualifier) === undefined)
    .map(({ qualifier, date }) => `DTM: the date ${qualifier} becomes ${date}, which is not handled`);

interface Part {
  readonly patch: OrderPatch;
  readonly outcomes: readonly HeadOutcome[];
  /** What the rules of the customer say to the lines that follow the head; null: none is asked. */
  readonly found: MovedFindings | null;
}

const isFound = (found: MovedFindings | null) => found !== null;

/** A new date takes the place of all that said the same of the order before. */
function changeDates(
  head: Head,
  { order, original, customer, policy, lines, now }: HeadContext,
  allowed: ReadonlySet<ModificationType>,
): Part & { readonly dates: readonly RequestDate[] } {
  const typeOf = ({ qualifier }: RequestDate) => typeOfDate(qualifier) as ModificationType;
  const asked = newDates(head, original).filter((date) => allowed.has(typeOf(date)));
  const types = new Set(asked.map(typeOf));
  const others = original.dates.filter((date) => !types.has(typeOf(date)));
  const days = requestedDays([...others, ...asked], policy.deliveryLeadDays);
  const zone = customer.entity_time_zone;
  const refuse = (refused: readonly ModificationType[], text: string) => ({
    patch: {},
    dates: original.dates,
    outcomes: refused.map((type) => ({ type, accepted: false, text })),
    found: null,
  });
  const cancelAt = days.cancelAfter === null ? null : endOfLocalDay(days.cancelAfter, zone);
  if (types.has('cancel-after') && cancelAt !== null && cancelAt <= now)
    return refuse(
      ['cancel-after'],
      `the last day ${days.cancelAfter ?? ''} has passed: cancel the order instead`,
    );
  const wanted = wantedDates.find((type) => types.has(type));
  const { deliverBy, shipNotBefore } = requestedDays([...others, ...asked], 0);
  const shipTo = order.ship_to as Party;
  const found = wanted
    ? checkMovedLines('lead-time', {
        order,
        customer,
        lines,
        shipTo,
        wantedOn: deliverBy ?? shipNotBefore,
        now,
      })
    : null;
  if (found?.refusal) return refuse([...types], found.refusal);
  const startsAt = days.shipNotBefore === null ? null : startOfLocalDay(days.shipNotBefore, zone);
  const windowEnds = addSeconds(order.placed_at, policy.changeWindowSeconds);
  return {
    dates: [...others, ...asked],
    outcomes: [...types].map((type) => ({ type, accepted: true, text: '' })),
    found,
    patch: {
      ...(types.has('requested-date') && { deliver_by: days.deliverBy }),
      ...(types.has('cancel-after') && { cancel_after: cancelAt }),
      ...(types.has('ship-not-before') && {
        ship_not_before: startsAt,
        release_at: startsAt !== null && startsAt > windowEnds ? startsAt : windowEnds,
      }),
    },
  };
}

/** From which follows on which day the goods are wanted. */
const wantedDates: readonly ModificationType[] = ['requested-date', 'ship-not-before'];

const nothingMoved = { patch: {}, outcomes: [], holds: [], parties: undefined, found: null };

async function changeShipTo(
  tx: Tx,
  to: Party,
  { order, original, customer, policy, lines, now }: HeadContext,
): Promise<
  Part & { readonly holds: readonly HoldRequest[]; readonly parties: readonly Party[] | undefined }
> {
  const refuse = (text: string) => ({
    ...nothingMoved,
    outcomes: [{ type: 'ship-to', accepted: false, text } as const],
  });
  if (lines.some((line) => line.destination?.as === 'ship-to'))
    return refuse('the lines say themselves where they go: change those');
  const parties = [to, ...original.parties.filter((party) => party.role !== 'ST')];
  const asked = { customerId: original.customerId, type: original.type, parties };
  const resolved = resolveShipTo(asked, policy, await readShipTos(tx, asked));
  if (resolved.party.address === undefined) {
    const where = [to.idQualifier, to.id, to.name].filter(Boolean).join(' ');
    return refuse(`the ship-to ${where} is not among the customer's locations, and comes without an address`);
  }
  const shipTo = resolved.party;
  const found = checkMovedLines('ship-to-items', { order, customer, lines, shipTo, wantedOn: null, now });
  if (found.refusal !== null) return refuse(found.refusal);
  return {
    patch: { ship_to: JSON.stringify(shipTo) },
    parties,
    found,
    holds: resolved.holds,
    outcomes: [{ type: 'ship-to', accepted: true, text: '' }],
  };
}
