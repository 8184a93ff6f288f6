import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import type { ShippingPapers } from '../../domain/fulfilment/shipping-papers';
import { postalElementString } from '../../domain/fulfilment/shipping-papers';
import { isSscc } from '../../domain/fulfilment/sscc';
import { renderCartonLabels } from '../../gateway/papers/carton-labels';
import { renderPackingSlip } from '../../gateway/papers/packing-slip';
import { printable } from '../../gateway/papers/printable';
import { type ApiServer, startApi } from '../support/api-ground';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

interface Page {
  readonly inches: readonly [number, number];
  readonly text: string;
  readonly barcodes: readonly {
    readonly text: string;
    readonly symbologyIdentifier: string;
    readonly widthInches: number;
    readonly heightInches: number;
  }[];
}

/** Independent readers: what a scanner decodes from the picture of each page, and what stands there to read. */
function readPdf(pdf: Uint8Array, ...options: readonly '--text'[]): readonly Page[] {
  const script = join(__dirname, '../support/read-pdf.mjs');
  const out = execFileSync(process.execPath, [script, ...options], { input: pdf, maxBuffer: 64 << 20 });
  return JSON.parse(out.toString()) as Page[];
}

let desk: OrderDesk;
let api: ApiServer;
beforeAll(async () => {
  desk = await OrderDesk.open();
  const keys = [
    { name: 'olga', scopes: ['orders:read'], person: 'olga', roles: ['operations'] },
    { name: 'other', scopes: ['orders:read'], partner_id: 'OTHER' },
  ];
  await desk.db('partner').insert({ id: 'OTHER', name: 'Another partner' });
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  await desk.db('api_key').insert(keys.map((key) => ({ ...key, secret_hash: hash(key.name) })));
  api = await startApi(desk.db);
});
afterAll(async () => {
  await api.close();
  await desk.close();
});

const fetchPdf = async (path: string, key = 'olga') => {
  const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()), response };
};

