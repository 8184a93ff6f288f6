import { readInventoryAdvice, renderInventoryAdvice } from '../../../edi/mapping/inventory-advice';
import type { Rendered, RenderingOptions } from '../../../edi/mapping/rendering';
import {
  readStockTransferReceiptAdvice,
  renderStockTransferReceiptAdvice,
} from '../../../edi/mapping/stock-transfer-receipt-advice';
import {
  readStockTransferShipmentAdvice,
  renderStockTransferShipmentAdvice,
} from '../../../edi/mapping/stock-transfer-shipment-advice';
import {
  readWarehouseInventoryAdjustment,
  renderWarehouseInventoryAdjustment,
} from '../../../edi/mapping/warehouse-inventory-adjustment';
import {
  readWarehouseShippingAdvice,
  renderWarehouseShippingAdvice,
} from '../../../edi/mapping/warehouse-shipping-advice';
import {
  readWarehouseShippingOrder,
  renderWarehouseShippingOrder,
} from '../../../edi/mapping/warehouse-shipping-order';
import type { TransactionSet } from '../../../edi/x12/model';
import { fixtureBytes, readDocument } from './read-document';
import { linesOf, problemsOf } from './write-document';

function sent(name: string): TransactionSet {
  const { set, findings } = readDocument(fixtureBytes(name));
  expect(findings).toEqual([]);
  return set;
}

/** The segments of a fixture as they were sent, ST and SE left out. */
function segmentsOf(set: TransactionSet): string[] {
  const found: { position: number; text: string }[] = [];
  const walk = (loop: TransactionSet['root']) => {
    for (const { id, elements, position } of loop.segments) {
      if (id !== 'ST' && id !== 'SE')
        found.push({ position, text: [id, ...elements].join('*').replace(/\*+$/, '') });
    }
    loop.loops.forEach(walk);
  };
  walk(set.root);
  return found.sort((a, b) => a.position - b.position).map(({ text }) => text);
}

const inVersion = (set: TransactionSet): RenderingOptions => ({
  version: set.version.startsWith('005010') ? '005010' : '004010',
});

