import type { Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import type { Usage } from '../../domain/order/order-request';
import type {
  InquiryLevel,
  ItemStatus,
  OrderStatusInquiry,
  OrderStatusReport,
  StatusLevel,
} from '../../domain/order/order-status';
import { openOrderStates } from '../../domain/order/states';
import { countOf } from '../../domain/shared/count';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { keepToldPromises } from '../backorder/promise-lines';
import { agreedOut } from '../partner/agreed-documents';
import type { ActOnContent, Received, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { raiseUnread } from '../record/raise-unread';
import { answerHeader, answerLineOf, answerOrder, byDay } from './answer-order';
import { partsByLine } from './line-parts';
import { lockOrder, type OrderLineRow, type OrderRow, readLines } from './order-record';
import { asOrdered } from './ordered-lines';

/** An order's report says at most so much; a question after all orders is answered with the newest. */
const MOST_ORDERS = 100;

/**
 * What was promised has changed: the partner hears it as an order status report (870) where that was agreed, otherwise
 * as another answer (855).
 */
export async function tellChangedPromise(tx: Tx, orderId: string, now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (order.partner_id === null || (await agreedOut(tx, order.partner_id, order.usage, '870')) !== 'wanted') {
    await answerOrder(tx, orderId, 'update', now);
    return;
  }
  await keepToldPromises(tx, orderId);
  const [{ count }] = (await tx('document_request')
    .where({ order_id: orderId, set_id: '870' })
    .count('* as count')) as [{ count: number }];
  const number = Number(count) + 1;
  await requestDocument(tx, {
    subject: `order/${orderId}/870/${number}`,
    partnerId: order.partner_id,
    set: '870',
    usage: order.usage,
    orderId,
    payload: {
      kind: 'order-status-report',
      // 3: not asked for. PA: one order with all its items.
      reportCode: '3',
      detail: 'PA',
      number: `${order.order_number}-${number}`,
      date: localDateIn(now, await zoneOf(tx, order.entity_id)),
      dates: [],
      references: [],
      parties: [],
      levels: [await orderLevel(tx, order, () => true, now)],
    },
  });
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'answered',
      actor: 'hub',
      text: 'What was promised has changed: the partner is told how the order stands (870)',
      once: `870/${number}`,
    },
  ]);
}

/** 869 in: answered by an 870 from the record, order by order; what the hub does not know is said so. */
export const answerStatusInquiry: ActOnContent<Understood<OrderStatusInquiry>> = async (
  tx,
  received,
  now,
) => {
  const { document: inquiry, unhandled } = received.body;
  const partner = (await tx('partner as p')
    .join('customer as c', 'c.id', 'p.customer_id')
    .where({ 'p.id': received.partnerId })
    .first('c.id as customerId', 'c.entity_id as entityId')) as
    | { customerId: string; entityId: string }
    | undefined;
  if (!partner) return nobodysOrders(received, now);
  const asked = await askedOrders(tx, inquiry, partner.customerId, received.usage);
  const known = asked.filter(({ order }) => order !== undefined).length;
  await requestDocument(tx, {
    subject: `document/${received.documentId}/870`,
    partnerId: received.partnerId,
    set: '870',
    usage: received.usage,
    payload: await answerTo(tx, received, partner.entityId, asked, now),
  });
  await raiseUnread(tx, received, unhandled, 'customer-service', now);
  return { kind: 'done', note: `answered by an 870 about ${known} of ${countOf(asked.length, 'order')}` };
};

function nobodysOrders({ partnerId }: Received<unknown>, now: string) {
  return {
    kind: 'set-aside' as const,
    exception: {
      kind: 'inquiry-not-answered',
      text: `${partnerId} asks how its orders stand (869), and has no customer: nobody knows whose orders are meant.`,
      ownerRole: 'customer-service',
      dueAt: addSeconds(now, 8 * 3600),
    },
  };
}

async function answerTo(
  tx: Tx,
  { documentId, body }: Received<Understood<OrderStatusInquiry>>,
  entityId: string,
  asked: readonly AskedOrder[],
  now: string,
): Promise<OrderStatusReport> {
  const { document: inquiry } = body;
  const levels: StatusLevel[] = [];
  for (const { number, order, wanted } of asked) {
    levels.push(order ? await orderLevel(tx, order, wanted, now) : unknownOrder(number));
  }
  return {
    kind: 'order-status-report',
    // 1: the answer to an inquiry.
    reportCode: '1',
    detail: inquiry.detail,
    // BSR03 has thirty characters.
    number: documentId.replaceAll('-', '').slice(0, 30),
    date: localDateIn(now, await zoneOf(tx, entityId)),
    inquiryNumber: inquiry.number,
    inquiryDate: inquiry.date,
    dates: [],
    references: [],
    parties: [],
    levels,
  };
}

