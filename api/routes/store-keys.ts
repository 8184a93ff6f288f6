import { giveStoreKey, readStores, revokeStoreKey } from '../../application/store/store-keys';
import type { Tx } from '../../db/connection';
import { findStoreKey, listStoreKeys, type StoreKeyRow } from '../../db/repositories/store-key-views';
import { type Principal, requireOwnStaff, requirePerson } from '../auth/principal';
import { recordId } from '../contract/common';
import {
  giveStoreKeyBody,
  listStoreKeysQuery,
  revokeStoreKeyBody,
  type StoreKeyView,
  storeKey,
  storeKeyGiven,
  storeKeyPage,
  storeList,
} from '../contract/store-keys';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { notFound, Problem } from '../problems';

const whose = "Keys of stores are given by the seller's own people.";

function requireAdministrator(principal: Principal): string {
  requireOwnStaff(principal, whose);
  return requirePerson(principal);
}

const keyView = (row: StoreKeyRow): StoreKeyView => ({
  id: row.id,
  name: row.name,
  person: row.person,
  node: { id: row.node_id, name: row.node_name },
  works: row.works,
  givenAt: row.created_at,
  givenBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  revokedBy: row.revoked_by,
  reason: row.revoke_reason,
});

const stores = endpoint({
  method: 'get',
  path: '/stores',
  tag: 'Stores',
  summary: 'The open stores, whose people can be given keys',
  scopes: ['partners:write'],
  replies: { 200: { description: 'The stores by name', schema: storeList } },
  handle: async ({ db, principal }) => {
    requireOwnStaff(principal, whose);
    return { status: 200, body: { items: await readStores(db) } };
  },
});

const keys = endpoint({
  method: 'get',
  path: '/store-keys',
  tag: 'Stores',
  summary: "Keys of stores' people, the newest first: who gave them, who revoked them and why",
  scopes: ['partners:write'],
  query: listStoreKeysQuery,
  replies: { 200: { description: 'A page of keys, without their secrets', schema: storeKeyPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, whose);
    const page = await listStoreKeys(
      db,
      { works: query.works === 'true', ...(query.node !== undefined && { nodeId: query.node }) },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, keyView) };
  },
});

const giveKey = endpoint({
  method: 'post',
  path: '/store-keys',
  tag: 'Stores',
  summary: 'Give a person of a store a key, which works the tasks of that store and nothing else',
  description: 'The key is shown this once; keys that the person has stay valid.',
  scopes: ['partners:write'],
  body: giveStoreKeyBody,
  // No Idempotency-Key: a kept reply would keep the key.
  replies: {
    201: { description: 'The key', schema: storeKeyGiven },
    422: { description: 'The node is no open store' },
  },
  handle: async ({ db, body, principal, deps }) => {
    const by = requireAdministrator(principal);
    const { node, ...rest } = body;
    return db.transaction(async (tx) => {
      const given = await giveStoreKey(tx, { nodeId: node, ...rest }, by, deps.now());
      if (given.kind === 'refused')
        throw new Problem(422, 'no-store', 'No key was given', `${given.text}.`, {
          errors: [{ pointer: '/node', code: 'no-store', detail: given.text }],
        });
      const row = (await findStoreKey(tx, given.id)) as StoreKeyRow;
      return { status: 201, body: { ...keyView(row), key: given.key } };
    });
  },
});

const revokeKey = endpoint({
  method: 'post',
  path: '/store-keys/{keyId}/revocations',
  tag: 'Stores',
  summary: 'Revoke a key of a store for good',
  description: 'Sessions that were opened with it end, and the key itself stops, within five seconds.',
  scopes: ['partners:write'],
  params: { keyId: recordId },
  body: revokeStoreKeyBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'It is revoked', schema: storeKey },
    409: { description: 'It was before' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const by = requireAdministrator(principal);
    if (!(await findStoreKey(db, params.keyId))) throw notFound('key of a store');
    const revoked = await revokeStoreKey(db as Tx, params.keyId, body.reason, by, deps.now());
    const row = (await findStoreKey(db, params.keyId)) as StoreKeyRow;
    if (!revoked)
      throw new Problem(
        409,
        'already-revoked',
        'It was revoked before',
        `${row.revoked_by ?? 'Somebody'} has revoked this key already.`,
      );
    return { status: 200, body: keyView(row) };
  },
});

export const storeKeyEndpoints: readonly Endpoint[] = [stores, keys, giveKey, revokeKey];
