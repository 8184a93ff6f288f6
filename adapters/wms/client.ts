import type {
  RecallOutcome,
  ReleaseOutcome,
  WarehousePort,
  WarehouseRelease,
} from '../../domain/fulfilment/warehouse-port';
import { callJson, type Endpoint, lookUpJson } from '../json-call';
import { type ReleaseState, recallReply, releaseReply, releaseState } from './contract';

/** A warehouse system over its REST interface; one system may serve several nodes. */
export function createWarehouseClient(endpoint: Endpoint): WarehousePort {
  return {
    release: (release) => sendRelease(endpoint, release),
    recall: (request) => recall(endpoint, request),
  };
}

async function sendRelease(endpoint: Endpoint, release: WarehouseRelease): Promise<ReleaseOutcome> {
  if (endpoint.idempotency === 'lookup') {
    const there = await findRelease(endpoint, release.releaseNumber);
    if (there) return outcomeOf(there);
  }
  const { idempotencyKey, ...body } = release;
  const reply = await callJson({
    system: 'warehouse',
    endpoint,
    method: 'POST',
    path: '/releases',
    body,
    idempotencyKey,
    reply: releaseReply,
  });
  return reply.status === 'accepted'
    ? { kind: 'accepted', warehouseReference: reply.warehouseReference }
    : { kind: 'refused', reason: reply.reason };
}

function findRelease(endpoint: Endpoint, releaseNumber: string): Promise<ReleaseState | undefined> {
  return lookUpJson({
    system: 'warehouse',
    endpoint,
    method: 'GET',
    path: pathOf(releaseNumber),
    reply: releaseState,
  });
}

function outcomeOf(state: ReleaseState): ReleaseOutcome {
  return state.stage === 'refused'
    ? { kind: 'refused', reason: state.reason ?? 'the warehouse refused it' }
    : { kind: 'accepted', warehouseReference: state.warehouseReference };
}

async function recall(
  endpoint: Endpoint,
  request: { readonly idempotencyKey: string; readonly releaseNumber: string; readonly nodeId: string },
): Promise<RecallOutcome> {
  if (endpoint.idempotency === 'lookup') {
    const there = await findRelease(endpoint, request.releaseNumber);
    // A release that never arrived needs no recall, and a recall that was done is not done again.
    if (!there || there.stage === 'recalled') return { kind: 'recalled' };
  }
  const reply = await callJson({
    system: 'warehouse',
    endpoint,
    method: 'POST',
    path: `${pathOf(request.releaseNumber)}/recall`,
    body: { nodeId: request.nodeId },
    idempotencyKey: request.idempotencyKey,
    reply: recallReply,
  });
  return reply.status === 'recalled' ? { kind: 'recalled' } : { kind: 'too-late', reason: reply.reason };
}

function pathOf(releaseNumber: string): string {
  return `/releases/${encodeURIComponent(releaseNumber)}`;
}
