import type { Db, Tx } from '../../db/connection';
import { afterOpenMinutes } from '../../domain/fulfilment/opening-hours';
import { isOpenTask } from '../../domain/fulfilment/store-task';
import type {
  RecallOutcome,
  ReleaseOutcome,
  WarehousePort,
  WarehouseRelease,
} from '../../domain/fulfilment/warehouse-port';
import type { Instant } from '../../domain/shared/dates';
import { storeTermsRule } from '../rules/store-terms';
import { moveTask, onClock, type StoreTaskRow, tellTask, wakeOrder } from './store-tasks';

/**
 * A store behind the same port as any warehouse: a release is an offer in the record, which its people accept or reject
 * (`work-store-task`). It is taken as soon as it is offered; what the store makes of it comes later, as a ship confirm
 * or as a refusal that has the order sourced again.
 */
export function createStoreWarehouse(
  db: Db,
  clock: () => Instant = () => new Date().toISOString(),
): WarehousePort {
  return {
    release: (release) => db.transaction((tx) => offerToStore(tx, release, clock())),
    recall: ({ releaseNumber }) => db.transaction((tx) => recallFromStore(tx, releaseNumber, clock())),
  };
}

interface OfferFacts {
  readonly shipment_id: string;
  readonly order_id: string;
  readonly state: string;
  readonly method: 'ship' | 'pickup';
  readonly time_zone: string;
  /** The store's own terms, else everyone's. */
  readonly terms: { readonly version: number; readonly body: unknown } | null;
}

/** A task a shipment, however often it is offered; one that was taken back meanwhile is not. */
export async function offerToStore(tx: Tx, release: WarehouseRelease, now: Instant): Promise<ReleaseOutcome> {
  const { rows } = await tx.raw<{ rows: OfferFacts[] }>(
    `select s.id as shipment_id, s.order_id, s.state, s.method, n.time_zone,
       (select to_json(t) from (select distinct on (scope) scope, version, body, withdrawn from rule
         where kind = 'store-terms' and scope in ('*', n.id) and valid_from <= now()
         order by scope, version desc) t where not withdrawn order by scope = '*' limit 1) as terms
     from shipment s join node n on n.id = s.node_id where s.shipment_number = ? and s.node_id = ?`,
    [release.releaseNumber, release.nodeId],
  );
  const [facts] = rows;
  if (!facts) throw new Error(`there is no shipment ${release.releaseNumber} at ${release.nodeId}`);
  if (facts.state === 'cancelled')
    return { kind: 'refused', reason: 'the shipment was taken back meanwhile' };
  const terms = storeTermsRule.body.parse(facts.terms?.body ?? {});
  const hours = { open: terms.openingHours, closedOn: terms.closedOn };
  const acceptBy = afterOpenMinutes(now, terms.acceptWithinMinutes, hours, facts.time_zone);
  const [task] = (await tx('store_task')
    .insert({
      shipment_id: facts.shipment_id,
      order_id: facts.order_id,
      release_number: release.releaseNumber,
      node_id: release.nodeId,
      method: facts.method,
      terms: JSON.stringify({ ...terms, version: facts.terms?.version ?? 0, timeZone: facts.time_zone }),
      offered_at: now,
      accept_by: acceptBy,
      next_at: acceptBy,
    })
    .onConflict('shipment_id')
    .ignore()
    .returning('*')) as StoreTaskRow[];
  if (task) {
    const what = task.method === 'pickup' ? 'to be picked up' : 'to ship';
    const text = `${task.release_number} is offered to ${task.node_id} ${what}: to be accepted by ${onClock(acceptBy, facts.time_zone)}`;
    await tellTask(tx, task, { kind: 'store-offered', actor: 'hub', text, data: { acceptBy } }, now);
    // There is a time to wait for now.
    await wakeOrder(tx, task);
  }
  return { kind: 'accepted', warehouseReference: `store task ${release.releaseNumber}` };
}

/** What the carrier or the buyer does not have yet can be taken back; what was picked goes back on the shelf. */
export async function recallFromStore(tx: Tx, releaseNumber: string, now: Instant): Promise<RecallOutcome> {
  const task = (await tx('store_task').where({ release_number: releaseNumber }).forUpdate().first()) as
    | StoreTaskRow
    | undefined;
  if (!task) return { kind: 'recalled' };
  if (isOpenTask(task.state)) {
    await moveTask(tx, task, 'recalled', { closed_at: now, closed_by: 'hub', next_at: null });
    const text = `${task.node_id} is told to stop ${releaseNumber}: what was picked goes back on the shelf`;
    await tellTask(tx, task, { kind: 'store-recalled', actor: 'hub', text }, now);
    return { kind: 'recalled' };
  }
  if (task.state === 'shipped') return { kind: 'too-late', reason: 'the carrier has it' };
  if (task.state === 'handed-over') return { kind: 'too-late', reason: 'the buyer has it' };
  return { kind: 'recalled' };
}

/** Who works a release: the company's warehouse system, a trading partner by EDI, or a store's people. */
export async function workerOfRelease(
  db: Db,
  { nodeId, releaseNumber }: { readonly nodeId: string; readonly releaseNumber: string },
): Promise<'rest' | 'edi' | 'store' | 'supplier'> {
  const { rows } = await db.raw<{
    rows: {
      partner: string | null;
      supplier: string | null;
      kind: string | null;
      method: string | null;
      offered: boolean;
    }[];
  }>(
    `select n.warehouse_partner as partner, n.supplier_partner as supplier, s.method, exists (select from store_task t where t.shipment_id = s.id) as offered,
       (select case when not r.withdrawn then r.body ->> 'kind' end from rule r where r.kind = 'sourcing-node' and r.scope = n.id
         and r.valid_from <= now() order by r.version desc limit 1) as kind
     from node n left join shipment s on s.shipment_number = ? and s.node_id = n.id where n.id = ?`,
    [releaseNumber, nodeId],
  );
  const [row] = rows;
  if (row?.offered || row?.method === 'pickup' || row?.kind === 'store') return 'store';
  if (row?.supplier) return 'supplier';
  return row?.partner ? 'edi' : 'rest';
}