describe('documents of a warehouse', () => {
  test.each<[string, (set: TransactionSet) => Rendered]>([
    [
      '940-planned-cartons.edi',
      (set) => renderWarehouseShippingOrder(readWarehouseShippingOrder(set), inVersion(set)),
    ],
    [
      '943-transfer.edi',
      (set) => renderStockTransferShipmentAdvice(readStockTransferShipmentAdvice(set), inVersion(set)),
    ],
    [
      '944-receipt.edi',
      (set) => renderStockTransferReceiptAdvice(readStockTransferReceiptAdvice(set), inVersion(set)),
    ],
    [
      '945-cartons.edi',
      (set) => renderWarehouseShippingAdvice(readWarehouseShippingAdvice(set), inVersion(set)),
    ],
    [
      '945-lines-5010.edi',
      (set) => renderWarehouseShippingAdvice(readWarehouseShippingAdvice(set), inVersion(set)),
    ],
    [
      '947-adjustments.edi',
      (set) => renderWarehouseInventoryAdjustment(readWarehouseInventoryAdjustment(set), inVersion(set)),
    ],
    ['846-stock-report.edi', (set) => renderInventoryAdvice(readInventoryAdvice(set), inVersion(set))],
  ])('%s is written again segment for segment as it was sent', (name, again) => {
    const set = sent(name);
    expect(linesOf(again(set))).toEqual(segmentsOf(set));
  });

  test('a 945 tells by carton what left: labels, lots, tracking numbers, and what did not', () => {
    const advice = readWarehouseShippingAdvice(sent('945-cartons.edi'));
    expect(advice).toMatchObject({
      depositorOrderNumber: 'SH100001',
      shippedOn: '2026-11-22',
      shipmentNumber: 'ND-88121',
      purchaseOrderNumber: 'PO9001',
      references: [
        { qualifier: 'BM', value: 'BOL000451' },
        { qualifier: 'CN', value: '1Z999AA10123456784' },
      ],
      dates: [{ qualifier: '11', date: '2026-11-22', timeQualifier: '8', time: '1430' }],
      carrier: { scac: 'SLOW', payment: 'PP', equipmentCode: 'TL', equipmentNumber: 'TR4471' },
      totals: { units: '3', weight: '21', weightUnit: 'LB' },
    });
    expect(advice.groups[0]).toMatchObject({
      marks: [{ qualifier: 'GM', value: '00095212340000000013' }],
      lines: [{ status: 'CC', ordered: '2', shipped: '2', unit: 'EA', lotNumber: 'LOT77', weight: '14' }],
    });
    expect(advice.groups[1]).toMatchObject({
      marks: [{ qualifier: 'GM' }, { qualifier: 'CP', value: '1Z999AA10123456784' }],
      lines: [
        {
          productIds: [
            { qualifier: 'VN', value: 'L-6001' },
            { qualifier: 'UP', value: '614141000012' },
          ],
          references: [
            { qualifier: 'LI', value: '1' },
            { qualifier: 'LT', value: 'LOT78' },
          ],
        },
      ],
    });
    expect(advice.groups[2]?.lines[0]).toMatchObject({ shipped: '0', changeReason: '02' });
  });

  test('what a document has no field for is kept with the place where it stood', () => {
    expect(readWarehouseShippingAdvice(sent('945-cartons.edi')).beyond).toEqual([
      { at: { segment: 14, segmentId: 'W10' }, segment: ['W10', '01', '6'] },
    ]);
    const receipt = readStockTransferReceiptAdvice(sent('944-receipt.edi'));
    expect(receipt.beyond).toMatchObject([{ segment: ['W18', '01', '22'] }]);
  });

  test('a 944 tells what came, in which lot, and what of it is damaged or missing', () => {
    const receipt = readStockTransferReceiptAdvice(sent('944-receipt.edi'));
    expect(receipt).toMatchObject({
      receiptNumber: 'R0098123',
      depositorOrderNumber: 'ASN55012',
      shipmentNumber: 'SHP-4411',
    });
    expect(receipt.lines).toMatchObject([
      {
        received: '24',
        unit: 'EA',
        lotNumber: 'LOT901',
        packing: [{ pack: '6', size: '1.5', sizeUnit: 'LT' }],
        exceptions: [
          {
            quantity: '2',
            condition: '01',
            damageReason: 'CD',
            references: [{ qualifier: 'PK', value: '4' }],
          },
        ],
      },
      { received: '10', unit: 'CA', exceptions: [{ quantity: '1', condition: '02' }] },
    ]);
  });

  test('a 947 tells what was corrected, up or down, and why', () => {
    const { adjustmentNumber, lines } = readWarehouseInventoryAdjustment(sent('947-adjustments.edi'));
    expect(adjustmentNumber).toBe('ADJ-5512');
    expect(lines.map(({ reason, quantity }) => [reason, quantity])).toEqual([
      ['AA', '-3'],
      ['07', '2'],
      ['05', '5'],
      ['55', '1'],
    ]);
  });

  test('an 846 tells per item what is there, on hold and on its way', () => {
    const { items, parties } = readInventoryAdvice(sent('846-stock-report.edi'));
    expect(parties).toMatchObject([{ role: 'WH', id: 'WEST' }]);
    expect(items[0]?.quantities).toMatchObject([
      { qualifier: '17', quantity: '31' },
      { qualifier: 'QH', quantity: '2' },
      { qualifier: '63', quantity: '48', dates: [{ qualifier: '018', date: '2026-12-01' }] },
    ]);
  });

  test('a number that the element cannot hold is refused, not cut', () => {
    const order = readWarehouseShippingOrder(sent('940-planned-cartons.edi'));
    const rendered = renderWarehouseShippingOrder(
      { ...order, depositorOrderNumber: 'X'.repeat(23) },
      { version: '004010' },
    );
    expect(problemsOf(rendered)).toEqual([`W0502: "${'X'.repeat(23)}" is not 1 to 22 characters long`]);
  });

  test('a note loses the separators of the agreement and letters outside the character set, not the document', () => {
    const order = readWarehouseShippingOrder(sent('940-planned-cartons.edi'));
    const rendered = renderWarehouseShippingOrder(
      { ...order, notes: [{ code: 'WHI', text: 'STACK 2*2 ~ MAX \u20ac 5' }] },
      { version: '004010', separators: { element: '*', component: '>', repetition: null, segment: '~' } },
    );
    expect(linesOf(rendered)).toContain('NTE*WHI*STACK 2 2   MAX ? 5');
  });
});
