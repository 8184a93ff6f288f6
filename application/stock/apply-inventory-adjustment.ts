import type { Tx } from '../../db/connection';
import type {
  AdjustmentLine,
  WarehouseInventoryAdjustment,
} from '../../domain/fulfilment/warehouse-documents';
import { addSeconds } from '../../domain/shared/dates';
import {
  contentHash,
  directionOf,
  ItemBook,
  nodeOfDocument,
  readWarehousePolicy,
  setAside,
  takeOnce,
  type WarehousePolicy,
} from '../fulfilment/warehouse-partner';
import type { ActOnContent, Received } from '../partner/received-content';
import { raiseException } from '../record/raise-exception';
import { moveStock, type Shortfall, type StockMove } from './move-stock';

/**
 * 947: levels go up or down by what a warehouse counted, damaged or found, with its reason, once for each of its
 * adjustment numbers. What orders were promised stays: somebody hears how much of it is said to be gone.
 */
export const applyInventoryAdjustment: ActOnContent<WarehouseInventoryAdjustment> = async (
  tx,
  received,
  now,
) => {
  const { body } = received;
  const node = await nodeOfDocument(tx, received.partnerId, body.parties, ['WH', 'ST', 'SF']);
  if ('problem' in node) return setAside(received, 'adjustment-not-taken', [node.problem], now);
  const policy = await readWarehousePolicy(tx, received.partnerId);
  const lines = await readLines(tx, body.lines, policy);
  const problems = lines.flatMap((line) => ('problem' in line ? [line.problem] : []));
  if (body.purpose !== undefined && body.purpose !== '00')
    problems.push(`there is no rule for an adjustment of purpose ${body.purpose} (W1504)`);
  if (body.lines.length === 0) problems.push('it has no line (W19)');
  if (problems.length > 0) return setAside(received, 'adjustment-not-taken', problems, now);
  // 4010 asks for both numbers or none: without one only the content itself can tell a repeat.
  const number = body.adjustmentNumber ?? body.depositorAdjustmentNumber;
  const event = {
    kind: '947',
    number: `${node.id}/${number ?? contentHash(body).slice(0, 32)}`,
    nodeId: node.id,
    saidAt: null,
  };
  const taken = await takeOnce(tx, received, event, now);
  if (taken.kind === 'repeated' && number !== undefined)
    return { kind: 'done', note: `adjustment ${number} was taken in before` };
  if (taken.kind !== 'first') {
    const what =
      number === undefined
        ? 'it has no number, and the same'
        : `adjustment ${number}, but with other content,`;
    return setAside(received, 'adjustment-differs', [`${what} was taken in before`], now);
  }
  const readable = lines.flatMap((line) => ('problem' in line ? [] : [line]));
  const shortfalls = await moveStock(tx, movesOf(readable, received, event.number, node.id), now);
  if (shortfalls.length > 0) await tellShortfalls(tx, received, node.id, shortfalls, now);
  return { kind: 'done', note: `adjustment ${number ?? 'without a number'} changed stock at ${node.id}` };
};

interface ReadAdjustmentLine {
  readonly itemId: string;
  readonly quantity: number;
  readonly reason: string;
  readonly index: number;
}

async function readLines(
  tx: Tx,
  lines: readonly AdjustmentLine[],
  policy: WarehousePolicy,
): Promise<readonly (ReadAdjustmentLine | { readonly problem: string })[]> {
  const book = await ItemBook.of(tx, lines);
  return lines.map((line, index) => {
    const said = book.quantityOf(line, line.quantity, line.unit);
    if ('problem' in said) return { problem: `line ${index + 1}: ${said.problem}` };
    const direction = directionOf(policy, line.reason);
    const size = Math.abs(said.baseUnits);
    const quantity =
      direction === 'signed' ? said.baseUnits : direction === 'in' ? size : direction === 'out' ? -size : 0;
    return { itemId: said.itemId, quantity, reason: line.reason, index };
  });
}

/** One movement for each line, with its reason; what goes up first, so that a line may take what another brings. */
function movesOf(
  lines: readonly ReadAdjustmentLine[],
  { partnerId, usage }: Received<unknown>,
  number: string,
  nodeId: string,
): readonly StockMove[] {
  return lines
    .toSorted((a, b) => b.quantity - a.quantity)
    .map(({ itemId, quantity, reason, index }) => ({
      itemId,
      nodeId,
      usage,
      quantity,
      reason: `adjusted-${reason}`,
      reference: `947/${partnerId}/${number}/${index + 1}`,
    }));
}

async function tellShortfalls(
  tx: Tx,
  received: Received<unknown>,
  nodeId: string,
  shortfalls: readonly Shortfall[],
  now: string,
): Promise<void> {
  const text = shortfalls.map(({ move, missing }) => `${missing} of ${move.itemId}`).join(', ');
  await raiseException(tx, {
    kind: 'promised-stock-gone',
    subjectKey: received.documentId,
    text: `${received.partnerId} takes more off the stock of ${nodeId} than is free, by ${text}. The level was lowered to what is reserved for orders, no further; have it counted, and re-source the orders if it is gone`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    priority: 2,
    documentId: received.documentId,
    data: { shortfalls: shortfalls.map(({ move, missing }) => ({ itemId: move.itemId, nodeId, missing })) },
  });
}
