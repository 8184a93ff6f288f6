import { priceUnplaced, type UnplacedPrices } from '../../application/order/price-unplaced';
import { parseUnplacedRequest, readBuyer } from '../../application/order/unplaced-order';
import type { Db, Tx } from '../../db/connection';
import { findUnplaced, type UnplacedViewRow } from '../../db/repositories/unplaced-views';
import type { Visibility } from '../../db/repositories/visibility';
import type { OrderRequest } from '../../domain/order/order-request';
import { type UnplacedType, unplacedTransitions } from '../../domain/order/order-types';
import { localDateIn } from '../../domain/shared/dates';
import type { UnplacedSummaryView, UnplacedView } from '../contract/unplaced';
import { moneyOf } from './money';

/** Past its last moment it is expired, also while nobody has written that down. */
const stateAt = (row: UnplacedViewRow, now: string) =>
  isAlive(row.state) && row.expires_at <= now ? 'expired' : row.state;
const isAlive = (state: string) =>
  (unplacedTransitions as Readonly<Record<string, readonly string[]>>)[state]?.length !== 0;
const mayConvert = (state: string) =>
  (unplacedTransitions as Readonly<Record<string, readonly string[]>>)[state]?.includes('converted') ?? false;

export function unplacedSummaryView(row: UnplacedViewRow, now: string): UnplacedSummaryView {
  const state = stateAt(row, now);
  return {
    id: row.id,
    number: row.number,
    type: row.type,
    state,
    version: row.version,
    customer: { id: row.customer_id, name: row.customer_name },
    usage: row.usage,
    purchaseOrderNumber: row.po_number === '' ? null : row.po_number,
    lineCount: row.line_count,
    total: row.total_minor === null ? null : moneyOf(row.total_minor, row.currency),
    expiresAt: row.expires_at,
    orderId: row.order_id,
    orderNumber: row.order_number,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    canConvert: mayConvert(state) && row.line_count > 0,
  };
}

const nothing: UnplacedPrices = { lines: [], subtotalMinor: 0, chargesMinor: 0, taxMinor: 0, totalMinor: 0 };

/** Quoted prices where there are some; otherwise what an order would cost now. */
async function pricesOf(
  db: Db,
  row: { customer_id: string; quoted: unknown; type: UnplacedType },
  request: OrderRequest,
  now: string,
) {
  if (row.quoted !== null) return row.quoted as UnplacedPrices;
  const found = await readBuyer(db as Tx, row.customer_id);
  if (found === null) return nothing;
  const today = localDateIn(now, found.customer.entity_time_zone);
  const quoted = row.type === 'quote' ? new Map<number, string>() : undefined;
  return priceUnplaced(db, request, found.customer, found.policy, today, quoted);
}

export async function readUnplacedView(
  db: Db,
  visible: Visibility,
  type: 'draft' | 'quote',
  id: string,
  now: string,
): Promise<UnplacedView | undefined> {
  const row = await findUnplaced(db, visible, type, id);
  if (!row) return undefined;
  const request = parseUnplacedRequest(row.request);
  const prices = await pricesOf(db, row, request, now);
  const money = (amountMinor: number) => moneyOf(amountMinor, row.currency);
  return {
    ...unplacedSummaryView(row, now),
    total: money(prices.totalMinor),
    deliverBy: request.dates.find((date) => date.qualifier === '002')?.date ?? null,
    notes: [...request.notes],
    lines: prices.lines.map((line) => {
      const asked = request.lines[line.lineNumber - 1];
      return {
        lineNumber: line.lineNumber,
        buyerLineNumber: asked?.buyerLineNumber ?? null,
        itemId: line.itemId,
        item: asked?.productIds[0]?.value ?? null,
        description: line.description,
        quantity: line.quantity,
        unit: line.unit,
        unitPrice: line.unitPrice,
        amount: money(line.amountMinor),
        explanation: line.explanation,
        rejection: line.rejection,
        concerns: [...line.concerns],
      };
    }),
    subtotal: money(prices.subtotalMinor),
    chargesTotal: money(prices.chargesMinor),
    tax: money(prices.taxMinor),
    history: [...row.history],
  };
}
