import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';

/** What a carrier tells of a package. Its news may come in any order and more than once. */
export interface TrackingNews {
  readonly trackingNumber: string;
  readonly status: 'picked-up' | 'in-transit' | 'out-for-delivery' | 'delivered' | 'exception';
  readonly occurredAt: string;
  readonly location?: string;
  readonly estimatedDelivery?: string;
}

interface PackageRow {
  readonly sscc: string;
  readonly tracking_at: string | null;
  readonly tracking_status: string | null;
}

/**
 * Keeps where a package is by the latest of its news, whatever the order in which they come; the shipment is delivered
 * when all of its packages are. Trouble on the way becomes an exception, which later news of the package closes.
 * @returns false: no package has that number
 */
export async function storeTracking(
  tx: Tx,
  news: TrackingNews,
  counterparty: string,
  now: string,
): Promise<boolean> {
  const found = (await tx('package').where({ tracking_number: news.trackingNumber }).first('shipment_id')) as
    | { shipment_id: string }
    | undefined;
  if (!found) return false;
  // The shipment before its packages, as everywhere.
  const shipment = (await tx('shipment')
    .where({ id: found.shipment_id })
    .forNoKeyUpdate()
    .first('id', 'order_id', 'shipment_number', 'delivered_at')) as {
    id: string;
    order_id: string;
    shipment_number: string;
    delivered_at: string | null;
  };
  const own = (await tx('package')
    .where({ shipment_id: shipment.id, tracking_number: news.trackingNumber })
    .forUpdate()
    .select('sscc', 'tracking_at', 'tracking_status')) as PackageRow[];
  const isNewer = own.some((row) => supersedes(news, row));
  await recordEvents(tx, [
    {
      orderId: shipment.order_id,
      at: now,
      kind: 'tracking',
      actor: `carrier:${counterparty}`,
      text: textOf(news, shipment.shipment_number, isNewer),
      data: { ...news },
      once: `tracking/${news.trackingNumber}/${news.status}/${news.occurredAt}`,
    },
  ]);
  if (!isNewer) return true;
  await tx('package')
    .where({ shipment_id: shipment.id, tracking_number: news.trackingNumber })
    .update({ tracking_status: news.status, tracking_at: news.occurredAt });
  await followTrouble(tx, news, shipment, now);
  await followDelivery(tx, news, shipment, now);
  return true;
}

/** Delivered is the end: what a carrier says to have happened later of it is a late scan. */
function supersedes(news: TrackingNews, row: PackageRow): boolean {
  if (row.tracking_status === 'delivered') return false;
  if (row.tracking_at === null || news.status === 'delivered') return true;
  return Date.parse(news.occurredAt) > Date.parse(row.tracking_at);
}

function textOf(
  { trackingNumber, status, location }: TrackingNews,
  shipment: string,
  isNewer: boolean,
): string {
  const where = location === undefined ? '' : ` (${location})`;
  return `${trackingNumber} of shipment ${shipment}: ${status}${where}${isNewer ? '' : ', known to be further already'}`;
}

async function followTrouble(
  tx: Tx,
  news: TrackingNews,
  shipment: { readonly order_id: string; readonly shipment_number: string },
  now: string,
): Promise<void> {
  const { trackingNumber, location } = news;
  if (news.status !== 'exception') {
    await clearException(tx, 'carrier-trouble', trackingNumber, `The carrier says: ${news.status}`, now);
    return;
  }
  await raiseException(tx, {
    kind: 'carrier-trouble',
    subjectKey: trackingNumber,
    ownerRole: 'customer-service',
    dueAt: addSeconds(now, 86_400),
    text: `The carrier reports trouble with package ${trackingNumber} of shipment ${shipment.shipment_number}${location === undefined ? '' : ` in ${location}`}: ask the carrier, and tell the buyer`,
    orderId: shipment.order_id,
    data: { ...news },
  });
}

async function followDelivery(
  tx: Tx,
  news: TrackingNews,
  shipment: {
    readonly id: string;
    readonly order_id: string;
    readonly shipment_number: string;
    readonly delivered_at: string | null;
  },
  now: string,
): Promise<void> {
  if (news.estimatedDelivery !== undefined)
    await tx('shipment').where({ id: shipment.id }).update({ estimated_delivery: news.estimatedDelivery });
  if (news.status !== 'delivered' || shipment.delivered_at !== null) return;
  // Packages that stayed behind (a short pick) were never handed to the carrier.
  const { rows } = await tx.raw<{ rows: { open: number; last: string }[] }>(
    `select count(*) filter (where tracking_status is distinct from 'delivered')::int as open, max(tracking_at) as last
     from package where shipment_id = ? and (shipped or not exists (select 1 from package p where p.shipment_id = ? and p.shipped))`,
    [shipment.id, shipment.id],
  );
  const [count] = rows;
  if (count === undefined || count.open > 0) return;
  await tx('shipment').where({ id: shipment.id }).update({ delivered_at: count.last });
  await recordEvents(tx, [
    {
      orderId: shipment.order_id,
      at: now,
      kind: 'delivered',
      actor: 'hub',
      text: `Shipment ${shipment.shipment_number} is delivered`,
      data: { shipmentId: shipment.id, deliveredAt: count.last },
      once: `delivered/${shipment.id}`,
    },
  ]);
}
