import type { Sweep } from './job';

const LATE_SECONDS = 60;

/**
 * What was written for an order and not taken in by its workflow: ship confirms that are stored on a shipment, changes
 * that wait. Signalled again; a signal too many does no harm.
 */
export const sweepSignals: Sweep = async ({ db, engine, log }) => {
  const { rows } = await db.raw<{ rows: { order_id: string }[] }>(
    `select distinct order_id from (
       select order_id from shipment where state = 'released' and confirm is not null
       union all
       select order_id from order_change where status = 'pending' and received_at < now() - make_interval(secs => ?)
     ) as waiting limit 200`,
    [LATE_SECONDS],
  );
  for (const { order_id } of rows) {
    await engine.signalOrder(order_id);
    log.warn(
      { orderId: order_id },
      'something written for an order was not taken in yet; it is signalled again',
    );
  }
};
