import { z } from 'zod';
import { readPickupStores } from '../../application/store/pickup-stores';
import { arriveForPickup, handOver, issuePickupCode } from '../../application/store/pickups';
import type { StoreOutcome, StoreWorker } from '../../application/store/store-tasks';
import {
  acceptTask,
  packTask,
  pickTask,
  rejectTask,
  shipTask,
} from '../../application/store/work-store-task';
import type { Db, Tx } from '../../db/connection';
import { findShipment } from '../../db/repositories/shipment-views';
import { findStoreTask, listStoreTasks, type StoreTaskViewRow } from '../../db/repositories/store-task-views';
import { parseShipmentId, parseStoreTaskId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, requirePerson, visibilityOf } from '../auth/principal';
import {
  arrival,
  arrivalBody,
  handOverBody,
  listStoreTasksQuery,
  packTaskBody,
  pickTaskBody,
  pickupCode,
  pickupStoreList,
  rejectTaskBody,
  type StoreTaskView,
  shipTaskBody,
  storeTask,
  storeTaskPage,
} from '../contract/stores';
import { decodeCursor, pageBody } from '../cursor';
import { type Call, type Endpoint, endpoint, type Reply } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { papers, printed } from './shipping-papers';

/** The store whose tasks the caller may see; null: the seller's own people see those of every store. */
function storeOf(principal: Principal): string | null {
  if (principal.nodeId !== null) return principal.nodeId;
  if (isOwnStaff(principal)) return null;
  throw forbidden('Tasks of stores are worked by the seller’s own people.');
}

const scopes = ['stores:work'] as const;
const taskId = { taskId: z.string() };

function taskView(row: StoreTaskViewRow): StoreTaskView {
  const pickedOf = (lineNumber: number) =>
    row.picked === null ? null : (row.picked.find((one) => one.lineNumber === lineNumber)?.quantity ?? 0);
  return {
    id: row.id,
    releaseNumber: row.release_number,
    shipmentId: row.shipment_id,
    orderNumber: row.order_number,
    purchaseOrderNumber: row.po_number,
    buyer: row.buyer,
    node: { id: row.node_id, name: row.node_name, timeZone: row.time_zone },
    method: row.method,
    state: row.state,
    offeredAt: row.offered_at,
    acceptBy: row.accept_by,
    acceptedBy: row.accepted_by,
    reason: row.reason,
    note: row.note,
    carrier: [row.carrier?.scac, row.carrier?.service].filter(Boolean).join(' ') || null,
    pickupUntil: row.pickup_until,
    arrivedAt: row.arrived_at,
    arrival: row.arrival,
    bringOutBy: row.bring_out_by,
    closedAt: row.closed_at,
    lines: row.lines.map((line) => ({ ...line, picked: pickedOf(line.lineNumber) })),
    cartons: [...row.cartons],
  };
}

async function taskOf(db: Db, principal: Principal, id: string): Promise<StoreTaskViewRow> {
  const row = await findStoreTask(db, parseStoreTaskId(id), storeOf(principal));
  if (!row) throw notFound('store task');
  return row;
}

const tasksList = endpoint({
  method: 'get',
  path: '/store-tasks',
  tag: 'Stores',
  summary:
    'What stores are asked to ship or hand out; open tasks as they were offered, closed ones newest first',
  scopes,
  query: listStoreTasksQuery,
  replies: { 200: { description: 'A page of tasks', schema: storeTaskPage } },
  handle: async ({ db, query, principal }) => {
    const own = storeOf(principal);
    // Another store's tasks do not exist for a store.
    if (own !== null && query.node !== undefined && query.node !== own) throw notFound('store');
    const page = await listStoreTasks(
      db,
      { nodeId: own ?? query.node ?? null, open: query.status === 'open' },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, taskView) };
  },
});

const showTask = endpoint({
  method: 'get',
  path: '/store-tasks/{taskId}',
  tag: 'Stores',
  summary: 'One task of a store',
  scopes,
  params: taskId,
  replies: { 200: { description: 'The task', schema: storeTask } },
  handle: async ({ db, params, principal }) => {
    return { status: 200, body: taskView(await taskOf(db, principal, params.taskId)) };
  },
});

/** 422 where what was said cannot be; 409 where it came too late or out of turn. */
function problemOf(outcome: Exclude<StoreOutcome, { kind: 'done' }>): Problem {
  if (outcome.kind === 'unknown') return notFound('store task');
  const { code, text } = outcome;
  const isWrong = code === 'wrong-quantity' || code === 'wrong-carton' || code === 'wrong-code';
  return isWrong
    ? new Problem(422, code, 'That cannot be', text)
    : new Problem(409, code, 'The task does not allow it', text);
}

/**
 * One step of a store's people. A refusal is committed as well, since it may have been counted (a wrong code); asked
 * again after a lost answer the step is refused as done already, and the task shows by whom.
 */
function step<B extends z.ZodType>(spec: {
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly body?: B;
  readonly work: (tx: Tx, at: StoreWorker, body: z.output<B>, now: string) => Promise<StoreOutcome>;
}): Endpoint {
  const { work, path, ...rest } = spec;
  return endpoint({
    ...rest,
    method: 'post',
    path: `/store-tasks/{taskId}/${path}`,
    tag: 'Stores',
    scopes,
    params: taskId,
    idempotency: { required: false, transaction: false },
    replies: {
      200: { description: 'The task as it is now', schema: storeTask },
      409: { description: 'It came too late, or another step is due' },
      422: { description: 'A quantity, carton or code that cannot be' },
    },
    handle: async ({ params, body, principal, deps }: Call<{ taskId: string }, unknown, z.output<B>>) => {
      const person = requirePerson(principal);
      const row = await taskOf(deps.db, principal, params.taskId);
      const at = { taskId: row.id, nodeId: storeOf(principal), person };
      const outcome = await deps.db.transaction((tx) => work(tx, at, body, deps.now()));
      if (outcome.kind !== 'done') throw problemOf(outcome);
      return { status: 200, body: taskView(await taskOf(deps.db, principal, params.taskId)) };
    },
  } as never);
}