interface AskedOrder {
  readonly number: string;
  readonly order: OrderRow | undefined;
  readonly wanted: (line: OrderLineRow) => boolean;
}

/** Element 847: the first letter says all orders (A, C) or those named (P), the second shipped (I) or unshipped (O) items. */
function partOf(detail: string): (line: OrderLineRow) => boolean {
  if (detail === 'CI' || detail === 'PI') return (line) => line.shipped > 0;
  if (detail === 'CO' || detail === 'PO') return (line) => line.shipped < line.ordered - line.cancelled;
  return () => true;
}

async function askedOrders(
  tx: Tx,
  inquiry: OrderStatusInquiry,
  customerId: string,
  usage: Usage,
): Promise<readonly AskedOrder[]> {
  const wanted = partOf(inquiry.detail);
  const named = inquiry.levels.flatMap((level) => namedOrders(level));
  if (named.length === 0) {
    const orders = (await tx('orders')
      .where({ customer_id: customerId, usage })
      .whereIn('state', [...openOrderStates])
      .orderBy('id', 'desc')
      .limit(MOST_ORDERS)) as OrderRow[];
    return orders.map((order) => ({ number: order.po_number, order, wanted }));
  }
  const asked: AskedOrder[] = [];
  for (const { number, releaseNumber, items } of named.slice(0, MOST_ORDERS)) {
    const order = (await tx('orders')
      .where({ customer_id: customerId, usage, po_number: number })
      .modify((q) => releaseNumber !== undefined && q.where({ release_number: releaseNumber }))
      .orderBy('id', 'desc')
      .first()) as OrderRow | undefined;
    asked.push({
      number,
      order,
      wanted: (line) => wanted(line) && (items.length === 0 || isAmong(line, items)),
    });
  }
  return asked;
}

type AskedItem = InquiryLevel['items'][number];
interface NamedOrder {
  readonly number: string;
  readonly releaseNumber?: string;
  readonly items: readonly AskedItem[];
}

/** Orders by PRF, or by a REF PO; the items below them are the ones that are asked for. */
function namedOrders(level: InquiryLevel): readonly NamedOrder[] {
  const number =
    level.purchaseOrder?.number ?? level.references.find(({ qualifier }) => qualifier === 'PO')?.value;
  if (number === undefined) return level.levels.flatMap((under) => namedOrders(under));
  const itemsOf = ({ items, levels }: InquiryLevel): readonly AskedItem[] => [
    ...items,
    ...levels.flatMap(itemsOf),
  ];
  const releaseNumber = level.purchaseOrder?.releaseNumber;
  return [{ number, items: itemsOf(level), ...(releaseNumber === undefined ? {} : { releaseNumber }) }];
}

function isAmong(line: OrderLineRow, items: readonly AskedItem[]): boolean {
  return items.some(
    ({ lineNumber, productIds }) =>
      (lineNumber !== undefined && lineNumber === line.buyer_line_number) ||
      productIds.some(({ qualifier, value }) =>
        line.product_ids.some((id) => id.qualifier === qualifier && id.value === value),
      ),
  );
}

/** Element 368 ID: what was said does not tell which order is meant. */
function unknownOrder(number: string): StatusLevel {
  return {
    level: 'O',
    purchaseOrder: { number },
    statuses: [{ code: 'ID', descriptions: [{ form: 'F', text: 'NO SUCH PURCHASE ORDER' }], quantities: [] }],
    contacts: [],
    dates: [],
    references: [],
    parties: [],
    items: [],
    levels: [],
  };
}

