import { recordLabel } from '../../application/fulfilment/label-shipment';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, recordRelease } from '../../application/fulfilment/release-shipment';
import { buildInvoicePosting, recordInvoicePosted } from '../../application/invoicing/post-invoice';
import type { Db } from '../../db/connection';
import { NOW } from './company';

/** How much of an item's released quantity leaves. */
export type ShippedOf = (itemId: string, quantity: number) => number;

/** The warehouse's side of every open shipment: releases it and ships what `shipped` says (all by default). */
export async function shipOrder(
  db: Db,
  orderId: string,
  shipped: ShippedOf = (_, quantity) => quantity,
  now = NOW,
  /** All lines of a shipment in one carton; otherwise each has one of its own. */
  oneCarton = false,
): Promise<readonly string[]> {
  const planned = await db.transaction((tx) => planShipments(tx, orderId, now));
  for (const shipmentId of planned) {
    const release = await buildRelease(db, shipmentId);
    const tracking = release.packages.map(({ sscc }, i) => [sscc, `1Z${release.releaseNumber}${i}`]);
    await db.transaction((tx) =>
      recordLabel(
        tx,
        shipmentId,
        {
          scac: 'UPSN',
          service: 'GROUND',
          trackingNumbers: Object.fromEntries(tracking),
          estimatedDelivery: '2026-03-05',
          amountMinor: 1000,
          currency: 'USD',
          reason: 'the only one asked',
          considered: [],
        },
        null,
        NOW,
      ),
    );
    await db.transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, NOW),
    );
    const lines = release.lines.map((l) => ({
      lineNumber: l.lineNumber,
      shipped: shipped(l.itemId, l.quantity),
    }));
    const contents = lines
      .filter((l) => l.shipped > 0)
      .map((l) => ({ lineNumber: l.lineNumber, quantity: l.shipped }));
    const packages = (oneCarton ? [contents] : contents.map((content) => [content])).map((own, i) => ({
      sscc: release.packages[i]?.sscc ?? '',
      weightGrams: 1000,
      contents: own,
    }));
    const body = {
      eventId: `e/${release.releaseNumber}`,
      releaseNumber: release.releaseNumber,
      nodeId: release.nodeId,
      shippedAt: '2026-03-02T16:00:00Z',
      lines,
      packages,
    };
    await db.transaction((tx) =>
      receiveCallback(
        tx,
        { counterparty: 'wms', eventId: body.eventId, kind: 'shipment.confirmed', body },
        NOW,
      ),
    );
    const { invoiceId } = await db.transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));
    if (invoiceId) await postInvoice(db, invoiceId);
  }
  return planned;
}

export async function postInvoice(db: Db, invoiceId: string): Promise<void> {
  const { invoice, posting } = await buildInvoicePosting(db, invoiceId);
  const reply = { erpDocument: `E${posting.invoiceNumber}`, postedAt: NOW };
  await db.transaction((tx) => recordInvoicePosted(tx, invoice, reply, NOW));
}
