import { validityQualifiers } from '../../domain/order/call-off-periods';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest, RequestDate } from '../../domain/order/order-request';
import { datesWithRule } from '../../domain/order/requested-days';
import type { LocalDate } from '../../domain/shared/dates';
import type { CreditCheck } from '../credit/check-credit';
import type { CustomerPolicy } from '../customer/customer-policy';

/** Dates of papers, which ask for nothing: invoice, purchase order, effective, document, release. */
const datesOfPapers: ReadonlySet<string> = new Set(['003', '004', '007', '102', '152', '171']);

/** Of a blanket order: between which it may be called off. */
const datesOfValidity: ReadonlySet<string> = new Set([...validityQualifiers.from, ...validityQualifiers.to]);

type Dates = readonly RequestDate[];

/**
 * Dates that would be passed over: those without a rule, a line's own where the order says another or none, and last
 * days that nobody can keep.
 * @param today where the order is sold from
 */
export function dateTexts(
  { dates, lines, type }: Pick<OrderRequest, 'dates' | 'lines' | 'type'>,
  today: LocalDate,
): readonly string[] {
  const unruled = dates.filter(
    ({ qualifier }) =>
      !datesOfPapers.has(qualifier) &&
      !datesWithRule.has(qualifier) &&
      !(type === 'blanket' && datesOfValidity.has(qualifier)),
  );
  return [
    ...unruled.map(({ qualifier, date }) => `DTM: there is no rule for the date ${qualifier} (${date})`),
    ...lineDateTexts(lines, dates),
    ...pastTexts('', dates, today),
    ...lines.flatMap((line, i) =>
      pastTexts(
        ` of line ${line.buyerLineNumber ?? `no. ${i + 1}`}`,
        [...line.dates, ...(line.schedules ?? []).flatMap((delivery) => delivery.dates)],
        today,
      ),
    ),
  ];
}

/** Element 374: cancel after, ship no later, cancel if not delivered by, do not deliver after. */
const lastDays: ReadonlySet<string> = new Set(['001', '038', '061', '063']);

const pastTexts = (of: string, dates: Dates, today: LocalDate): readonly string[] =>
  dates
    .filter(({ qualifier, date }) => lastDays.has(qualifier) && date < today)
    .map(
      ({ qualifier, date }) =>
        `DTM${of}: the last day ${qualifier} (${date}) had passed when the order came: released, it ships all the same`,
    );

export function lineDateTexts(lines: OrderRequest['lines'], ofOrder: Dates): readonly string[] {
  return lines.flatMap((line, i) =>
    line.dates
      .filter(({ qualifier, date }) => {
        const isRepeated = ofOrder.some((d) => d.qualifier === qualifier && d.date === date);
        return !isRepeated && !datesOfPapers.has(qualifier) && !datesWithRule.has(qualifier);
      })
      .map(({ qualifier, date }) => {
        const which = line.buyerLineNumber ?? `no. ${i + 1}`;
        return `DTM of line ${which}: a date of its own (${qualifier} ${date}) is not handled`;
      }),
  );
}

/** Parties that a change names otherwise than the order, but for the ship-to: nothing follows from them by itself. */
export function otherPartyTexts(
  change: Pick<OrderRequest, 'parties'>,
  order: Pick<OrderRequest, 'parties'>,
): readonly string[] {
  return change.parties
    .filter(
      ({ role, id, name }) =>
        role !== 'ST' &&
        !order.parties.some(
          (one) => one.role === role && (id === undefined ? one.name === name : one.id === id),
        ),
    )
    .map(({ role, idQualifier, id, name }) => {
      const who = [role, idQualifier, id, name].filter(Boolean).join(' ');
      return `N1: the party becomes ${who}, which is not handled`;
    });
}

/**
 * What was recognised but has no rule is never dropped: a person looks at it.
 * @param also what the hub itself found to have no rule, in words
 */
export function contentHolds(
  request: Pick<OrderRequest, 'unhandled' | 'currency'>,
  currency: string,
  also: readonly string[] = [],
): readonly HoldRequest[] {
  const texts = request.unhandled.map(
    (content) => `${content.at.segmentId} at segment ${content.at.segment}: ${content.text}`,
  );
  texts.push(...also);
  if (request.currency !== undefined && request.currency !== currency)
    texts.push(`the order is in ${request.currency}, the customer's prices are in ${currency}`);
  return texts.length === 0
    ? []
    : [
        {
          type: 'content',
          lineNumber: null,
          reason: {
            code: 'unhandled-content',
            text: texts.join('; '),
            details: { content: request.unhandled },
          },
        },
      ];
}

export function approvalHolds(totalMinor: number, policy: CustomerPolicy): readonly HoldRequest[] {
  if (policy.approvalAboveMinor === null || totalMinor <= policy.approvalAboveMinor) return [];
  return [
    {
      type: 'approval',
      lineNumber: null,
      reason: {
        code: 'above-approval-limit',
        text: 'The order total is above what goes through without approval',
        details: { totalMinor, limitMinor: policy.approvalAboveMinor },
      },
    },
  ];
}

/** @param totalMinor what a release would stand for */
export function creditHolds(credit: CreditCheck | null, totalMinor: number): readonly HoldRequest[] {
  if (credit?.decision.kind !== 'held' || credit.prepaid || credit.release !== null) return [];
  const { decision, asOf } = credit;
  const { exposureMinor, limitMinor, headroomMinor, overMinor, currency, accountId, reasons } = decision;
  const figures = { exposureMinor, limitMinor, headroomMinor, overMinor, currency, accountId };
  return [
    {
      type: 'credit',
      lineNumber: null,
      reason: {
        code: decision.reason,
        text: decision.text,
        details: {
          ...figures,
          totalMinor,
          asOf,
          reasons,
          ...(decision.pastDue && { pastDue: decision.pastDue }),
        },
      },
    },
  ];
}
