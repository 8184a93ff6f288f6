import type {
  SupplierOrderCancellation,
  SupplierPurchaseOrder,
} from '../../../domain/fulfilment/supplier-documents';
import { mapPurchaseOrder } from '../../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../../edi/mapping/purchase-order-change';
import {
  renderSupplierOrderCancellation,
  renderSupplierPurchaseOrder,
} from '../../../edi/mapping/supplier-purchase-order';
import { judgedSet } from './judged-set';
import { draftOf, expectRight, linesOf, problemsOf, separators, versions } from './write-document';

const context = { usage: 'P', entityId: 'FORGE', customerId: 'HUB', partnerId: 'HUB' } as const;
const line = { lineNumber: 1, unit: 'EA', unitCost: '6.25', supplierItemId: 'F-ANVIL', itemId: 'ANVIL' };
const order: SupplierPurchaseOrder = {
  kind: 'supplier-purchase-order',
  number: 'SO100017-D1',
  date: '2026-03-02',
  orderNumber: 'SO100017',
  customerOrderNumber: 'PO-77',
  currency: 'USD',
  buyer: { role: 'BY', name: 'Harbor Supply', idQualifier: '91', id: 'US01' },
  shipTo: {
    role: 'ST',
    name: 'Ann Example',
    address: {
      lines: ['12 Hill Road', 'Flat 3'],
      city: 'Salem',
      region: 'OR',
      postalCode: '97301',
      country: 'US',
    },
  },
  shipNotBefore: '2026-03-04',
  deliverBy: '2026-03-10',
  lines: [
    { ...line, quantity: '10', description: 'Anvil, 20 kg' },
    {
      lineNumber: 2,
      unit: 'CA',
      unitCost: '0.041667',
      supplierItemId: 'F-NUT',
      itemId: 'NUT',
      quantity: '2.5',
      deliverBy: '2026-03-20',
    },
  ],
};
const cancellation: SupplierOrderCancellation = {
  kind: 'supplier-order-cancellation',
  number: 'SO100017-D1',
  date: '2026-03-02',
  changeNumber: '1',
  changedOn: '2026-03-03',
  currency: 'USD',
  whole: false,
  lines: [
    { ...line, cancelled: '10', left: '0' },
    { ...line, lineNumber: 2, cancelled: '2', left: '3' },
  ],
};

describe('the 850 to a supplier', () => {
  test('is what it should be to the judge and to another reader, in every version', async () => {
    await expectRight((version) => renderSupplierPurchaseOrder(order, { version }));
  });

  test.each(versions)('%s is the order that was written when the hub itself receives it', (version) => {
    const { set, findings } = judgedSet(
      draftOf(renderSupplierPurchaseOrder(order, { version })),
      version,
      separators,
    );
    expect(findings).toEqual([]);
    const mapped = mapPurchaseOrder(set, context);
    if (mapped.kind !== 'order') throw new Error(JSON.stringify(mapped));
    expect(mapped.request).toMatchObject({
      type: 'drop-ship',
      purchaseOrderNumber: order.number,
      purchaseOrderDate: order.date,
      currency: 'USD',
      references: [
        { qualifier: 'CO', value: 'SO100017' },
        { qualifier: 'PO', value: 'PO-77' },
      ],
      dates: [
        { qualifier: '010', date: '2026-03-04' },
        { qualifier: '002', date: '2026-03-10' },
      ],
      parties: [order.buyer, order.shipTo],
      unhandled: [],
    });
    expect(mapped.request.lines).toMatchObject([
      {
        buyerLineNumber: '1',
        quantity: '10',
        unit: 'EA',
        unitPrice: '6.25',
        productIds: [
          { qualifier: 'VN', value: 'F-ANVIL' },
          { qualifier: 'BP', value: 'ANVIL' },
        ],
        description: 'Anvil, 20 kg',
        dates: [],
      },
      {
        buyerLineNumber: '2',
        quantity: '2.5',
        unit: 'CA',
        unitPrice: '0.041667',
        dates: [{ qualifier: '002', date: '2026-03-20' }],
      },
    ]);
  });

  test('without a line, or with a number that its element cannot hold, is not written', () => {
    const options = { version: '004010' } as const;
    expect(problemsOf(renderSupplierPurchaseOrder({ ...order, lines: [] }, options))).toEqual([
      'PO1: there is no line to order',
    ]);
    const long = { ...order, number: 'X'.repeat(23) };
    expect(problemsOf(renderSupplierPurchaseOrder(long, options))).toEqual([
      expect.stringContaining('BEG03'),
    ]);
  });
});

describe('the 860 that takes it back', () => {
  test('is what it should be to the judge and to another reader, in every version', async () => {
    await expectRight((version) => renderSupplierOrderCancellation(cancellation, { version }));
    await expectRight((version) =>
      renderSupplierOrderCancellation({ ...cancellation, whole: true }, { version }),
    );
  });

  test.each(versions)('%s is the change that was asked for when the hub itself receives it', (version) => {
    const read = (whole: boolean) => {
      const rendered = renderSupplierOrderCancellation({ ...cancellation, whole }, { version });
      expect(linesOf(rendered)[0]).toMatch(whole ? /^BCH\*01\*DS/ : /^BCH\*04\*DS/);
      return mapPurchaseOrderChange(judgedSet(draftOf(rendered), version, separators).set, context);
    };
    expect(read(true)).toMatchObject({ kind: 'cancel', request: { purchaseOrderNumber: order.number } });
    const part = read(false);
    if (part.kind === 'nothing') throw new Error(part.reason);
    expect(part).toMatchObject({
      kind: 'change',
      request: { purchaseOrderNumber: order.number, changeNumber: '1' },
    });
    expect(part.request.lines.map(({ kinds }) => kinds)).toEqual([['delete'], ['quantity']]);
    expect(part.request.lines[1]?.line.quantity).toBe('3');
  });
});
