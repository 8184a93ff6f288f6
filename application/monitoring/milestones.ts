import { isOpenOrder } from '../../db/open-order-sql';
import type { DateWords } from '../../domain/order/late-words';

/** A milestone that is not reached, as a condition on the subject's row. */
interface Milestone {
  readonly open: string;
  /** For people: "not <words>". */
  readonly words: string;
}

interface MonitoredSubject {
  /** Tables with the aliases that the conditions use; `o` is the order, `e` its selling entity, `c` who buys. */
  readonly from: string;
  /** Of rows that can be late at all: what has ended is not looked at. */
  readonly alive: string;
  readonly key: string;
  readonly orderId: string;
  readonly documentId: string;
  /** What it is called in a sentence. */
  readonly name: string;
  readonly milestones: Readonly<Record<string, Milestone>>;
  /** Instants by name; null where the subject has none. */
  readonly dates: Readonly<Record<string, string>>;
  /** By date: a wider condition beside the exact one, that an index serves. */
  readonly cut: Readonly<Record<string, string>>;
}

/** What is planned only counts as released on the line, and has not been taken by its warehouse. */
const notReleased = `(l.ordered - l.cancelled > l.released + l.shipped or exists (select from shipment_line sl join shipment s on s.id = sl.shipment_id
  where sl.order_line_id = l.id and s.state = 'planned'))`;
const openOrder = isOpenOrder('o');
/** A day is over when it has ended where the order is sold from. */
const endOfDay = (day: string) => `((${day} + 1)::timestamp at time zone e.time_zone)`;
const requestedDelivery = endOfDay('o.deliver_by');
const seller = 'join selling_entity e on e.id = o.entity_id';
const ofOrder = `orders o ${seller}`;
const orderDates = {
  placed: 'o.placed_at',
  'requested-ship': 'o.ship_not_before',
  'requested-delivery': requestedDelivery,
  'cancel-after': 'o.cancel_after',
} as const;
const orderCut = {
  'requested-ship': 'o.ship_not_before <= cast(:before as timestamptz)',
  'requested-delivery': `o.deliver_by is not null and o.deliver_by <= cast(:before as timestamptz)::date + 1`,
  'cancel-after': 'o.cancel_after <= cast(:before as timestamptz)',
} as const;

