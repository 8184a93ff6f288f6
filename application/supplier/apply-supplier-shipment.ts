import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import {
  type NoticedDeparture,
  type NoticedItem,
  readDeparture,
} from '../../domain/fulfilment/read-supplier-notice';
import type { SupplierShipNotice } from '../../domain/fulfilment/supplier-documents';
import { stillOpen } from '../../domain/fulfilment/supplier-order';
import { countOf } from '../../domain/shared/count';
import { addSeconds, instantOf } from '../../domain/shared/dates';
import { toBaseUnits } from '../../domain/shared/quantity';
import { divideShipment } from '../fulfilment/divide-shipment';
import { drawLabel } from '../fulfilment/draw-label';
import type { StoredConfirm } from '../fulfilment/ship-notice';
import { lockShipment, type ShipmentRow } from '../order/order-record';
import type { ActOnContent, Received, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { unknownOrder } from './apply-supplier-answer';
import { rematchInvoices } from './match-supplier-invoice';
import {
  type LockedSupplierOrder,
  lineNamed,
  lockSupplierOrder,
  type SupplierOrderLineRow,
  saidAs,
  setAsideSupplier,
  settleSupplierOrder,
  takeSupplierDocument,
} from './supplier-order-record';

/** An item of the notice with the line that it is, in base units. */
interface GoneItem {
  readonly line: SupplierOrderLineRow;
  readonly units: number;
  readonly packageIndex: number | null;
}

/**
 * 856 of a supplier: what left becomes a shipment of the order, from which the buyer's own 856 and invoice follow; what
 * is still to come stays a shipment of its own. A notice counts once by its number (BSN02). One that comes before the
 * answer is an answer, too. A corrected one (BSN01 05) is taken where nothing was taken under its number before, and
 * agrees where it says the same; else the goods are billed and announced by now, and a person settles what it says. Units that were cancelled there or that nobody ordered are a person's business.
 */
export const applySupplierShipment: ActOnContent<Understood<SupplierShipNotice>> = async (
  tx,
  received,
  now,
) => {
  const { document } = received.body;
  if (document.purpose !== '00' && document.purpose !== CORRECTED)
    return setAsideSupplier(
      received,
      'supplier-notice-unclear',
      `changes or withdraws ${document.number} (BSN01 ${document.purpose}): find out what has left`,
      addSeconds(now, 4 * 3600),
      { priority: 1 },
    );
  const departure = readDeparture(document);
  const [first] = departure.orders;
  if (!first || departure.problems.length > 0)
    return setAsideSupplier(
      received,
      'supplier-notice-unclear',
      `cannot be told: ${departure.problems.join('; ') || 'it names no order'}`,
      addSeconds(now, 4 * 3600),
    );
  const locked: LockedSupplierOrder[] = [];
  // Every order that it names, in one order of the locks.
  const numbers = await inLockOrder(tx, received, departure);
  for (const { number } of departure.orders)
    if (!numbers.includes(number)) return unknownOrder(received, number, now);
  for (const number of numbers) {
    const one = await lockSupplierOrder(tx, received, number);
    if (one) locked.push(one);
  }
  const read = locked.map((one) => ({ one, gone: goneItems(one, departure) }));
  const problems = read.flatMap(({ gone }) => gone.problems);
  const orderId = locked[0]?.order.id ?? '';
  if (problems.length > 0)
    return setAsideSupplier(
      received,
      'supplier-notice-unclear',
      `cannot be told: ${problems.join('; ')}`,
      addSeconds(now, 4 * 3600),
      { orderId },
    );
  const only = locked.length === 1 ? (locked[0]?.supplierOrder.id ?? null) : null;
  const said = asOriginal(received);
  const taken = await takeSupplierDocument(tx, said, 'ship-notice', document.number, only, now);
  if (taken === 'repeated') return { kind: 'done', note: `${document.number} was noted before`, orderId };
  if (taken === 'differs')
    return setAsideSupplier(
      received,
      'supplier-notice-differs',
      `says otherwise under the number ${document.number} that it gave another notice before: the first one stands. Settle with the supplier what left`,
      addSeconds(now, 4 * 3600),
      { orderId },
    );
  for (const { one, gone } of read)
    await takeDeparture(tx, received, one, gone.items, departure, document, now);
  return {
    kind: 'done',
    note: `says what left of ${numbers.join(', ')}`,
    ...(locked.length === 1 && { orderId }),
  };
};

const CORRECTED = '05';

/** A correction that says what was said before is the same notice. */
const asOriginal = (
  received: Received<Understood<SupplierShipNotice>>,
): Received<Understood<SupplierShipNotice>> => ({
  ...received,
  body: { ...received.body, document: { ...received.body.document, purpose: '00' } },
});

async function inLockOrder(
  tx: Tx,
  { partnerId, usage }: Received<unknown>,
  { orders }: NoticedDeparture,
): Promise<readonly string[]> {
  return (await tx('supplier_order')
    .where({ partner_id: partnerId, usage })
    .whereIn(
      'number',
      orders.map(({ number }) => number),
    )
    .orderBy(['order_id', 'number'])
    .pluck('number')) as string[];
}

function goneItems(
  { supplierOrder, lines }: LockedSupplierOrder,
  { orders }: NoticedDeparture,
): { readonly items: readonly GoneItem[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const items = (orders.find(({ number }) => number === supplierOrder.number)?.items ?? []).flatMap(
    (item): GoneItem[] => {
      const line = lineNamed(lines, item);
      if (!line) {
        problems.push(`${saidAs(item)} is not on ${supplierOrder.number}`);
        return [];
      }
      const units = unitsOf(item, line);
      if (units === null) {
        problems.push(
          `${item.quantity} ${item.unit} of line ${line.line_number} is no whole number of units`,
        );
        return [];
      }
      return units === 0 ? [] : [{ line, units, packageIndex: item.packageIndex }];
    },
  );
  return { items, problems };
}

function unitsOf({ quantity, unit }: NoticedItem, line: SupplierOrderLineRow): number | null {
  const factors = { [line.unit]: line.unit_factor, ...(line.unit_factor === 1 && { '': 1 }) };
  const read = toBaseUnits({ value: quantity, unit: unit === '' ? line.unit : unit }, factors);
  return read.kind === 'converted' && read.baseUnits >= 0 ? read.baseUnits : null;
}

async function takeDeparture(
  tx: Tx,
  received: Received<unknown>,
  locked: LockedSupplierOrder,
  items: readonly GoneItem[],
  departure: NoticedDeparture,
  notice: SupplierShipNotice,
  now: string,
): Promise<void> {
  const { order, supplierOrder, lines } = locked;
  const { counted, beyond } = within(lines, items);
  for (const [shipmentId, ofShipment] of Map.groupBy(counted, ({ line }) => line.shipment_id))
    await confirmPart(tx, locked, shipmentId, ofShipment, departure, notice, now);
  for (const line of lines) {
    const units = counted.reduce((sum, one) => sum + (one.line === line ? one.units : 0), 0);
    if (units > 0)
      await tx('supplier_order_line')
        .where({ supplier_order_id: supplierOrder.id, line_number: line.line_number })
        .increment('shipped', units);
  }
  await settleSupplierOrder(tx, supplierOrder.id, now);
  await rematchInvoices(tx, supplierOrder.id, now);
  if (beyond.length > 0) {
    const text = beyond
      .map(({ line, units }) => `${units} of ${line.item_id} (line ${line.line_number})`)
      .join(', ');
    await raiseException(tx, {
      kind: 'supplier-over-shipment',
      subjectKey: `${received.documentId}/${supplierOrder.number}`,
      text: `${supplierOrder.partner_id} says that ${text} of ${supplierOrder.number} left beyond what is ordered there and not cancelled (856 ${notice.number}). Nobody is billed for it: settle with the supplier and the customer`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      priority: 1,
      orderId: order.id,
      documentId: received.documentId,
    });
  }
}

/** Units up to what is still to come of each line; what is beyond it. */
function within(
  lines: readonly SupplierOrderLineRow[],
  items: readonly GoneItem[],
): { readonly counted: readonly GoneItem[]; readonly beyond: readonly GoneItem[] } {
  const room = new Map(lines.map((line) => [line, stillOpen(line)]));
  const counted: GoneItem[] = [];
  const beyond: GoneItem[] = [];
  for (const item of items) {
    const open = room.get(item.line) ?? 0;
    const units = Math.min(open, item.units);
    room.set(item.line, open - units);
    if (units > 0) counted.push({ ...item, units });
    if (units < item.units) beyond.push({ ...item, units: item.units - units });
  }
  return { counted, beyond };
}

/** The confirm of a shipment, or of the part of it that has left, which becomes a shipment of its own. */
async function confirmPart(
  tx: Tx,
  { order, supplierOrder }: LockedSupplierOrder,
  shipmentId: string,
  items: readonly GoneItem[],
  departure: NoticedDeparture,
  notice: SupplierShipNotice,
  now: string,
): Promise<void> {
  const { shipment, lines } = await lockShipment(tx, shipmentId);
  const units = new Map<string, number>();
  for (const { line, units: gone } of items)
    units.set(line.order_line_id, (units.get(line.order_line_id) ?? 0) + gone);
  const all = lines.every((line) => units.get(line.order_line_id) === line.quantity);
  const left = all
    ? { id: shipment.id, shipmentNumber: shipment.shipment_number }
    : await divideShipment(
        tx,
        order,
        shipment,
        lines,
        [...units].map(([orderLineId, quantity]) => ({ orderLineId, quantity })),
        { releasedAt: now },
      );
  if (left === null) return;
  const numbers = new Map(lines.map((line) => [line.order_line_id, line.line_number]));
  const confirm: StoredConfirm & { readonly releaseNumber: string; readonly nodeId: string } = {
    eventId: `${supplierOrder.partner_id}/856/${notice.number}`,
    releaseNumber: left.shipmentNumber,
    nodeId: shipment.node_id,
    shippedAt: await shippedAt(tx, shipment, notice, now),
    ...(departure.billOfLading !== null && { billOfLading: departure.billOfLading }),
    ...(trackingOf(departure, items) !== null && { trackingNumber: trackingOf(departure, items) as string }),
    lines: [...units].map(([id, shipped]) => ({ lineNumber: numbers.get(id) ?? 0, shipped })),
    packages: await packagesOf(tx, order.entity_id, items, departure, numbers),
  };
  await tx('shipment')
    .where({ id: left.id })
    .update({
      confirm: JSON.stringify(confirm),
      carrier: JSON.stringify({ scac: departure.scac ?? '', service: '' }),
    });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplier-shipped',
      actor: `partner:${supplierOrder.partner_id}`,
      text: `${supplierOrder.partner_id} has shipped ${countOf(
        items.reduce((sum, one) => sum + one.units, 0),
        'unit',
      )} of ${supplierOrder.number} (856 ${notice.number}) as shipment ${left.shipmentNumber}`,
      data: { supplierOrderId: supplierOrder.id, shipmentId: left.id },
    },
  ]);
  await addJob(tx, 'signal-order', { orderId: order.id }, { key: order.id });
}