const steps: readonly Endpoint[] = [
  step({
    path: 'accept',
    summary: 'The store will do it',
    work: (tx, at, _, now) => acceptTask(tx, at, now),
  }),
  step({
    path: 'reject',
    summary: 'The store will not do it: the order is sourced again without it; a pickup is cancelled',
    body: rejectTaskBody,
    work: (tx, at, { reason, note }, now) => rejectTask(tx, at, { reason, note: note ?? null }, now),
  }),
  step({
    path: 'pick',
    summary: 'What was on the shelf; a pickup is ready then and its buyer is told',
    body: pickTaskBody,
    work: (tx, at, { lines }, now) =>
      pickTask(
        tx,
        at,
        lines.map(({ shortReason, ...line }) => ({
          ...line,
          ...(shortReason !== undefined && { shortReason }),
        })),
        now,
      ),
  }),
  step({
    path: 'pack',
    summary: 'In its cartons, labels on',
    body: packTaskBody,
    work: (tx, at, { cartons }, now) =>
      packTask(tx, at, Object.fromEntries(cartons.map((c) => [c.sscc, c.weightGrams])), now),
  }),
  step({
    path: 'ship',
    summary: 'The carrier has it: 856 and 810 follow as from a warehouse',
    body: shipTaskBody,
    work: (tx, at, { trackingNumber }, now) => shipTask(tx, at, trackingNumber ?? null, now),
  }),
  step({
    path: 'hand-over',
    summary: 'The buyer has it, with proof',
    description: 'After five wrong codes the buyer needs a new one, or signs.',
    body: handOverBody,
    work: (tx, at, { proof, taken, rest }, now) =>
      handOver(tx, at, { proof, rest, ...(taken !== undefined && { taken }) }, now),
  }),
];

const taskPapers = papers.map(({ path, name, summary, render }) =>
  endpoint({
    method: 'get',
    path: `/store-tasks/{taskId}/${path}`,
    tag: 'Stores',
    summary,
    scopes,
    params: taskId,
    replies: {
      200: { description: 'A PDF', mediaType: 'application/pdf' },
      409: { description: 'The shipment was cancelled, or has no cartons' },
    },
    handle: async ({ db, params, principal }) => {
      const row = await taskOf(db, principal, params.taskId);
      const { shipment_id: id, shipment_state: state, shipment_number } = row;
      return printed(db, { id, state, shipment_number }, { name, render });
    },
  }),
);

/** A pickup of the caller's own orders. */
async function pickupOf(db: Db, principal: Principal, id: string): Promise<string> {
  const row = await findShipment(db, visibilityOf(principal), parseShipmentId(id));
  if (row?.method !== 'pickup') throw notFound('pickup');
  return row.id;
}

const shipmentId = { shipmentId: z.string() };

const newCode = endpoint({
  method: 'post',
  path: '/shipments/{shipmentId}/pickup-code',
  tag: 'Stores',
  summary: 'A new code for a pickup; the one before it no longer works',
  scopes: ['orders:write'],
  params: shipmentId,
  replies: {
    201: { description: 'The code', schema: pickupCode },
    409: { description: 'The pickup is over' },
  },
  handle: async ({ params, principal, deps }): Promise<Reply> => {
    const id = await pickupOf(deps.db, principal, params.shipmentId);
    const who = principal.person ?? principal.name;
    const outcome = await deps.db.transaction((tx) => issuePickupCode(tx, id, who, deps.now()));
    if (outcome.kind !== 'issued') throw problemOf(outcome);
    return { status: 201, body: { code: outcome.code }, headers: { 'Cache-Control': 'no-store' } };
  },
});

const arrive = endpoint({
  method: 'post',
  path: '/shipments/{shipmentId}/arrival',
  tag: 'Stores',
  summary: '"I am here": the store brings it out',
  scopes: ['orders:write'],
  params: shipmentId,
  body: arrivalBody,
  replies: {
    200: { description: 'The store knows', schema: arrival },
    409: { description: 'It is not ready, or over' },
  },
  handle: async ({ params, body, principal, deps }) => {
    const id = await pickupOf(deps.db, principal, params.shipmentId);
    const who = { person: principal.person ?? principal.name, where: body.where ?? null };
    const outcome = await deps.db.transaction((tx) => arriveForPickup(tx, id, who, deps.now()));
    if (outcome.kind !== 'done') throw problemOf(outcome);
    const { arrived_at: arrivedAt, bring_out_by: bringOutBy } = outcome.task;
    return { status: 200, body: { arrivedAt, bringOutBy } };
  },
});

const storesList = endpoint({
  method: 'get',
  path: '/pickup-stores',
  tag: 'Stores',
  summary: 'Stores at which buyers pick orders up',
  scopes: ['orders:read', 'orders:write'],
  replies: { 200: { description: 'The stores, by name', schema: pickupStoreList } },
  handle: async ({ db }) => {
    const stores = await readPickupStores(db);
    const items = stores.map(({ terms, ...store }) => ({
      ...store,
      openingHours: [...terms.openingHours],
      closedOn: [...terms.closedOn],
      keptDays: terms.pickupWindowDays,
    }));
    return { status: 200, body: { items } };
  },
});

export const storeEndpoints: readonly Endpoint[] = [
  storesList,
  tasksList,
  showTask,
  ...steps,
  ...taskPapers,
  newCode,
  arrive,
];
