import type { ChangeAnswer, InvoiceDocument, OrderAnswer, ShipNotice } from '../../../domain/order/answers';

const header = {
  usage: 'P',
  purchaseOrderNumber: 'NB-20931',
  releaseNumber: 'R-3',
  purchaseOrderDate: '2026-11-20',
  customerId: 'C-1',
  orderNumber: 'SO-100045',
  date: '2026-11-21',
  currency: 'USD',
  references: [
    { qualifier: 'DP', value: 'PLUMBING' },
    { qualifier: 'MR', value: '1205', description: 'REPLENISHMENT' },
  ],
  parties: [
    {
      role: 'ST',
      name: 'NORTHBEND SUPPLY DC 4',
      idQualifier: '92',
      id: 'DC04',
      address: {
        lines: ['1180 Foundry Rd', 'Door 3'],
        city: 'Lima',
        region: 'OH',
        postalCode: '45801',
        country: 'US',
      },
    },
    { role: 'BT', name: 'NORTHBEND SUPPLY', idQualifier: '92', id: 'HQ' },
  ],
} as const;

const valve = {
  buyerLineNumber: '1',
  productIds: [
    { qualifier: 'VP', value: 'HX-1001' },
    { qualifier: 'BP', value: '440017' },
  ],
  quantity: '24',
  unit: 'EA',
  unitPrice: '11.45',
  priceBasisCode: 'PE',
  description: 'BALL VALVE 1/2 IN BRASS',
} as const;

/** The buyer gave this line no number, and a price per hundred. */
const bolt = {
  productIds: [{ qualifier: 'VP', value: 'M8X40' }],
  quantity: '2500',
  unit: 'EA',
  unitPrice: '3.7525',
  priceBasisCode: 'HP',
} as const;

export const orderAnswer: OrderAnswer = {
  ...header,
  kind: 'order-answer',
  acknowledgment: 'AC',
  lines: [
    {
      ...valve,
      statuses: [
        { code: 'IA', quantity: '20', date: { qualifier: '068', date: '2026-11-25' } },
        { code: 'IB', quantity: '4', date: { qualifier: '068', date: '2026-12-09' } },
      ],
    },
    { ...bolt, statuses: [{ code: 'IR', quantity: '2500' }] },
  ],
};

export const changeAnswer: ChangeAnswer = {
  ...header,
  kind: 'change-answer',
  purpose: '04',
  acknowledgment: 'AC',
  changeNumber: '001',
  changeDate: '2026-11-20',
  lines: [
    { ...valve, quantity: '36', changeCode: 'QI', statuses: [{ code: 'IA', quantity: '36' }] },
    { ...bolt, changeCode: 'DI', statuses: [{ code: 'IR', quantity: '2500' }] },
  ],
};

/** GS1's example prefix. */
export const ssccs = ['106141411234567897', '106141411928374657'] as const;

export const shipNotice: ShipNotice = {
  ...header,
  kind: 'ship-notice',
  parties: [...header.parties, { role: 'SF', name: 'SOMEBODY ELSE', idQualifier: '92', id: 'X9' }],
  shipmentNumber: 'SH-900017',
  shippedOn: '2026-11-21',
  shippedAtTime: '1505',
  estimatedDelivery: '2026-11-24',
  carrier: { scac: 'UPSN', service: 'GROUND', trackingNumber: '1Z999AA10123456784' },
  billOfLading: 'BOL-5512',
  shipFrom: {
    name: 'RENO DC',
    id: 'RNO',
    address: { lines: ['1 Depot Way'], city: 'Reno', region: 'NV', postalCode: '89502', country: 'US' },
  },
  weightGrams: 45359,
  lines: [
    { ...valve, ordered: '24', shipped: '20' },
    { ...bolt, ordered: '2500', shipped: '2500' },
  ],
  packages: [
    {
      sscc: ssccs[0],
      trackingNumber: '1Z999AA10123456784',
      weightGrams: 20000,
      contents: [
        { lineIndex: 0, quantity: '12' },
        { lineIndex: 1, quantity: '2500' },
      ],
    },
    { sscc: ssccs[1], contents: [{ lineIndex: 0, quantity: '8' }] },
  ],
};

export const invoice: InvoiceDocument = {
  ...header,
  kind: 'invoice',
  invoiceNumber: 'INV-700001',
  invoiceDate: '2026-11-22',
  shipmentNumber: 'SH-900017',
  shippedOn: '2026-11-21',
  carrier: { scac: 'UPSN', trackingNumber: '1Z999AA10123456784' },
  terms: { discountPercent: '2', discountDays: 10, netDays: 30 },
  remitTo: { role: 'RE', name: 'HUB SELLER INC', idQualifier: '91', id: 'SELL01' },
  lines: [
    { ...valve, invoiced: '20', amountMinor: 22900 },
    // 2500 x 3.7525 per hundred is 93.8125
    { ...bolt, invoiced: '2500', amountMinor: 9381 },
  ],
  adjustments: [
    { indicator: 'charge', code: 'D240', amountMinor: 1250, description: 'FREIGHT' },
    { indicator: 'allowance', code: 'C310', amountMinor: 500, description: 'PROMOTION' },
  ],
  taxMinor: 1817,
  totalMinor: 22900 + 9381 + 1250 - 500 + 1817,
};