const trackingOf = (departure: NoticedDeparture, items: readonly GoneItem[]): string | null =>
  departure.trackingNumber ??
  items
    .map(({ packageIndex }) =>
      packageIndex === null ? null : departure.packages[packageIndex]?.trackingNumber,
    )
    .find((number) => number !== null && number !== undefined) ??
  null;

/** DTM 011, else the notice's own day; a day without a time is its noon, and nothing leaves later than now. */
async function shippedAt(
  tx: Tx,
  shipment: ShipmentRow,
  notice: SupplierShipNotice,
  now: string,
): Promise<string> {
  const said = [...notice.dates, ...notice.levels.flatMap(({ dates }) => dates)].find(
    ({ qualifier, date }) => qualifier === '011' && date !== undefined,
  );
  const day = said?.date ?? notice.date;
  if (day === undefined) return now;
  const node = (await tx('node').where({ id: shipment.node_id }).first('time_zone')) as { time_zone: string };
  const time = said === undefined ? notice.time : said.time;
  const instant = instantOf(
    day,
    /^\d{4}/.test(time ?? '') ? (time as string).slice(0, 4) : '1200',
    node.time_zone,
  );
  return instant > now ? now : instant;
}

/**
 * Cartons as the supplier packed them. One without a label of its own that the buyer could scan, or whose label is on
 * another shipment, gets a number of the company, as what is in no named carton does: the buyer's notice names cartons.
 */