test('a shipment’s labels scan: postal code and SSCC of every carton, each on its own page of 4 x 6 inches', async () => {
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'REF*DP*417',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*60*EA*10**BP*AC-BOLT',
    'CTT*1',
  ]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  const { id } = await desk.order('PO1');
  const shipment = await desk.db('shipment').where({ order_id: id }).first();
  const cartons = await desk
    .db('package')
    .where({ shipment_id: shipment.id, shipped: true })
    .orderBy('sequence');
  const { status, bytes, response } = await fetchPdf(`/api/v1/shipments/${shipment.id}/labels`);
  expect([status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  const pages = readPdf(bytes);
  expect(pages.map(({ inches }) => inches)).toEqual(cartons.map(() => [4, 6]));
  pages.forEach(({ barcodes, text }, place) => {
    const sscc = cartons[place].sscc as string;
    expect(isSscc(sscc)).toBe(true);
    // ]C1: Code 128 with FNC1 in front, which is what makes it GS1-128.
    expect(barcodes.map((one) => `${one.symbologyIdentifier} ${one.text}`).sort()).toEqual(
      expect.arrayContaining([`]C1 (00)${sscc}`]),
    );
    const scanned = barcodes.find((one) => one.text.includes(sscc));
    // 156 modules of at least 0.495 mm, at least 31.75 mm high (GS1 General Specifications 5.12).
    expect(scanned?.widthInches).toBeGreaterThan(((156 * 0.495) / 25.4) * 0.98);
    expect(text).toContain('PO1');
    expect(text).toContain('Dept 417');
    expect(text).toContain(`${place + 1} of ${cartons.length}`);
  });
  const slip = readPdf((await fetchPdf(`/api/v1/shipments/${shipment.id}/packing-slip`)).bytes, '--text');
  const words = slip.map(({ text }) => text).join(' ');
  for (const word of ['Packing slip', 'PO1', 'BOLT', 'AC-BOLT', ...cartons.map((one) => `(00)${one.sscc}`)])
    expect(words).toContain(word);
  // Prices are nobody's business at the dock.
  expect(words).not.toMatch(/\$|10\.00|USD/);
});

test('papers are for those whose order it is, and a cancelled shipment has none', async () => {
  const shipment = await desk.db('shipment').first('id');
  expect((await fetchPdf(`/api/v1/shipments/${shipment.id}/labels`, 'other')).status).toBe(404);
  expect((await fetchPdf('/api/v1/shipments/019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60/labels')).status).toBe(404);
  await desk.db('shipment').where({ id: shipment.id }).update({ state: 'cancelled' });
  expect((await fetchPdf(`/api/v1/shipments/${shipment.id}/packing-slip`)).status).toBe(409);
  await desk.db('shipment').where({ id: shipment.id }).update({ state: 'invoiced' });
});

test('goods that fill no carton of their own share one that the warehouse has, under one label', async () => {
  await desk
    .db('item')
    .whereIn('id', ['BOLT', 'NUT'])
    .update({ length_mm: 40, width_mm: 40, height_mm: 40, weight_grams: 100 });
  const body = { lengthMm: 200, widthMm: 200, heightMm: 200, maximumGrams: 20_000, tareGrams: 150 };
  await desk.db('rule').insert({ kind: 'carton', scope: 'S', version: 1, body: JSON.stringify(body) });
  const items = (await desk.db('item').whereIn('id', ['BOLT', 'NUT']).orderBy('id')) as {
    units_per_carton: number;
  }[];
  const [bolt, nut] = items.map((item) => item.units_per_carton) as [number, number];
  await desk.send('PO', [
    'BEG*00*SA*PO2**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    `PO1*1*${bolt + 2}*EA*10**BP*AC-BOLT`,
    'PO1*2*3*EA***VP*NUT',
    'CTT*2',
  ]);
  await desk.answer('PO2');
  const { id } = await desk.order('PO2');
  await desk.db.transaction((tx) => planShipments(tx, id, NOW));
  const shipment = await desk.db('shipment').where({ order_id: id }).first('id');
  const cartons = await desk.db('package').where({ shipment_id: shipment.id }).orderBy('sequence');
  expect(nut).toBeGreaterThan(3);
  expect(cartons.map(({ carton_type, contents }) => [carton_type, contents])).toEqual([
    [null, [{ lineNumber: 1, quantity: bolt }]],
    [
      'S',
      [
        { lineNumber: 1, quantity: 2 },
        { lineNumber: 2, quantity: 3 },
      ],
    ],
  ]);
  const [, mixed] = readPdf((await fetchPdf(`/api/v1/shipments/${shipment.id}/labels`)).bytes, '--text');
  expect(mixed?.text).toContain('MIXED: 2 items');
});

const line = (lineNumber: number) => ({
  lineNumber,
  itemId: `ITEM-${lineNumber}`,
  description: 'Łącznik śrubowy Ø 12, very long description that needs more room than there is on any label',
  buyerItem: 'B-1',
  gtin: '00614141000012',
  quantity: 7,
  unit: 'EA',
});
const papers = (more: Partial<ShippingPapers> = {}): ShippingPapers => ({
  shipmentNumber: 'SO-1-1',
  orderNumber: 'SO-1',
  purchaseOrderNumber: '4500000000000000000001',
  releaseNumber: null,
  purchaseOrderDate: '2026-03-02',
  department: null,
  vendorNumber: null,
  from: {
    name: 'East',
    address: { lines: ['1 Dock Way'], city: 'Newark', region: 'NJ', postalCode: '07101', country: 'US' },
  },
  to: {
    name: 'Zakład Główny',
    location: '0042',
    address: { lines: ['ul. Długa 5'], city: 'Łódź', postalCode: '90-001', country: 'PL' },
  },
  carrier: { scac: 'UPSN', service: 'GROUND' },
  billOfLading: 'BOL1',
  date: '2026-03-02',
  cartons: [
    {
      sscc: '006141411234567890',
      sequence: 1,
      weightGrams: 12_340,
      trackingNumber: '1Z999',
      lines: [line(1), line(2)],
      markFor: { role: 'Z7', name: 'Store', id: '0107' },
    },
  ],
  lines: [1, 2].map((number) => ({ ...line(number), ordered: 9, backordered: 2 })),
  ...more,
});

test('a label abroad carries the country with the postal code, and the store that it is marked for', async () => {
  const [page] = readPdf(await renderCartonLabels(papers()));
  expect(page?.barcodes.map(({ text }) => text).sort()).toEqual(['(00)006141411234567890', '(421)61690001']);
  for (const text of ['MIXED: 2 items', 'MARK FOR', 'Store 0107', 'Tracking 1Z999', 'B/L BOL1', '12.34 kg'])
    expect(page?.text).toContain(text);
});

test('two hundred lines make a packing slip of several pages that lose none', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => ({ ...line(i + 1), ordered: 9, backordered: 2 }));
  const pages = readPdf(await renderPackingSlip(papers({ lines })), '--text');
  const words = pages.map(({ text }) => text).join(' ');
  expect(pages.length).toBeGreaterThan(6);
  for (const one of lines) expect(words).toContain(`${one.itemId} `);
  expect(words).toContain(`page ${pages.length} of ${pages.length}`);
});

test('the postal code’s element string depends on the country', () => {
  const us = { lines: [], country: 'US' };
  const of = (to: object) => postalElementString(us, { lines: [], ...to }, (code) => ({ CA: '124' })[code]);
  expect(of({ postalCode: '60601-1234', country: 'US' })).toEqual({ ai: '420', data: '606011234' });
  expect(of({ postalCode: 'K1A 0B1', country: 'CA' })).toEqual({ ai: '421', data: '124K1A0B1' });
  expect(of({ postalCode: '123', country: 'XX' })).toBeNull();
  expect(of({ country: 'US' })).toBeNull();
});

test('what the printer’s fonts lack is written in their letters', () => {
  expect(printable('Łódź – Straße\n5 €')).toBe('Lódz – Straße 5 €');
  expect(printable('東京')).toBe('??');
});
