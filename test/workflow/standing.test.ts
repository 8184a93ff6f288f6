import type { OpenHold, OrderProgress, ShipmentProgress } from '../../domain/order/progress';
import { deadlinesOf, isOver, mayBePlanned, nothingIsWaitedFor } from '../../workflows/standing';

const NOW = '2026-11-22T12:00:00.000Z';
const LATER = '2026-11-23T12:00:00.000Z';
const now = Date.parse(NOW);

const progress = (changes: Partial<OrderProgress> = {}): OrderProgress => ({
  orderId: 'o',
  state: 'confirmed',
  version: 1,
  usage: 'P',
  fulfils: true,
  openHolds: [],
  answer: { holdAnswerAt: null, finalGiven: true },
  releaseAt: NOW,
  cancelAfter: null,
  unplannedReservation: false,
  backordered: false,
  shipments: [],
  pendingChanges: [],
  ...changes,
});
const shipment = (changes: Partial<ShipmentProgress>): ShipmentProgress => ({
  shipmentId: 's',
  nodeId: 'CHI',
  state: 'released',
  labelled: true,
  confirmReceived: false,
  recallRequested: false,
  invoiceId: null,
  invoicePosted: false,
  ...changes,
});
const hold = (changes: Partial<OpenHold> = {}): OpenHold => ({
  holdId: 'h',
  type: 'credit',
  blocks: ['answer', 'release'],
  dueAt: LATER,
  expiresAt: null,
  escalated: false,
  ...changes,
});

test('a rejected order is over only when its partner was told', () => {
  const untold = { holdAnswerAt: null, finalGiven: false };
  expect(isOver(progress({ state: 'rejected', answer: untold }))).toBe(false);
  expect(isOver(progress({ state: 'rejected' }))).toBe(true);
});

test('a completed order is over only when the ERP has its last invoice', () => {
  const invoiced = shipment({ state: 'invoiced', invoiceId: 'i' });
  expect(isOver(progress({ state: 'completed', shipments: [invoiced] }))).toBe(false);
  expect(isOver(progress({ state: 'completed', shipments: [{ ...invoiced, invoicePosted: true }] }))).toBe(
    true,
  );
});

test('what is reserved or backordered is planned from its release on, unless a hold blocks the release', () => {
  expect(mayBePlanned(progress({ unplannedReservation: true }), now)).toBe(true);
  expect(mayBePlanned(progress({ backordered: true }), now)).toBe(true);
  expect(mayBePlanned(progress(), now)).toBe(false);
  expect(mayBePlanned(progress({ unplannedReservation: true, releaseAt: LATER }), now)).toBe(false);
  expect(mayBePlanned(progress({ unplannedReservation: true, openHolds: [hold()] }), now)).toBe(false);
  expect(mayBePlanned(progress({ backordered: true, state: 'cancelled' }), now)).toBe(false);
});

test('an order with a backorder, a reservation or a hold still waits for something', () => {
  expect(nothingIsWaitedFor(progress())).toBe(true);
  expect(nothingIsWaitedFor(progress({ backordered: true }))).toBe(false);
  expect(nothingIsWaitedFor(progress({ openHolds: [hold()] }))).toBe(false);
  expect(nothingIsWaitedFor(progress({ openBlanket: true }))).toBe(false);
});

test('a held order looks again when it is due, when it expires and when its partner wants an answer', () => {
  const held = progress({
    openHolds: [hold({ expiresAt: LATER })],
    answer: { holdAnswerAt: LATER, finalGiven: false },
  });
  expect(deadlinesOf(held).map((deadline) => deadline.key.split('/')[0])).toEqual([
    'due',
    'expires',
    'hold-answer',
  ]);
  const escalated = progress({ openHolds: [hold({ escalated: true })] });
  expect(deadlinesOf(escalated)).toEqual([]);
});

test('an order whose lines leave on several days is looked at on each of them', () => {
  const later = progress({ unplannedReservation: true, releaseAt: NOW, laterReleases: [LATER] });
  expect(deadlinesOf(later).map((deadline) => deadline.key)).toEqual([`release/${NOW}`, `release/${LATER}`]);
});