async function packagesOf(
  tx: Tx,
  entityId: string,
  items: readonly GoneItem[],
  departure: NoticedDeparture,
  lineNumbers: ReadonlyMap<string, number>,
): Promise<StoredConfirm['packages']> {
  const labels = departure.packages.flatMap((one) => one.sscc ?? []);
  const known = (await tx('package').whereIn('sscc', labels).pluck('sscc')) as string[];
  const packages: StoredConfirm['packages'] = [];
  const used = new Set(known);
  for (const [index, inside] of Map.groupBy(items, (item) => item.packageIndex)) {
    const named = index === null ? undefined : departure.packages[index];
    const label =
      named?.sscc !== null && named?.sscc !== undefined && !used.has(named.sscc)
        ? named.sscc
        : await drawLabel(tx, entityId);
    used.add(label);
    const contents = new Map<number, number>();
    for (const { line, units } of inside) {
      const number = lineNumbers.get(line.order_line_id) ?? 0;
      contents.set(number, (contents.get(number) ?? 0) + units);
    }
    const tracking = named?.trackingNumber ?? departure.trackingNumber;
    packages.push({
      sscc: label,
      ...(tracking !== null && { trackingNumber: tracking }),
      weightGrams: named?.weightGrams ?? 0,
      contents: [...contents].map(([lineNumber, quantity]) => ({ lineNumber, quantity })),
    });
  }
  return packages;
}
