import type { SourcingCase, SourcingLine } from '../../domain/allocation/sourcing-case';
import type { RuleConstraints } from '../../domain/allocation/sourcing-rules';
import {
  type OrderRequest,
  type Party,
  type PostalAddress,
  pickupOf,
} from '../../domain/order/order-request';
import { requestedDays } from '../../domain/order/requested-days';
import type { CustomerPolicy } from '../customer/customer-policy';
import { readFillTerms } from '../order/fill-terms';
import type { OrderLineRow, OrderRow } from '../order/order-record';
import type { ResolvedLine } from '../order/resolve-lines';

type LineFacts = Pick<SourcingLine, 'destination' | 'notBefore' | 'deliverBy' | 'together' | 'pickupAt'>;

/** What the choice of nodes needs to know of an order beside its demands. */
export interface OrderToSource
  extends Pick<
    SourcingCase,
    | 'customerClass'
    | 'orderType'
    | 'shipTo'
    | 'asked'
    | 'shipmentsAllowed'
    | 'begun'
    | 'notBefore'
    | 'lastShipDay'
    | 'lastArrivalDay'
  > {
  readonly lines: ReadonlyMap<number, LineFacts>;
  /** null: it is not placed yet, and has nothing. */
  readonly orderId: string | null;
}

type Asking = Pick<OrderRequest, 'type' | 'dates' | 'lines' | 'shipping' | 'pickupAt'>;

/** An order that is just being placed. */
export function newOrderToSource(
  request: Asking,
  policy: CustomerPolicy,
  shipTo: Party,
  lines: readonly ResolvedLine[],
): OrderToSource {
  return {
    ...headOf(request, policy, shipTo),
    orderId: null,
    begun: false,
    lines: new Map(
      lines.map((line) => [
        line.lineNumber,
        lineOf(request, line.lineNumber, line.splitFrom, {
          destination: line.destination,
          notBefore: line.shipNotBefore,
          deliverBy: line.deliverBy,
        }),
      ]),
    ),
  };
}

/** An order of the record, of which something is sourced again. */
export function orderToSource(
  order: OrderRow,
  policy: CustomerPolicy,
  lines: readonly OrderLineRow[],
): OrderToSource {
  // What place-order wrote: an order request, in its own words.
  const request = order.request as Asking;
  const head = headOf(request, policy, order.ship_to as Party);
  const complete = readFillTerms(order.fill)?.shipComplete === true;
  return {
    ...head,
    asked: complete
      ? [...head.asked, { by: 'the order', constraints: { shipComplete: 'order' } }]
      : head.asked,
    ...(order.shipments_allowed !== null && { shipmentsAllowed: order.shipments_allowed }),
    orderId: order.id,
    begun: lines.some((line) => line.shipped > 0),
    lines: new Map(
      lines.map((line) => [
        line.line_number,
        lineOf(request, line.line_number, line.split_from, {
          destination: line.destination,
          notBefore: line.ship_not_before,
          deliverBy: line.deliver_by,
        }),
      ]),
    ),
  };
}

/** The same of an order of which lines are changed or added: those as they are wanted now. */
export function changedOrderToSource(
  order: OrderRow,
  policy: CustomerPolicy,
  lines: readonly OrderLineRow[],
  changed: readonly ResolvedLine[],
): OrderToSource {
  const asked = orderToSource(order, policy, lines);
  const request = order.request as Asking;
  const wanted = changed.map((line) => {
    const { lineNumber, splitFrom, shipNotBefore: notBefore, deliverBy } = line;
    const row = lines.find((one) => one.line_number === lineNumber);
    const destination = row?.destination ?? line.destination;
    return [
      lineNumber,
      lineOf(request, lineNumber, splitFrom, { destination, notBefore, deliverBy }),
    ] as const;
  });
  return { ...asked, lines: new Map([...asked.lines, ...wanted]) };
}

function headOf(request: Asking, policy: CustomerPolicy, shipTo: Party) {
  const day = (...qualifiers: readonly string[]) =>
    request.dates
      .filter(({ qualifier }) => qualifiers.includes(qualifier))
      .map(({ date }) => date)
      .sort()[0] ?? null;
  const { shipComplete, singleNode, maximumShipments } = request.shipping ?? {};
  const { shipNotBefore: notBefore } = requestedDays(request.dates, policy.deliveryLeadDays);
  return {
    customerClass: policy.customerClass,
    orderType: request.type,
    shipTo: shipTo.address ?? null,
    asked: [
      { by: 'the customer', constraints: constraintsOf(policy) },
      { by: 'the order', constraints: { shipComplete, singleNode, maximumShipments } },
    ],
    ...(notBefore !== null && { notBefore }),
    // 038 ship no later, 001 cancel after; 063 do not deliver after, 061 cancel if not delivered by.
    lastShipDay: day('038', '001'),
    lastArrivalDay: day('063', '061'),
  };
}

/** The constraints of a customer's policy that every order of it has. */
export const constraintsOf = (policy: CustomerPolicy): RuleConstraints => ({
  ...(policy.shipComplete ? { shipComplete: 'order' } : policy.shipCompleteLines && { shipComplete: 'line' }),
  ...(policy.singleNode && { singleNode: true }),
  ...(policy.maximumShipments !== null && { maximumShipments: policy.maximumShipments }),
  ...(policy.doNotMix.length > 0 && { doNotMix: policy.doNotMix }),
});

function lineOf(
  request: Asking,
  lineNumber: number,
  splitFrom: number | null,
  facts: {
    readonly destination: { readonly as: 'ship-to' | 'mark-for'; readonly party: Party } | null;
    readonly notBefore: string | null;
    readonly deliverBy: string | null;
  },
): LineFacts {
  const { destination } = facts;
  const away = destination?.as === 'ship-to' ? destination.party : null;
  const pickupAt = pickupOf(request, splitFrom ?? lineNumber);
  return {
    ...(pickupAt !== null && { pickupAt }),
    notBefore: facts.notBefore,
    deliverBy: facts.deliverBy ?? request.dates.find(({ qualifier }) => qualifier === '002')?.date ?? null,
    destination:
      away === null ? null : { key: `${away.idQualifier ?? ''} ${away.id ?? ''}`, address: addressOf(away) },
    together: togetherOf(request, splitFrom ?? lineNumber),
  };
}

/** The word of the lines that a line ships together with. @param head the line's number, or that of its first part */
export const togetherOf = ({ lines }: Pick<OrderRequest, 'lines'>, head: number): string | null =>
  lines[head - 1]?.shipTogether ?? null;

const addressOf = ({ address }: Party): PostalAddress | null => address ?? null;
