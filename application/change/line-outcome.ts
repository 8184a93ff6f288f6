import type { AnswerLine, LineStatus } from '../../domain/order/answers';
import type { OrderChangeLine, OrderRequestLine } from '../../domain/order/order-request';
import { lineStatuses } from '../order/answer-order';
import type { OrderLineRow, OrderRow } from '../order/order-record';

export interface LineOutcome {
  /** The line as it stands afterwards. */
  readonly line: OrderLineRow;
  /** POC02 as asked. */
  readonly changeCode: string;
  readonly accepted: boolean;
  readonly partly: boolean;
  /** Why not, or what of it; empty when done as asked. */
  readonly text: string;
  readonly statuses: readonly LineStatus[];
  /** What the answer echoes where the line is not one of the order's. */
  readonly echo?: AnswerLine;
}

/** What is asked for, and of which line. */
export interface NamedChange {
  readonly order: Pick<OrderRow, 'id' | 'type'>;
  readonly existing: OrderLineRow | undefined;
  readonly change: OrderChangeLine;
}

export function done(context: NamedChange, line: OrderLineRow): LineOutcome {
  return {
    line,
    changeCode: context.change.changeCode,
    accepted: true,
    partly: false,
    text: '',
    statuses: lineStatuses(line, context.order, false),
  };
}

export function refused(context: NamedChange, line: OrderLineRow, text: string): LineOutcome {
  const { change, existing } = context;
  const quantity = change.line.quantity;
  const echo = existing ? {} : { echo: echoOf(change.line) };
  return {
    line,
    changeCode: change.changeCode,
    accepted: false,
    partly: false,
    text,
    statuses: existing ? lineStatuses(existing, context.order, false) : [{ code: 'IR', quantity }],
    ...echo,
  };
}

const echoOf = (line: OrderRequestLine): AnswerLine => ({
  ...(line.buyerLineNumber !== undefined && { buyerLineNumber: line.buyerLineNumber }),
  productIds: line.productIds,
  quantity: line.quantity,
  unit: line.unit,
  ...(line.unitPrice !== undefined && { unitPrice: line.unitPrice }),
});

/** A stand-in for a line that the order does not have, so that the answer can name what was asked for. */
export function unknownLine({ order, change }: NamedChange): OrderLineRow {
  const { line } = change;
  return {
    id: '',
    order_id: order.id,
    line_number: 0,
    buyer_line_number: line.buyerLineNumber ?? null,
    item_id: null,
    product_ids: line.productIds,
    description: line.description ?? null,
    quantity: line.quantity,
    requested_quantity: null,
    unit: line.unit,
    unit_factor: 1,
    ordered: 0,
    cancelled: 0,
    cancel_code: null,
    reserved: 0,
    released: 0,
    shipped: 0,
    invoiced: 0,
    requested_price: null,
    price_basis_code: null,
    price_basis: 1,
    unit_price: line.unitPrice ?? null,
    amount_minor: 0,
    price_decision: {},
    rejection: null,
    rejection_code: null,
    references_: [],
    dates: [],
    split_from: null,
    destination: null,
    parties: [],
    kept: [],
    ship_not_before: null,
    deliver_by: null,
    cancel_after: null,
    promised_on: null,
    promise_told_on: null,
    rescheduled: null,
    blanket_line_id: null,
    blanket_period: null,
    periods: null,
    supply: null,
  };
}
