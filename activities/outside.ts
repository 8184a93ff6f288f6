import { activityInfo } from '@temporalio/activity';
import { recordReceivables } from '../application/credit/record-receivables';
import { readLabelRequest } from '../application/fulfilment/build-label-request';
import { recordLabel } from '../application/fulfilment/label-shipment';
import {
  buildRelease,
  readRelease,
  recordRecall,
  recordRelease,
} from '../application/fulfilment/release-shipment';
import { buildInvoicePosting, recordInvoicePosted } from '../application/invoicing/post-invoice';
import { clearException } from '../application/record/raise-exception';
import type { Db } from '../db/connection';
import type { CarrierPort } from '../domain/fulfilment/carrier-port';
import type { WarehousePort } from '../domain/fulfilment/warehouse-port';
import type { ErpPort } from '../domain/invoicing/erp-port';
import type { OutsideActivities } from '../workflows/contracts/outside-activities';
import { asFailure } from './failure';
import { callOutside } from './outside-call';
import { progressForWorkflow } from './progress-for-workflow';

export interface Outside {
  readonly erp: ErpPort;
  readonly warehouse: WarehousePort;
  readonly carrier: CarrierPort;
}

export function createOutsideActivities(
  db: Db,
  outside: Outside,
  ownQueues: readonly string[] = [],
): OutsideActivities {
  const activities: OutsideActivities = {
    buyLabel: (orderId, shipmentId) => buyLabel(db, outside.carrier, orderId, shipmentId),
    releaseToWarehouse: (orderId, shipmentId) =>
      releaseToWarehouse(db, outside.warehouse, orderId, shipmentId),
    recallFromWarehouse: (orderId, shipmentId) =>
      recallFromWarehouse(db, outside.warehouse, orderId, shipmentId),
    postInvoice: async (orderId, invoiceId) => {
      await postInvoice(db, outside.erp, orderId, invoiceId);
      return progressForWorkflow(db, orderId, ownQueues);
    },
    refreshReceivables: (orderId) => refreshReceivables(db, outside.erp, orderId),
  };
  return activities;
}

/** The workflow's id and the step: with a number behind it, the key of a call. */
const stepKey = (step: string) => `${activityInfo().workflowExecution?.workflowId ?? 'none'}/${step}`;

async function buyLabel(db: Db, carrier: CarrierPort, orderId: string, shipmentId: string): Promise<void> {
  const { asked, isWanted } = await readLabelRequest(db, shipmentId);
  if (!isWanted) return;
  const step = `label/${shipmentId}`;
  const key = `${stepKey(step)}/1`;
  const request = { ...asked, idempotencyKey: key };
  await callOutside(db, {
    key,
    step,
    counterparty: 'carrier',
    operation: 'buy-label',
    orderId,
    request,
    ask: () => carrier.buyLabel(request),
    record: (tx, { reply, now, together }) =>
      recordLabel(tx, shipmentId, reply, request.routing, now, together),
  });
}

async function releaseToWarehouse(db: Db, warehouse: WarehousePort, orderId: string, shipmentId: string) {
  const step = `release/${shipmentId}`;
  const { release, state, round } = await readRelease(db, shipmentId, stepKey(step));
  if (state === 'cancelled') return { kind: 'not-wanted' } as const;
  if (state !== 'planned') return { kind: 'accepted' } as const;
  const key = `${stepKey(step)}/${round}`;
  const request = { ...release, idempotencyKey: key };
  const outcome = await callOutside(db, {
    key,
    step,
    counterparty: `warehouse/${request.nodeId}`,
    operation: 'release',
    orderId,
    request,
    ask: () => warehouse.release(request),
    record: async (tx, { reply, now, together }) => {
      await recordRelease(tx, shipmentId, reply, now, together);
      if (round > 1 && reply.kind === 'accepted') {
        await clearException(
          tx,
          'warehouse-refused',
          shipmentId,
          'The warehouse has accepted it after all',
          now,
        );
      }
    },
  });
  return outcome.kind === 'accepted' ? { kind: outcome.kind } : outcome;
}

async function recallFromWarehouse(db: Db, warehouse: WarehousePort, orderId: string, shipmentId: string) {
  const step = `recall/${shipmentId}`;
  const key = `${stepKey(step)}/1`;
  const { releaseNumber, nodeId } = await buildRelease(db, shipmentId);
  const request = { idempotencyKey: key, releaseNumber, nodeId };
  return callOutside(db, {
    key,
    step,
    counterparty: `warehouse/${nodeId}`,
    operation: 'recall',
    orderId,
    request,
    ask: () => warehouse.recall(request),
    record: (tx, { reply, now, together }) => recordRecall(tx, shipmentId, reply, now, together),
  });
}

async function postInvoice(db: Db, erp: ErpPort, orderId: string, invoiceId: string): Promise<void> {
  const step = `invoice/${invoiceId}`;
  const key = `${stepKey(step)}/1`;
  const { posting, invoice } = await buildInvoicePosting(db, invoiceId);
  const request = { ...posting, idempotencyKey: key };
  await callOutside(db, {
    key,
    step,
    counterparty: 'erp',
    operation: 'post-invoice',
    orderId,
    request,
    ask: () => erp.postInvoice(request),
    record: (tx, { reply, now, together }) => recordInvoicePosted(tx, invoice, reply, now, together),
  });
}

/** Only read, so without a key: the newest answer is the right one. */
async function refreshReceivables(db: Db, erp: ErpPort, orderId: string): Promise<void> {
  const order = (await db('orders').where({ id: orderId }).first('credit_account_id')) as
    | { credit_account_id: string }
    | undefined;
  if (!order) return;
  try {
    const snapshot = await erp.receivables(order.credit_account_id);
    await db.transaction((tx) => recordReceivables(tx, snapshot, new Date().toISOString()));
  } catch (error) {
    throw asFailure(error);
  }
}
