import type { Tx } from '../../db/connection';
import type { NoticeType } from '../../domain/order/notices';
import type { PostalAddress } from '../../domain/order/order-request';
import {
  addSeconds,
  endOfLocalDay,
  type Instant,
  localDateIn,
  type TimeZone,
} from '../../domain/shared/dates';
import { tellBuyer } from '../notice/tell-buyer';
import { onClock, type StoreTaskRow } from './store-tasks';

/** A window ends with a day; midnight is read as the wrong one of two. */
function lastMoment(until: Instant, zone: TimeZone): string {
  const day = localDateIn(addSeconds(until, -1), zone);
  const endsTheDay = Date.parse(endOfLocalDay(day, zone)) === Date.parse(until);
  return endsTheDay ? `the end of ${day}` : onClock(until, zone);
}

/** Tells the buyer of a pickup how it stands, with the store's address and how long it is kept. Each once a task. */
export async function tellPickup(
  tx: Tx,
  task: StoreTaskRow,
  type: NoticeType,
  sentence: string,
  now: string,
): Promise<void> {
  const node = (await tx('node').where({ id: task.node_id }).first('name', 'address')) as {
    name: string;
    address: PostalAddress;
  };
  const { lines, city, region, postalCode } = node.address;
  const place = [node.name, ...lines, [city, region, postalCode].filter(Boolean).join(' ')].join('\n');
  const isKept = task.pickup_until !== null && (type === 'pickup.ready' || type === 'pickup.reminder');
  const kept = isKept
    ? `\nIt is kept until ${lastMoment(task.pickup_until as string, task.terms.timeZone)}. Show the pickup code of the order's page, or sign for it.`
    : '';
  await tellBuyer(
    tx,
    {
      orderId: task.order_id,
      type,
      once: `${type}/${task.id}`,
      text: `${sentence}${kept}\n\n${place}`,
      data: {
        shipmentId: task.shipment_id,
        shipmentNumber: task.release_number,
        store: { id: task.node_id, name: node.name },
        ...(isKept && { pickupUntil: task.pickup_until }),
      },
    },
    now,
  );
}
