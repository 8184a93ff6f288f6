import type { Tx } from '../../db/connection';
import type { CarrierLabel } from '../../domain/fulfilment/carrier-port';
import { confirmFromAdvice, type ReleasedShipment } from '../../domain/fulfilment/confirm-from-advice';
import { isSameDeparture, whatLeft } from '../../domain/fulfilment/one-departure';
import type { WarehouseShippingAdvice } from '../../domain/fulfilment/warehouse-documents';
import type { ShipConfirm } from '../../domain/fulfilment/warehouse-port';
import { addSeconds } from '../../domain/shared/dates';
import type { ActOnContent, ContentOutcome, Received } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { confirmShipment } from './confirm-shipment';
import { ItemBook, setAside } from './warehouse-partner';

/**
 * 945: what left becomes the confirm of the shipment it names, as if the warehouse had reported it over REST. A
 * shipment takes one confirm: the same advice again changes nothing, another one for the same shipment is a person's
 * business, as is one for a shipment that was taken back or never released to this partner.
 */
export const applyShippingAdvice: ActOnContent<WarehouseShippingAdvice> = async (tx, received, now) => {
  const { body } = received;
  const number = body.depositorOrderNumber;
  const shipment = number === undefined ? undefined : await releasedTo(tx, received, number);
  if (!shipment)
    return unexpected(
      received,
      `${number ?? 'no shipment (W0602)'}, which the hub never released to it`,
      now,
    );
  const lines = body.groups.flatMap((group) => group.lines);
  const book = await ItemBook.of(tx, lines);
  const read = confirmFromAdvice(body, {
    shipment,
    receivedAt: received.receivedAt,
    name: (line, quantity) => book.quantityOf(line, quantity, line.unit),
  });
  if (read.kind === 'unclear') return setAside(received, 'shipping-advice-unclear', read.problems, now);
  const outcome = await confirmShipment(tx, read.confirm);
  if (outcome.kind === 'unexpected') {
    return unexpected(received, `${shipment.releaseNumber}, which ${outcome.text}`, now, outcome.orderId);
  }
  if (outcome.kind === 'already-confirmed') return comparedWithFirst(received, read.confirm, outcome, now);
  await keepCarrier(tx, shipment, body, outcome.orderId, now);
  if (read.remarks.length > 0) await remark(tx, received, read.remarks, outcome.orderId, now);
  return { kind: 'done', note: `confirms shipment ${shipment.releaseNumber}`, orderId: outcome.orderId };
};

async function releasedTo(
  tx: Tx,
  { partnerId, usage }: Received<unknown>,
  releaseNumber: string,
): Promise<(ReleasedShipment & { readonly id: string }) | undefined> {
  const shipment = (await tx('shipment')
    .join('node', 'node.id', 'shipment.node_id')
    .where({ 'shipment.shipment_number': releaseNumber, 'node.warehouse_partner': partnerId })
    .andWhere('shipment.usage', usage)
    .first('shipment.id', 'shipment.node_id', 'node.time_zone')) as
    | { id: string; node_id: string; time_zone: string }
    | undefined;
  if (!shipment) return undefined;
  const lines = (await tx('shipment_line')
    .leftJoin('item', 'item.id', 'shipment_line.item_id')
    .where({ shipment_id: shipment.id })
    .orderBy('line_number')
    .select('line_number', 'item_id', 'quantity', 'weight_grams')) as {
    line_number: number;
    item_id: string;
    quantity: number;
    weight_grams: number | null;
  }[];
  const packages = (await tx('package').where({ shipment_id: shipment.id }).orderBy('sequence')) as {
    sscc: string;
    tracking_number: string | null;
    contents: { lineNumber: number; quantity: number }[];
  }[];
  return {
    id: shipment.id,
    releaseNumber,
    nodeId: shipment.node_id,
    timeZone: shipment.time_zone,
    lines: lines.map((line) => ({
      lineNumber: line.line_number,
      itemId: line.item_id,
      quantity: line.quantity,
      unitWeightGrams: line.weight_grams ?? 0,
    })),
    packages: packages.map(({ sscc, tracking_number, contents }) => ({
      sscc,
      contents,
      ...(tracking_number === null ? {} : { trackingNumber: tracking_number }),
    })),
  };
}

