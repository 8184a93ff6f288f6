import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import {
  type SupplierOrderState,
  supplierOrderState,
  supplierOrderTransitions,
} from '../../domain/fulfilment/supplier-order';
import type { Party } from '../../domain/order/order-request';
import { lockOrder, type OrderRow } from '../order/order-record';
import type { ContentOutcome, Received } from '../partner/received-content';
import { keepRescheduled } from './reschedule-lines';

/** What was agreed with a supplier that ships to the company's customers (`partner.policy.supplier`). */
export const supplierPolicySchema = z.strictObject({
  /** Within which it answers a purchase order (855). */
  answerHours: z.number().positive().max(1000).default(24),
  /** Of the agreed cost: how much more its invoice may ask before a person looks. */
  priceTolerancePercent: z
    .string()
    .regex(/^\d{1,2}(\.\d{1,4})?$/)
    .default('0'),
  /** wait: what it has to backorder stays with it until its new day; re-source: the hub looks elsewhere at once. */
  backorders: z.enum(['wait', 're-source']).default('wait'),
});
export type SupplierPolicy = z.infer<typeof supplierPolicySchema>;

export async function readSupplierPolicy(db: Db, partnerId: string): Promise<SupplierPolicy> {
  const row = await db('partner').where({ id: partnerId }).first('policy');
  return supplierPolicySchema.parse((row?.policy as { supplier?: unknown } | undefined)?.supplier ?? {});
}

export interface SupplierOrderRow {
  readonly id: string;
  readonly number: string;
  readonly order_id: string;
  readonly node_id: string;
  readonly partner_id: string;
  readonly usage: 'P' | 'T';
  readonly ship_to: Party;
  readonly currency: string;
  readonly state: SupplierOrderState;
  readonly ordered_on: string;
  readonly acknowledged_at: string | null;
  readonly promised_on: string;
  readonly changes: number;
}

/** Quantities are base units. */
export interface SupplierOrderLineRow {
  readonly supplier_order_id: string;
  readonly line_number: number;
  readonly order_line_id: string;
  readonly shipment_id: string;
  readonly item_id: string;
  readonly supplier_item_id: string;
  readonly unit: string;
  readonly unit_factor: number;
  readonly unit_cost: string;
  readonly description: string | null;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly billed: number;
  readonly promised_on: string;
  /** Another day than was reckoned with, as the buyer was told it. */
  readonly told_on: string | null;
  readonly deliver_by: string | null;
  readonly refused: boolean;
  /** Of what waits there, what it has on backorder. */
  readonly lacked_waiting: number;
}

export interface LockedSupplierOrder {
  readonly order: OrderRow;
  readonly supplierOrder: SupplierOrderRow;
  readonly lines: readonly SupplierOrderLineRow[];
}

/**
 * The supplier's order that a document of this partner names, under the lock of the customer's order: what a supplier
 * says and what the company does to the order come one after the other.
 */
export async function lockSupplierOrder(
  tx: Tx,
  { partnerId, usage }: Pick<Received<unknown>, 'partnerId' | 'usage'>,
  number: string,
): Promise<LockedSupplierOrder | null> {
  const found = (await tx('supplier_order')
    .where({ partner_id: partnerId, usage, number })
    .first('id', 'order_id')) as { id: string; order_id: string } | undefined;
  if (!found) return null;
  const order = await lockOrder(tx, found.order_id);
  return { order, ...(await readSupplierOrder(tx, found.id)) };
}

export async function readSupplierOrder(
  tx: Tx,
  id: string,
): Promise<Pick<LockedSupplierOrder, 'supplierOrder' | 'lines'>> {
  const supplierOrder = (await tx('supplier_order').where({ id }).first()) as SupplierOrderRow;
  const lines = (await tx('supplier_order_line')
    .where({ supplier_order_id: id })
    .orderBy('line_number')) as SupplierOrderLineRow[];
  return { supplierOrder, lines };
}

