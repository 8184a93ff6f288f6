import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import { addSeconds } from '../../domain/shared/dates';
import { coverShortfall } from '../backorder/cover-shortfall';
import { lockForCover } from '../backorder/lock-for-cover';
import { billShipped, issueInvoice } from '../invoicing/issue-invoice';
import { retotal } from '../order/give-up-lines';
import {
  ACTIVE,
  addShipmentMove,
  lockShipment,
  moveShipment,
  type OrderLineRow,
  type OrderRow,
  readLines,
  type ShipmentLineRow,
  type ShipmentRow,
  saveOrder,
} from '../order/order-record';
import { tellChangedPromise } from '../order/report-order-status';
import { settleState } from '../order/settle-state';
import { inWholeUnits, tellLooseUnits } from '../order/whole-units';
import { addEvents, recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { lockStock } from '../stock/take-stock';
import { keepBackNotTaken, wantsShipNotice } from '../store/pickup-departure';
import { asPacked } from './carton-contents';
import { claimLabels } from './claim-labels';
import {
  addShipNotice,
  confirmSchema,
  readShippingFacts,
  type ShippedLine,
  type StoredConfirm,
} from './ship-notice';

/**
 * What the warehouse says has left becomes the record, in one transaction: stock goes down, lines are shipped, short
 * picks are sourced again or backordered, the 856 and the invoice with its 810 are written. Asking again returns the
 * invoice that is there.
 * @returns null where nothing left at all
 */
export async function applyShipConfirm(
  tx: Tx,
  shipmentId: string,
  now: string,
): Promise<{ readonly invoiceId: string | null }> {
  const { shipment, ...found } = await lockShipment(tx, shipmentId);
  if (shipment.state !== 'released' || shipment.confirm === null) {
    const invoice = (await tx('invoice').where({ shipment_id: shipmentId }).orderBy('part').first('id')) as
      | { id: string }
      | undefined;
    return { invoiceId: invoice?.id ?? null };
  }
  const { order, lines } =
    shipment.method === 'pickup' ? await keepBackNotTaken(tx, shipment, found, now) : found;
  const before = await readLines(tx, order.id);
  const { confirm: said, loose } = inWholeUnits(confirmSchema.parse(shipment.confirm), before);
  await tellLooseUnits(tx, shipment, loose, now);
  const facts = await readShippingFacts(tx, order, shipment);
  const packed = await asPacked(tx, order, { shipment, lines }, said, now);
  const confirm = await claimLabels(tx, order, shipment, facts, packed, now);
  const together = new WriteTogether();
  const own = facts.node.supplier_partner === null;
  const shipped = await addShippedLines(tx, together, order, shipment, lines, confirm, own, now);
  addPackages(tx, together, shipment, facts.lastPackage, confirm);
  const anythingLeft = shipped.some((line) => line.shipped > 0);
  const to = anythingLeft ? 'shipped' : 'cancelled';
  addDeparture(tx, together, order, shipment, confirm, to, now);
  const short = shipped.filter((line) => line.short > 0);
  let current = order;
  let after: readonly OrderLineRow[] = before.map((line) => withShipped(line, shipped));
  if (short.length > 0) {
    await together.run(tx);
    current = await coverShortPicks(tx, order, shipment, short, now);
    after = await readLines(tx, order.id);
  }
  const departure = {
    tx,
    order: current,
    shipment,
    shipped,
    lines: after,
    facts,
    shippedAt: confirm.shippedAt,
  };
  if (anythingLeft && (await wantsShipNotice(tx, order, shipment)))
    await addShipNotice(together, departure, confirm, now);
  const billed = anythingLeft ? await billShipped(departure, now) : null;
  // Of a bundle that is not whole yet nothing is billed: that is for the shipment which completes it.
  const incomplete = billed !== null && billed.gone.length === 0;
  const settled = anythingLeft && (order.without_invoice || incomplete);
  const invoiced = settled ? null : billed;
  if (settled) {
    await together.run(tx);
    await settleWithoutInvoice(tx, order, shipment, now, incomplete);
  }
  await settleState(
    tx,
    current,
    invoiced ? { invoiced_minor: current.invoiced_minor + invoiced.bill.totalMinor } : {},
    now,
    settled ? {} : { together, lines: after, moved: { shipmentId, to } },
  );
  // What was promised no longer holds: the partner hears it line by line.
  if (short.length > 0 && order.final_answer_at !== null) await tellChangedPromise(tx, order.id, now);
  return { invoiceId: invoiced && (await issueInvoice(tx, current, shipment, invoiced, now)) };
}

function withShipped(line: OrderLineRow, shipped: readonly ShippedLine[]): OrderLineRow {
  const gone = shipped.find((row) => row.order_line_id === line.id);
  if (!gone) return line;
  return {
    ...line,
    released: line.released - gone.quantity,
    shipped: line.shipped + gone.shipped,
    invoiced: line.invoiced + gone.shipped,
  };
}

function addDeparture(
  tx: Tx,
  together: WriteTogether,
  order: OrderRow,
  shipment: ShipmentRow,
  confirm: StoredConfirm,
  to: 'shipped' | 'cancelled',
  now: string,
): void {
  if (to === 'cancelled') {
    addShipmentMove(tx, together, shipment, to);
    if (shipment.label !== null)
      together.job('void-label', [{ payload: { shipmentId: shipment.id }, key: shipment.id }]);
    return;
  }
  addShipmentMove(tx, together, shipment, to, {
    shipped_at: confirm.shippedAt,
    bill_of_lading: confirm.billOfLading ?? null,
    ...(confirm.trackingNumber !== undefined && { tracking_number: confirm.trackingNumber }),
  });
  addEvents(together, [
    {
      orderId: order.id,
      at: now,
      kind: 'shipped',
      actor: `warehouse:${shipment.node_id}`,
      text:
        shipment.method === 'pickup'
          ? `${shipment.shipment_number} was picked up at ${shipment.node_id}`
          : `Shipment ${shipment.shipment_number} has left ${shipment.node_id}`,
      data: { shipmentId: shipment.id },
    },
  ]);
}

/** A sample that is given away, or components of bundles that are not whole: nobody is billed, and nothing is posted. */
async function settleWithoutInvoice(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  now: string,
  incomplete: boolean,
): Promise<void> {
  await moveShipment(tx, { ...shipment, state: 'shipped' }, 'invoiced');
  const why = incomplete
    ? 'completes no bundle: it is billed with what does'
    : 'is a sample that is given away: there is no invoice';
  const text = `Shipment ${shipment.shipment_number} ${why}`;
  await recordEvents(tx, [{ orderId: order.id, at: now, kind: 'not-invoiced', actor: 'hub', text }]);
}

/** The one ship confirm that waits for its order, if there is just one: of several each has a step of its own. */
export async function takeInLoneConfirm(tx: Tx, orderId: string, now: string): Promise<void> {
  const waiting = (await tx('shipment')
    .where({ order_id: orderId })
    .whereRaw(`state = 'released' and confirm is not null`)
    .limit(2, { skipBinding: true })
    .select('id')) as { id: string }[];
  const [only] = waiting;
  if (only && waiting.length === 1) await applyShipConfirm(tx, only.id, now);
}

async function addShippedLines(
  tx: Tx,
  together: WriteTogether,
  order: OrderRow,
  shipment: ShipmentRow,
  lines: readonly ShipmentLineRow[],
  confirm: StoredConfirm,
  /** Of the company's own stock; a supplier's goods never were in it. */
  own: boolean,
  now: string,
): Promise<readonly ShippedLine[]> {
  const results = lines.map((line) => {
    const said = confirm.lines.find((c) => c.lineNumber === line.line_number);
    const shipped = Math.max(0, Math.min(line.quantity, said?.shipped ?? 0));
    const short = line.quantity - shipped;
    return { said, row: { ...line, shipped, short } };
  });
  if (results.some(({ row }) => row.short > 0)) await lockForCover(tx, order);
  else
    await lockStock(
      tx,
      lines.map((line) => line.item_id),
      order.usage,
    );
  for (const { said, row } of results) {
    if ((said?.shipped ?? 0) > row.quantity)
      await raiseOverShipment(tx, order, shipment, row, said?.shipped ?? 0, now);
  }
  await raiseForeignLines(tx, shipment, lines, confirm, now);
  addTakenUnits(
    together,
    order,
    shipment,
    results.map(({ said, row }) => ({
      order_line_id: row.order_line_id,
      item_id: row.item_id,
      quantity: row.quantity,
      shipped: row.shipped,
      short_reason: row.short > 0 ? (said?.shortReason ?? 'not confirmed') : null,
      reference: `${shipment.shipment_number}/${row.line_number}`,
    })),
    own,
    now,
  );
  together.query(
    tx('reservation')
      .where({ order_id: order.id, shipment_id: shipment.id })
      .whereRaw(ACTIVE)
      .update({ status: 'consumed', updated_at: now }),
  );
  return results.map(({ row }) => row);
}

/**
 * All lines in one statement, however many there are. What was picked short is not where the record thought it was: the
 * level goes down with it, until it is counted.
 */
function addTakenUnits(
  together: WriteTogether,
  order: OrderRow,
  shipment: ShipmentRow,
  lines: readonly Readonly<Record<string, unknown>>[],
  own: boolean,
  now: string,
): void {
  const json = JSON.stringify(lines);
  const recordset = `jsonb_to_recordset(cast(? as jsonb))
    as l(order_line_id uuid, item_id text, quantity bigint, shipped bigint, short_reason text, reference text)`;
  together
    .add(
      `update shipment_line s set shipped = l.shipped, short_reason = l.short_reason from ${recordset}
       where s.shipment_id = cast(? as uuid) and s.order_line_id = l.order_line_id`,
      [json, shipment.id],
    )
    .add(
      `update order_line o set released = o.released - l.quantity, shipped = o.shipped + l.shipped, invoiced = o.invoiced + l.shipped
       from ${recordset} where o.order_id = ? and o.id = l.order_line_id`,
      [json, order.id],
    );
  if (!own) return;
  together
    .add(
      `update stock k set reserved = k.reserved - t.quantity, on_hand = k.on_hand - t.quantity
       from (select item_id, sum(quantity)::bigint as quantity from ${recordset} group by item_id) t
       where k.item_id = t.item_id and k.node_id = ? and k.usage = ?`,
      [json, shipment.node_id, order.usage],
    )
    .add(
      `insert into stock_movement (item_id, node_id, usage, at, reference, quantity, reason)
       select item_id, ?, ?, cast(? as timestamptz), reference, -gone, reason
       from ${recordset} cross join lateral (values (shipped, 'shipped'), (quantity - shipped, 'short-pick')) as m(gone, reason)
       where gone > 0`,
      [shipment.node_id, order.usage, now, json],
    );
}

async function raiseOverShipment(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  line: ShipmentLineRow,
  said: number,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'over-shipment',
    subjectKey: `${shipment.id}/${line.line_number}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 14_400),
    orderId: order.id,
    priority: 2,
    text: `Warehouse ${shipment.node_id} confirms ${said} of ${line.item_id} on ${shipment.shipment_number}, ${line.quantity} were released: ${line.quantity} are invoiced. Settle the rest with the warehouse and the buyer`,
  });
}

/** Units of lines that this shipment does not have: they are neither announced nor invoiced. */
async function raiseForeignLines(
  tx: Tx,
  shipment: ShipmentRow,
  lines: readonly ShipmentLineRow[],
  confirm: StoredConfirm,
  now: string,
): Promise<void> {
  for (const { lineNumber, shipped } of confirm.lines) {
    if (shipped <= 0 || lines.some((line) => line.line_number === lineNumber)) continue;
    await raiseException(tx, {
      kind: 'over-shipment',
      subjectKey: `${shipment.id}/${lineNumber}`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 14_400),
      orderId: shipment.order_id,
      priority: 2,
      text: `Warehouse ${shipment.node_id} confirms ${shipped} of line ${lineNumber} on ${shipment.shipment_number}, which has no such line: nobody is billed for them. Settle them with the warehouse and the buyer`,
    });
  }
}

function addPackages(
  tx: Tx,
  together: WriteTogether,
  shipment: ShipmentRow,
  last: number,
  confirm: StoredConfirm,
): void {
  const packed = [...new Map(confirm.packages.map((one) => [one.sscc, one])).values()];
  if (packed.length === 0) return;
  together.query(
    tx('package')
      .insert(
        packed.map((one, i) => ({
          sscc: one.sscc,
          shipment_id: shipment.id,
          sequence: last + i + 1,
          tracking_number: one.trackingNumber ?? null,
          weight_grams: one.weightGrams,
          contents: JSON.stringify(one.contents),
          shipped: true,
        })),
      )
      .onConflict('sscc')
      .merge({
        weight_grams: tx.raw('excluded.weight_grams'),
        contents: tx.raw('excluded.contents'),
        shipped: true,
        tracking_number: tx.raw('coalesce(excluded.tracking_number, package.tracking_number)'),
      }),
  );
}

/** Short picks look for other nodes first; what nobody has waits, or is cancelled where the buyer takes no backorders. */
async function coverShortPicks(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  short: readonly ShippedLine[],
  now: string,
): Promise<OrderRow> {
  const lineIds = short.map((line) => line.order_line_id);
  const { order: current } = await coverShortfall(tx, order, lineIds, { begun: true }, now);
  const text = short.map((line) => `${line.short} of ${line.item_id}`).join(', ');
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'short-pick',
      actor: `warehouse:${shipment.node_id}`,
      text: `Picked short on ${shipment.shipment_number}: ${text}`,
      data: { shipmentId: shipment.id },
    },
  ]);
  await raiseException(tx, {
    kind: 'short-pick',
    subjectKey: shipment.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    orderId: order.id,
    priority: 4,
    text: `${shipment.node_id} picked short on ${shipment.shipment_number} (${text}): the level was lowered by that much; have it counted`,
  });
  return saveOrder(tx, current, await retotal(tx, current), now);
}
