import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, recordRecall, recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import type { RecallOutcome } from '../../domain/fulfilment/warehouse-port';
import type { OrderRequest, OrderRequestLine } from '../../domain/order/order-request';
import { createEdiSupplier } from '../../gateway/outbound/edi-supplier';
import { line, NOW, purchaseOrder, seedCompany } from './company';
import { GatewayDoor } from './gateway-door';
import {
  type NoticeDetails,
  supplierAnswer,
  supplierBill,
  supplierInterchange,
  supplierNotice,
} from './supplier-documents';
import { readAllDrafts } from './supplier-mail';
import { setUpPartner } from './trading-partner';

/** The supplier FORGE with its agreements, its node and what it ships. */
export async function setUpSupplier(
  db: Db,
  {
    partnerId = 'FORGE',
    policy = {},
    items = { ANVIL: { sourcing: 'always' } },
  }: {
    readonly partnerId?: string;
    readonly policy?: Readonly<Record<string, unknown>>;
    readonly items?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  } = {},
): Promise<void> {
  await setUpPartner(db, { partnerId, alsoSends: ['856', '810', '865'] });
  await db('document_agreement').insert(
    ['850', '860'].map((set_id) => ({
      agreement_id: `${partnerId}-P`,
      direction: 'out',
      set_id,
      own_gs_id: 'HUBGS',
      partner_gs_id: `${partnerId}GS`,
      version: '004010',
    })),
  );
  await db('partner')
    .where({ id: partnerId })
    .update({ policy: JSON.stringify({ supplier: policy }), customer_id: null });
  const [like] = await db('node').limit(1);
  await db('node').insert({
    id: `${partnerId}-DS`,
    name: partnerId,
    address: JSON.stringify(like.address),
    time_zone: 'America/Chicago',
    counterparty: partnerId,
    rank: 50,
    supplier_partner: partnerId,
  });
  await db('item_supplier').insert(
    Object.entries(items).map(([item, more]) => ({
      item_id: item,
      node_id: `${partnerId}-DS`,
      supplier_item_id: `F-${item}`,
      unit: 'EA',
      unit_cost: '6.25',
      currency: 'USD',
      lead_days: 3,
      ...more,
    })),
  );
}

/** A hub, a supplier that ships for it, and the mail between them. */
export class SupplierStand {
  readonly door: GatewayDoor;
  #control = 0;

  private constructor(door: GatewayDoor) {
    this.door = door;
  }

  static async open(options: Parameters<typeof setUpSupplier>[1] = {}): Promise<SupplierStand> {
    const door = await GatewayDoor.open();
    const { db } = door;
    await seedCompany(db, { stock: { BOLT: { EAST: 100 }, NUT: { EAST: 1000 } } });
    await db('item').insert({ id: 'ANVIL', description: 'Anvil', base_unit: 'EA', weight_grams: 20_000 });
    await db('price').insert({ price_list_id: 'LIST', item_id: 'ANVIL', unit: 'EA', unit_price: '12.00' });
    await setUpPartner(db, { partnerId: 'ACME-EDI' });
    await setUpSupplier(db, options);
    return new SupplierStand(door);
  }

  get db(): Db {
    return this.door.db;
  }

  get port() {
    return createEdiSupplier(this.db, () => NOW);
  }

  async placed(lines: readonly OrderRequestLine[], more: Partial<OrderRequest> = {}): Promise<string> {
    const request = purchaseOrder(lines, more);
    const result = await this.db.transaction((tx) => placeOrder(tx, request, NOW));
    if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
    await this.db.transaction((tx) => answerOrder(tx, result.orderId, 'final', NOW));
    return result.orderId;
  }

  /** Every shipment that is planned now, released to where it leaves from. */
  async release(orderId: string): Promise<readonly string[]> {
    const planned = await this.db.transaction((tx) => planShipments(tx, orderId, NOW));
    for (const shipmentId of planned) {
      const release = await buildRelease(this.db, shipmentId);
      const supplier = await this.db('node').where({ id: release.nodeId }).first('supplier_partner');
      const outcome =
        supplier.supplier_partner === null
          ? ({ kind: 'accepted', warehouseReference: 'W1' } as const)
          : await this.port.release(release);
      await this.db.transaction((tx) => recordRelease(tx, shipmentId, outcome, NOW));
    }
    return planned;
  }