/** The state as its lines have it now, checked against THE table. The caller holds the customer's order. */
export async function settleSupplierOrder(
  tx: Tx,
  id: string,
  acknowledgedAt: string | null,
): Promise<SupplierOrderState> {
  const { supplierOrder, lines } = await readSupplierOrder(tx, id);
  const acknowledged = supplierOrder.acknowledged_at ?? acknowledgedAt;
  const to = supplierOrderState(lines, acknowledged !== null);
  const from = supplierOrder.state;
  if (to !== from && !(supplierOrderTransitions[from] as readonly string[]).includes(to))
    throw new Error(`supplier order ${supplierOrder.number} cannot go from ${from} to ${to}`);
  const open = lines.filter((line) => line.ordered > line.cancelled + line.shipped);
  const latest = open
    .map((line) => line.promised_on)
    .sort()
    .at(-1);
  await tx('supplier_order')
    .where({ id })
    .update({
      state: to,
      acknowledged_at: acknowledged,
      ...(latest !== undefined && { promised_on: latest }),
    });
  await keepRescheduled(tx, id);
  return to;
}

export type Taken = 'new' | 'repeated' | 'differs';

/** Notes a supplier's document by the number that the supplier gave it: it counts once, in whatever interchange it comes. */
export async function takeSupplierDocument(
  tx: Tx,
  received: Received<unknown>,
  kind: 'answer' | 'cancel-answer' | 'ship-notice',
  number: string,
  supplierOrderId: string | null,
  now: string,
): Promise<Taken> {
  const key = { partner_id: received.partnerId, usage: received.usage, kind, number };
  const hash = contentHash(received.body);
  const added = await tx('supplier_document')
    .insert({
      ...key,
      content_hash: hash,
      supplier_order_id: supplierOrderId,
      document_id: received.documentId,
      taken_at: now,
    })
    .onConflict(['partner_id', 'usage', 'kind', 'number'])
    .ignore()
    .returning('id');
  if (added.length > 0) return 'new';
  const before = await tx('supplier_document').where(key).first('content_hash');
  return before?.content_hash === hash ? 'repeated' : 'differs';
}

export const contentHash = (body: unknown): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** The line of our order that a line of a supplier's document names: by its number, else by the one item it has. */
export function lineNamed<
  Line extends Pick<SupplierOrderLineRow, 'line_number' | 'item_id' | 'supplier_item_id'>,
>(
  lines: readonly Line[],
  said: {
    readonly lineNumber?: string | undefined;
    readonly productIds: readonly { readonly value: string }[];
  },
): Line | undefined {
  const named = lines.filter(({ item_id, supplier_item_id }) =>
    said.productIds.some(({ value }) => value === item_id || value === supplier_item_id),
  );
  const byNumber = lines.find(
    (line) => String(line.line_number) === said.lineNumber?.replace(/^0+(?=\d)/, ''),
  );
  // A number that stands at another item is not ours.
  if (byNumber && (said.productIds.length === 0 || named.includes(byNumber))) return byNumber;
  return named.length === 1 ? named[0] : undefined;
}

export const saidAs = (said: {
  readonly lineNumber?: string | undefined;
  readonly productIds: readonly { readonly qualifier: string; readonly value: string }[];
}): string =>
  [
    said.lineNumber === undefined ? '' : `line ${said.lineNumber}`,
    ...said.productIds.map(({ qualifier, value }) => `${qualifier} ${value}`),
  ]
    .filter(Boolean)
    .join(' ') || 'a line without number and item';

/** For a document that nobody can act on as it is. */
export function setAsideSupplier(
  { partnerId, set }: Received<unknown>,
  kind: string,
  text: string,
  dueAt: string,
  {
    orderId,
    priority = 2,
    ownerRole = 'operations',
  }: { orderId?: string; priority?: number; ownerRole?: string } = {},
): ContentOutcome {
  return {
    kind: 'set-aside',
    exception: {
      kind,
      text: `The ${set} of ${partnerId} ${text}`,
      ownerRole,
      dueAt,
      priority,
      ...(orderId !== undefined && { orderId }),
    },
  };
}
