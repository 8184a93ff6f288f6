import fc from 'fast-check';
import { readApplicationAdvice } from '../../../edi/mapping/application-advice';
import { readCreditDebitAdjustment } from '../../../edi/mapping/credit-debit-adjustment';
import { readFunctionalAcknowledgment } from '../../../edi/mapping/functional-acknowledgment';
import { readInventoryAdvice } from '../../../edi/mapping/inventory-advice';
import type { DocumentRead } from '../../../edi/mapping/layout';
import { mapPurchaseOrder } from '../../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../../edi/mapping/purchase-order-change';
import { readRemittanceAdvice } from '../../../edi/mapping/remittance-advice';
import { readReturnAuthorization } from '../../../edi/mapping/return-authorization';
import { readStockTransferReceiptAdvice } from '../../../edi/mapping/stock-transfer-receipt-advice';
import { readStockTransferShipmentAdvice } from '../../../edi/mapping/stock-transfer-shipment-advice';
import { readWarehouseInventoryAdjustment } from '../../../edi/mapping/warehouse-inventory-adjustment';
import { readWarehouseShippingAdvice } from '../../../edi/mapping/warehouse-shipping-advice';
import { readWarehouseShippingOrder } from '../../../edi/mapping/warehouse-shipping-order';
import { readWholeDocument } from '../../../edi/mapping/whole-document';
import type { Loop, Segment, TransactionSet } from '../../../edi/x12/model';
import { readFixture } from './read-document';

const context = { usage: 'P', entityId: 'E', customerId: 'C', partnerId: 'P' } as const;

const value = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1E99',
    '999999999999999',
    '.',
    'E',
    '20261332',
    '00',
    '04',
    'TT',
    'D8',
    '>',
  ),
  fc.string({ maxLength: 12 }),
);

/** One element anywhere, replaced or added. */
const mutation = fc.record({ segment: fc.nat(), element: fc.nat({ max: 30 }), value });

function mutated(
  set: TransactionSet,
  change: { segment: number; element: number; value: string },
): TransactionSet {
  const target = 2 + (change.segment % Math.max(1, set.segmentCount - 2));
  const segment = (one: Segment): Segment => {
    if (one.position !== target) return one;
    const elements = [...one.elements];
    while (elements.length < change.element) elements.push('');
    elements[change.element] = change.value;
    // A segment that was read gives its id when it is asked: it cannot be spread.
    return { id: one.id, position: one.position, offset: one.offset, elements };
  };
  const loop = (one: Loop): Loop => ({
    id: one.id,
    segments: one.segments.map(segment),
    loops: one.loops.map(loop),
  });
  return { ...set, root: loop(set.root) };
}

function said(set: TransactionSet): Segment[] {
  const collect = (loop: Loop): Segment[] => [...loop.segments, ...loop.loops.flatMap(collect)];
  return collect(set.root);
}

/** What cannot be read as its set stays what was sent. */
const orAsSent =
  (read: (set: TransactionSet) => DocumentRead<unknown>) =>
  (set: TransactionSet): unknown => {
    const outcome = read(set);
    return outcome.kind === 'read' ? outcome.document : said(set).map(({ elements }) => elements);
  };

describe('whatever a document holds', () => {
  test.each(['850-retailer-with-allowances.edi', '850-everything-unusual.edi', '850-per-hundred-price.edi'])(
    'mapping %s with any other values never fails',
    (name) => {
      const set = readFixture(name);
      fc.assert(
        fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) => {
          mapPurchaseOrder(changes.reduce(mutated, set), context);
        }),
        { numRuns: 500 },
      );
    },
  );

  test('mapping a change with any other values never fails', () => {
    const set = readFixture('860-unusual.edi');
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) => {
        mapPurchaseOrderChange(changes.reduce(mutated, set), context);
      }),
      { numRuns: 500 },
    );
  });

  test('reading an acknowledgment with any other values never fails', () => {
    const set = readFixture('997-rejected-set.edi');
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) => {
        readFunctionalAcknowledgment(changes.reduce(mutated, set));
      }),
    );
  });

  test.each<[string, (set: TransactionSet) => unknown]>([
    ['180-return-request.edi', orAsSent(readReturnAuthorization)],
    ['812-short-delivery.edi', orAsSent(readCreditDebitAdjustment)],
    ['820-two-invoices.edi', orAsSent(readRemittanceAdvice)],
    ['824-invoice-rejected.edi', orAsSent(readApplicationAdvice)],
    ['846-stock-report.edi', readInventoryAdvice],
    ['940-planned-cartons.edi', readWarehouseShippingOrder],
    ['943-transfer.edi', readStockTransferShipmentAdvice],
    ['944-receipt.edi', readStockTransferReceiptAdvice],
    ['945-cartons.edi', readWarehouseShippingAdvice],
    ['947-adjustments.edi', readWarehouseInventoryAdjustment],
    ['945-lines-5010.edi', readWholeDocument],
  ])('reading %s with any other values never fails, and loses none of them', (name, read) => {
    const set = readFixture(name);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) => {
        const hostile = changes.reduce(mutated, set);
        const text = JSON.stringify(read(hostile));
        for (const { id, elements } of said(hostile)) {
          if (id === 'ST' || id === 'SE') continue;
          for (const element of elements) {
            // Numbers and dates are kept as what they say, components apart.
            if (!/[A-Za-z]/.test(element) || /[>:^]/.test(element) || /^-?[\d.]+E\d+$/i.test(element.trim()))
              continue;
            expect(text).toContain(JSON.stringify(element.trimEnd()).slice(1, -1));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every value of an 850 is found again in what it was mapped to', () => {
    // Codes that decide a path, counts and positions show as what they decided; everything else must be there as text.
    const decided =
      /^(BEG01|BEG02|CTT01|CTT02|CUR01|PID01|PID02|LIN01|DTM05|AMT0\d|N405|SAC\d\d|ITD\d\d|SDQ02)$/;
    for (const name of [
      '850-retailer-with-allowances.edi',
      '850-5010-distributor.edi',
      '850-drop-ship.edi',
    ]) {
      const set = readFixture(name);
      const mapped = mapPurchaseOrder(set, context);
      const text = JSON.stringify(mapped).replaceAll('-', '');
      for (const segment of said(set)) {
        segment.elements.forEach((element, index) => {
          const place = `${segment.id}${String(index + 1).padStart(2, '0')}`;
          if (element === '' || decided.test(place)) return;
          const found = text.includes(JSON.stringify(element).slice(1, -1).replaceAll('-', ''));
          expect(`${name} ${place} ${element} ${found}`).toBe(`${name} ${place} ${element} true`);
        });
      }
    }
  });
});

test('an order of ten thousand lines is mapped in well under a second', () => {
  const set = readFixture('850-plain-distributor.edi');
  const line = set.root.loops.find((loop) => loop.id === 'PO1');
  if (line === undefined) throw new Error('fixture');
  const lines = Array.from({ length: 10_000 }, () => line);
  const large = {
    ...set,
    root: { ...set.root, loops: [...set.root.loops.filter((l) => l.id !== 'PO1'), ...lines] },
  };
  const start = performance.now();
  const mapped = mapPurchaseOrder(large, context);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(mapped).toMatchObject({ kind: 'order', request: { lines: { length: 10_000 } } });
});