function unexpected(
  received: Received<unknown>,
  what: string,
  now: string,
  orderId?: string,
): ContentOutcome {
  return {
    kind: 'set-aside',
    exception: {
      kind: 'unexpected-ship-confirm',
      text: `${received.partnerId} confirms ${what}: find out what left the warehouse`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      priority: 1,
      ...(orderId === undefined ? {} : { orderId }),
    },
  };
}

/** The first confirm stands. One that says the same is a repeat; any other has to be settled with the warehouse. */
function comparedWithFirst(
  received: Received<unknown>,
  confirm: ShipConfirm,
  { before, orderId }: { readonly before: Pick<ShipConfirm, 'lines'>; readonly orderId: string },
  now: string,
): ContentOutcome {
  const { releaseNumber } = confirm;
  if (isSameDeparture(before, confirm)) {
    return { kind: 'done', note: `shipment ${releaseNumber} was confirmed so before`, orderId };
  }
  return {
    kind: 'set-aside',
    exception: {
      kind: 'ship-confirm-differs',
      text: `${received.partnerId} confirms ${releaseNumber} a second time and differently (${whatLeft(confirm)}; before: ${whatLeft(before)}): the first confirm stands. Settle with the warehouse what left`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      priority: 2,
      orderId,
    },
  };
}

/** The warehouse may have given the goods to another carrier than was planned: the 856 names who has them. */
async function keepCarrier(
  tx: Tx,
  shipment: { readonly id: string; readonly releaseNumber: string },
  { carrier }: WarehouseShippingAdvice,
  orderId: string,
  now: string,
): Promise<void> {
  if (carrier?.scac === undefined) return;
  const row = await tx('shipment').where({ id: shipment.id }).first('carrier', 'label');
  const planned = row?.carrier as { scac?: string } | null;
  if (planned?.scac === carrier.scac) return;
  await tellUnused(tx, shipment, row?.label ?? null, { scac: carrier.scac, orderId }, now);
  const changed = { ...planned, scac: carrier.scac, service: carrier.routing ?? '' };
  await tx('shipment')
    .where({ id: shipment.id })
    .update({ carrier: JSON.stringify(changed) });
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'carrier-changed',
      actor: 'warehouse',
      text: `Shipment ${shipment.releaseNumber} left with ${carrier.scac}${planned?.scac ? `, planned was ${planned.scac}` : ''}`,
      data: { shipmentId: shipment.id },
    },
  ]);
}

/** A label that was bought of a carrier which does not have the goods: charged unless somebody has it voided. */
async function tellUnused(
  tx: Tx,
  shipment: { readonly id: string; readonly releaseNumber: string },
  label: CarrierLabel | null,
  { scac, orderId }: { readonly scac: string; readonly orderId: string },
  now: string,
): Promise<void> {
  if (label === null || label.scac === scac) return;
  await raiseException(tx, {
    kind: 'label-not-used',
    subjectKey: shipment.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    priority: 3,
    orderId,
    text: `Shipment ${shipment.releaseNumber} left with ${scac}; its label was bought at ${label.scac} (${Object.values(label.trackingNumbers).join(', ')}). Have ${label.scac} void it, or it is charged`,
  });
}

async function remark(
  tx: Tx,
  received: Received<unknown>,
  remarks: readonly string[],
  orderId: string,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'shipping-advice-remark',
    subjectKey: received.documentId,
    text: `The 945 of ${received.partnerId} was taken in, but ${remarks.join('; ')}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    priority: 4,
    documentId: received.documentId,
    orderId,
  });
}