async function orderLevel(
  tx: Tx,
  order: OrderRow,
  wanted: (line: OrderLineRow) => boolean,
  now: string,
): Promise<StatusLevel> {
  const header = await answerHeader(tx, order, now);
  const shippedOn = await shippedDays(tx, order);
  const lines = (await readLines(tx, order.id)).filter(wanted);
  const none = { contacts: [], dates: [], references: [], parties: [] };
  return {
    level: 'O',
    purchaseOrder: {
      number: order.po_number,
      ...(order.release_number === null ? {} : { releaseNumber: order.release_number }),
      date: order.po_date,
    },
    // PH: on hold.
    statuses: order.state === 'held' ? [{ code: 'PH', descriptions: [], quantities: [] }] : [],
    ...none,
    references: [{ qualifier: 'VN', value: order.order_number, dates: [] }],
    parties: header.parties.map((party) => ({ ...party, references: [], contacts: [] })),
    items: [],
    levels: partsByLine(asOrdered(lines)).map((parts) => ({
      level: 'I',
      statuses: [],
      ...none,
      items: [
        {
          ...itemOf(parts),
          descriptions: parts[0].description === null ? [] : [{ form: 'F', text: parts[0].description }],
          statuses: statusesOf(parts, order, shippedOn),
        },
      ],
      levels: [],
    })),
  };
}

function itemOf(parts: readonly [OrderLineRow, ...OrderLineRow[]]) {
  const { buyerLineNumber, quantity, unit, unitPrice, priceBasisCode, productIds } = answerLineOf(...parts);
  return {
    quantity,
    unit,
    productIds,
    ...(buyerLineNumber === undefined ? {} : { buyerLineNumber }),
    ...(unitPrice === undefined ? {} : { unitPrice }),
    ...(unitPrice === undefined || priceBasisCode === undefined ? {} : { priceBasisCode }),
  };
}

/**
 * Element 368, a status for each part of the quantity: IC cancelled, CC shipped whole, PR shipped in part, IN at the
 * warehouse, AS set aside, BO back ordered.
 */
function statusesOf(
  parts: readonly [OrderLineRow, ...OrderLineRow[]],
  order: OrderRow,
  shippedOn: ReadonlyMap<string, string>,
): readonly ItemStatus[] {
  const sum = (of: (line: OrderLineRow) => number) => parts.reduce((total, line) => total + of(line), 0);
  const [{ unit, unit_factor: factor }] = parts;
  const refused = order.state === 'rejected' || order.state === 'cancelled';
  const cancelled = sum((line) =>
    refused || line.rejection_code !== null ? line.ordered - line.shipped : line.cancelled,
  );
  const [shipped, released, reserved] = [
    sum((line) => line.shipped),
    refused ? 0 : sum((line) => line.released),
    refused ? 0 : sum((line) => line.reserved),
  ];
  const waiting = sum((line) => line.ordered) - cancelled - shipped - released - reserved;
  const lastDay = parts
    .flatMap(({ id }) => shippedOn.get(id) ?? [])
    .toSorted()
    .at(-1);
  const rest = released + reserved + waiting;
  const [soon, later] = byDay(
    { rescheduled: parts.flatMap(({ rescheduled: days }) => days ?? []) },
    released,
  );
  const status = (code: string, base: number, date?: string): readonly ItemStatus[] =>
    base <= 0
      ? []
      : [
          {
            code,
            ...(date === undefined ? {} : { date }),
            descriptions: [],
            quantities: [{ qualifier: '01', quantity: fromBaseUnits(base, unit, { [unit]: factor }), unit }],
            dates: [],
            references: [],
          },
        ];
  return [
    ...status(rest === 0 ? 'CC' : 'PR', shipped, lastDay),
    ...status('IN', soon),
    ...later.flatMap(({ units, on }) => status('IN', units, on)),
    ...status('AS', reserved),
    ...status('BO', waiting, latest(parts.map((line) => line.promised_on))),
    ...status('IC', cancelled),
  ];
}

/** The day on which the last part leaves; none where one of them has no day. */
function latest(days: readonly (string | null)[]): string | undefined {
  const known = days.filter((day) => day !== null);
  return known.length < days.length ? undefined : known.toSorted().at(-1);
}

async function shippedDays(tx: Tx, order: OrderRow): Promise<ReadonlyMap<string, string>> {
  const zone = await zoneOf(tx, order.entity_id);
  const rows = (await tx('shipment_line as l')
    .join('shipment as s', 's.id', 'l.shipment_id')
    .where({ 's.order_id': order.id })
    .andWhere('l.shipped', '>', 0)
    .whereNotNull('s.shipped_at')
    .groupBy('l.order_line_id')
    .select('l.order_line_id as id', tx.raw('max(s.shipped_at) as at'))) as { id: string; at: string }[];
  return new Map(rows.map(({ id, at }) => [id, localDateIn(at, zone)]));
}

async function zoneOf(tx: Tx, entityId: string): Promise<string> {
  const row = (await tx('selling_entity').where({ id: entityId }).first('time_zone')) as {
    time_zone: string;
  };
  return row.time_zone;
}