  async ordered(quantity: string, item = 'ANVIL', more: Partial<OrderRequest> = {}): Promise<Ordered> {
    const orderId = await this.placed([line(item, quantity, item === 'ANVIL' ? '12.00' : '10.00')], more);
    const [shipmentId = ''] = await this.release(orderId);
    const { number } = await this.db('supplier_order').where({ order_id: orderId }).first('number');
    return { orderId, shipmentId, number };
  }

  /** What waits for the supplier, as segments, set by set. */
  async mail(partnerId = 'FORGE'): Promise<readonly (readonly string[])[]> {
    return readAllDrafts(this.db, partnerId);
  }

  /** A document of the supplier, received, judged and worked. */
  async send(set: string, segments: readonly string[], partnerId = 'FORGE'): Promise<void> {
    await this.arrive(set, segments, partnerId);
    await this.door.work(partnerId);
  }

  async arrive(set: string, segments: readonly string[], partnerId = 'FORGE'): Promise<void> {
    this.#control += 1;
    await this.door.send(supplierInterchange(set, segments, this.#control, partnerId));
  }

  answer(number: string, statuses: readonly string[], acknowledgment = 'AC', quantity = '10') {
    return this.send('855', supplierAnswer(number, statuses, { acknowledgment, quantity }));
  }

  shipped(number: string, notice: string, units: number, more: NoticeDetails = {}) {
    return this.send('856', supplierNotice(number, notice, units, more));
  }

  bill(number: string, invoice: string, units: number, price = '6.25', cents = Math.round(units * 625)) {
    return this.send('810', supplierBill(number, invoice, units, price, cents));
  }

  /** What an order's workflow does when it is woken: confirms that wait are taken in. */
  async takeIn(orderId: string): Promise<void> {
    const ids = await this.db('shipment')
      .where({ order_id: orderId, state: 'released' })
      .whereNotNull('confirm')
      .orderBy('sequence')
      .pluck('id');
    for (const id of ids) await this.db.transaction((tx) => applyShipConfirm(tx, id, NOW));
  }

  async recall(shipmentId: string): Promise<RecallOutcome> {
    const { releaseNumber, nodeId } = await buildRelease(this.db, shipmentId);
    const outcome = await this.port.recall({
      idempotencyKey: `recall/${shipmentId}/1`,
      releaseNumber,
      nodeId,
    });
    await this.db.transaction((tx) => recordRecall(tx, shipmentId, outcome, NOW));
    return outcome;
  }

  async quantities(orderId: string) {
    return this.db('order_line')
      .where({ order_id: orderId })
      .orderBy('line_number')
      .select('ordered', 'cancelled', 'reserved', 'released', 'shipped');
  }

  async supplierLine(number: string) {
    return this.db('supplier_order_line as l')
      .join('supplier_order as p', 'p.id', 'l.supplier_order_id')
      .where({ 'p.number': number, 'l.line_number': 1 })
      .first('p.state', 'l.ordered', 'l.cancelled', 'l.shipped', 'l.billed');
  }

  /** Every 855 that the buyer was sent, as segments. */
  async answersSent(): Promise<readonly (readonly string[])[]> {
    return (await readAllDrafts(this.db, 'ACME-EDI')).filter(([st]) => st?.startsWith('ST*855'));
  }

  async openExceptions(): Promise<readonly string[]> {
    return this.db('exception').where({ status: 'open' }).orderBy('id').pluck('kind');
  }

  /** The sets that the order's buyer was sent or is to be sent, in their order. */
  async told(orderId: string): Promise<readonly string[]> {
    return this.db('document_request')
      .where({ order_id: orderId, partner_id: 'ACME-EDI' })
      .orderBy('id')
      .pluck('set_id');
  }
}

export interface Ordered {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly number: string;
}
