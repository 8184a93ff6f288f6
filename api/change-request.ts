import type {
  LineChangeKind,
  OrderChangeLine,
  OrderChangeRequest,
  ProductId,
  RequestDate,
} from '../domain/order/order-request';
import { typeOfDate } from '../domain/order/requested-days';
import { compareDecimals } from '../domain/shared/money';
import type { Principal } from './auth/principal';
import type { ChangeOrderBody } from './contract/changes';
import type { OrderLineView, OrderView } from './contract/orders';
import { lineRequestOf, shipToParty } from './order-request';
import { Problem } from './problems';
import { wishFor } from './record-change';

/** Element 374. */
const qualifiers = { deliverBy: '002', shipNotBefore: '037', cancelAfter: '001' } as const;

type Days = Pick<ChangeOrderBody, keyof typeof qualifiers>;

const datesOf = (days: Days): readonly RequestDate[] =>
  Object.entries(qualifiers).flatMap(([name, qualifier]) => {
    const date = days[name as keyof typeof qualifiers];
    return date === undefined ? [] : [{ qualifier, date }];
  });

/** A call's body as the same change request that an 860 makes. */
export function changeRequestOf(
  body: ChangeOrderBody,
  view: OrderView,
  principal: Principal,
  now: string,
): OrderChangeRequest {
  return {
    ...wishFor(view, principal, now),
    purpose: 'change',
    parties: body.shipTo ? [shipToParty(body.shipTo)] : [],
    dates: datesOf(body),
    references: body.references.map(({ description, ...reference }) => ({
      ...reference,
      ...(description !== undefined && { description }),
    })),
    notes: body.notes,
    lines: [
      ...body.lines.map((line, at) => lineChangeOf(line, lineOf(view, line.lineNumber, at))),
      ...body.add.map(
        (line): OrderChangeLine => ({ kinds: ['add'], changeCode: 'AI', line: lineRequestOf(line) }),
      ),
    ],
  };
}

function lineOf(view: OrderView, lineNumber: number, at: number): OrderLineView {
  const line = view.lines.find((one) => one.lineNumber === lineNumber);
  if (line) return line;
  const detail = `the order has no line ${lineNumber}`;
  throw new Problem(400, 'invalid-request', 'The request is not valid', detail, {
    errors: [{ pointer: `/lines/${at}/lineNumber`, detail }],
  });
}

function lineChangeOf(asked: ChangeOrderBody['lines'][number], line: OrderLineView): OrderChangeLine {
  const kinds: LineChangeKind[] = [];
  if (asked.delete) kinds.push('delete');
  if (asked.quantity !== undefined) kinds.push('quantity');
  if (asked.unitPrice !== undefined) kinds.push('price');
  const dates = datesOf(asked);
  if (dates.length > 0) kinds.push('dates');
  const replaced = new Set(dates.map(({ qualifier }) => typeOfDate(qualifier)));
  const standing = (line.dates as readonly RequestDate[]).filter(
    ({ qualifier }) => !replaced.has(typeOfDate(qualifier)),
  );
  return {
    kinds,
    changeCode: codeOf(kinds, asked.quantity, line.quantity),
    lineNumber: line.lineNumber,
    line: {
      ...(line.buyerLineNumber !== null && { buyerLineNumber: line.buyerLineNumber }),
      productIds: line.productIds as readonly ProductId[],
      quantity: asked.quantity ?? line.quantity,
      unit: line.unit,
      ...(asked.unitPrice !== undefined && { unitPrice: asked.unitPrice }),
      dates: [...standing, ...dates],
      references: [],
    },
  };
}

/** POC02 (670), as an 860 would have it. */
function codeOf(kinds: readonly LineChangeKind[], quantity: string | undefined, standing: string): string {
  if (kinds.includes('delete')) return 'DI';
  if (kinds.length > 1) return kinds.includes('dates') ? 'MU' : 'PQ';
  if (kinds[0] === 'price') return 'PC';
  if (kinds[0] === 'dates') return 'CT';
  return compareDecimals(quantity ?? '0', standing) > 0 ? 'QI' : 'QD';
}