/** THE table of what can be monitored: which milestones there are of what, and which dates they are measured against. */
export const monitoredSubjects = {
  order: {
    from: ofOrder,
    alive: `${openOrder} and o.type <> 'blanket'`,
    key: `'order/' || o.id`,
    orderId: 'o.id',
    documentId: 'null::uuid',
    name: `'Order ' || o.order_number`,
    milestones: {
      answered: { open: 'o.final_answer_at is null', words: 'answered' },
      'hold-resolved': { open: `o.state = 'held'`, words: 'free of holds' },
      released: {
        open: `exists (select from order_line l where l.order_id = o.id and l.rejection_code is null and ${notReleased})`,
        words: 'released completely',
      },
      shipped: {
        open: `exists (select from order_line l where l.order_id = o.id and l.rejection_code is null and l.ordered - l.cancelled > l.shipped)`,
        words: 'shipped completely',
      },
      invoiced: { open: 'true', words: 'invoiced completely' },
    },
    dates: { ...orderDates, 'answer-due': 'o.answer_due_at' },
    cut: orderCut,
  },
  line: {
    from: `${ofOrder} join order_line l on l.order_id = o.id and l.rejection_code is null`,
    alive: `${openOrder} and o.type <> 'blanket' and l.ordered - l.cancelled > l.invoiced`,
    key: `'line/' || l.id`,
    orderId: 'o.id',
    documentId: 'null::uuid',
    name: `'Line ' || l.line_number || ' of order ' || o.order_number`,
    milestones: {
      reserved: {
        open: 'l.ordered - l.cancelled > l.reserved + l.released + l.shipped',
        words: 'covered by stock',
      },
      released: {
        open: notReleased,
        words: 'released to a warehouse',
      },
      shipped: { open: 'l.ordered - l.cancelled > l.shipped', words: 'shipped' },
    },
    dates: {
      placed: 'o.placed_at',
      'requested-ship': `coalesce((l.ship_not_before)::timestamp at time zone e.time_zone, o.ship_not_before)`,
      'requested-delivery': endOfDay('coalesce(l.deliver_by, o.deliver_by)'),
      'cancel-after': 'least(l.cancel_after, o.cancel_after)',
    },
    cut: {},
  },
  shipment: {
    from: `shipment s join orders o on o.id = s.order_id ${seller}`,
    alive: `s.state in ('planned', 'released', 'shipped', 'invoiced') and s.delivered_at is null`,
    key: `'shipment/' || s.id`,
    orderId: 'o.id',
    documentId: 'null::uuid',
    name: `'Shipment ' || s.shipment_number`,
    milestones: {
      released: { open: `s.state = 'planned'`, words: 'released to the warehouse' },
      shipped: { open: `s.state in ('planned', 'released')`, words: 'shipped' },
      invoiced: { open: `s.state in ('planned', 'released', 'shipped')`, words: 'invoiced' },
      delivered: {
        // What its buyer came for is there once it has left.
        open: `(s.state in ('planned', 'released') or s.state in ('shipped', 'invoiced') and s.method <> 'pickup' and s.delivered_at is null)`,
        words: 'delivered',
      },
    },
    dates: {
      planned: 's.planned_at',
      released: 's.released_at',
      shipped: 's.shipped_at',
      'requested-delivery': endOfDay('coalesce(s.deliver_by, o.deliver_by)'),
    },
    cut: {},
  },
  'supplier-order': {
    from: `supplier_order p join orders o on o.id = p.order_id ${seller}`,
    alive: `p.state in ('sent', 'acknowledged', 'partly-shipped')`,
    key: `'supplier-order/' || p.id`,
    orderId: 'o.id',
    documentId: 'null::uuid',
    name: `'Order ' || p.number || ' at supplier ' || p.partner_id`,
    milestones: {
      answered: { open: `p.state = 'sent'`, words: 'answered by the supplier (855)' },
      shipped: {
        open: `p.state in ('sent', 'acknowledged', 'partly-shipped')`,
        words: 'shipped completely by the supplier (856)',
      },
      'cancel-answered': {
        open: `exists (select from supplier_cancel x where x.supplier_order_id = p.id and x.state = 'asked')`,
        words: 'answered as to its cancel (865)',
      },
    },
    dates: {
      ordered: 'p.ordered_at',
      'answer-due': 'p.answer_due_at',
      promised: endOfDay('p.promised_on'),
      'cancel-asked': `(select min(x.asked_at) from supplier_cancel x where x.supplier_order_id = p.id and x.state = 'asked')`,
    },
    cut: {},
  },
  hold: {
    from: `hold h join orders o on o.id = h.order_id ${seller}`,
    alive: `h.status = 'open'`,
    key: `'hold/' || h.id`,
    orderId: 'o.id',
    documentId: 'null::uuid',
    name: `'The ' || h.type || ' hold of order ' || o.order_number`,
    milestones: { resolved: { open: `h.status = 'open'`, words: 'resolved' } },
    dates: { opened: 'h.opened_at', 'hold-due': 'h.due_at', expires: 'h.expires_at' },
    cut: {},
  },
  document: {
    from: `document d join orders o on o.id = d.order_id ${seller}`,
    alive: `d.direction = 'out' and d.acknowledgement in ('expected', 'overdue')`,
    key: `'document/' || d.id`,
    orderId: 'o.id',
    documentId: 'd.id',
    name: `'The ' || d.set_id || ' of order ' || o.order_number`,
    milestones: {
      acknowledged: { open: `d.acknowledgement in ('expected', 'overdue')`, words: 'acknowledged (997)' },
    },
    dates: { written: 'd.created_at', 'ack-due': 'd.ack_due_at' },
    cut: {},
  },
} as const satisfies Record<string, MonitoredSubject>;

const happened = (verb: string): DateWords => ({
  happened: { one: `it was ${verb}`, several: `they were ${verb}` },
  happens: { one: `it is ${verb}`, several: `they are ${verb}` },
});

/** What each of their dates is called in a sentence. */
export const dateWords: Readonly<Record<DateName, DateWords>> = {
  placed: happened('placed'),
  planned: happened('planned'),
  released: happened('released'),
  shipped: happened('shipped'),
  ordered: happened('ordered'),
  opened: happened('opened'),
  written: happened('written'),
  'cancel-asked': {
    happened: { one: 'the cancel was asked for', several: 'the cancels were asked for' },
    happens: { one: 'the cancel is asked for', several: 'the cancels are asked for' },
  },
  'requested-ship': { its: 'requested ship date' },
  'requested-delivery': { its: 'requested delivery date' },
  'cancel-after': { its: 'cancel-after date' },
  'answer-due': { its: 'deadline for the answer' },
  promised: { its: 'promised date' },
  'hold-due': { its: 'deadline' },
  expires: { its: 'expiry' },
  'ack-due': { its: 'deadline for the acknowledgement' },
};

type Subjects = typeof monitoredSubjects;
type DateName = { [S in keyof Subjects]: keyof Subjects[S]['dates'] }[keyof Subjects];
export type SubjectName = keyof typeof monitoredSubjects;
export const subjectOf = (name: string): MonitoredSubject | undefined =>
  (monitoredSubjects as Readonly<Record<string, MonitoredSubject>>)[name];
