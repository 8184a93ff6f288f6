import type { Tx } from '../../db/connection';
import { conditionText, keptFromSale } from '../../domain/fulfilment/warehouse-codes';
import type { ReceiptLine, StockTransferReceiptAdvice } from '../../domain/fulfilment/warehouse-documents';
import { addSeconds } from '../../domain/shared/dates';
import { ItemBook, nodeOfDocument, setAside, takeOnce } from '../fulfilment/warehouse-partner';
import type { ActOnContent, Received } from '../partner/received-content';
import { raiseException } from '../record/raise-exception';
import { announcedTransfer } from './announce-transfer';
import { receiveExpected } from './expect-stock';
import { moveStock, type StockMove } from './move-stock';

/**
 * 944: what a warehouse received comes into stock and wakes the orders that wait for it, once for each of the
 * warehouse's receipt numbers. What is damaged or on hold (W13) does not; somebody gets to see it.
 */
export const applyReceiptAdvice: ActOnContent<StockTransferReceiptAdvice> = async (tx, received, now) => {
  const { body } = received;
  const node = await nodeOfDocument(tx, received.partnerId, body.parties, ['WH', 'ST']);
  if ('problem' in node) return setAside(received, 'receipt-not-taken', [node.problem], now);
  const lines = await readLines(tx, body.lines);
  const problems = lines.flatMap((line) => ('problem' in line ? [line.problem] : []));
  if (body.receiptNumber === '') problems.push('it has no receipt number (W1703)');
  if (body.lines.length === 0) problems.push('it has no line (W07)');
  if (problems.length > 0) return setAside(received, 'receipt-not-taken', problems, now);
  const event = {
    kind: '944',
    number: `${node.id}/${body.receiptNumber}`,
    nodeId: node.id,
    saidAt: null,
  };
  const taken = await takeOnce(tx, received, event, now);
  if (taken.kind === 'repeated')
    return { kind: 'done', note: `receipt ${body.receiptNumber} was taken in before` };
  if (taken.kind === 'differs') {
    const problem = `receipt ${body.receiptNumber} was taken in before with other content (document ${taken.documentId})`;
    return setAside(received, 'receipt-differs', [problem], now);
  }
  const readable = lines.flatMap((line) => ('problem' in line ? [] : [line]));
  if (body.depositorOrderNumber !== undefined) {
    const inbound = { nodeId: node.id, usage: received.usage, number: body.depositorOrderNumber };
    await receiveExpected(tx, inbound, cameOf(readable), `partner:${received.partnerId}`, now);
  }
  await moveStock(tx, movesOf(readable, received, event.number, node.id), now);
  const remarks = [
    ...readable.flatMap((line) => line.remarks),
    ...(await comparedWithAnnounced(tx, received, readable)),
  ];
  if (remarks.length > 0) await remark(tx, received, body, remarks, now);
  return { kind: 'done', note: `receipt ${body.receiptNumber} is in stock at ${node.id}` };
};

interface ReadReceiptLine {
  readonly itemId: string;
  readonly came: number;
  readonly forSale: number;
  readonly remarks: readonly string[];
}

async function readLines(
  tx: Tx,
  lines: readonly ReceiptLine[],
): Promise<readonly (ReadReceiptLine | { readonly problem: string })[]> {
  const book = await ItemBook.of(tx, lines);
  return lines.map((line, index) => {
    const where = `line ${index + 1}`;
    const received = book.quantityOf(line, line.received, line.unit);
    if ('problem' in received) return { problem: `${where}: ${received.problem}` };
    if (received.baseUnits < 0) return { problem: `${where}: ${line.received} cannot be received` };
    let forSale = received.baseUnits;
    const remarks: string[] = [];
    for (const one of line.exceptions) {
      const excepted = book.quantityOf(line, one.quantity, one.unit);
      if ('problem' in excepted) return { problem: `${where}: ${excepted.problem}` };
      if (keptFromSale(one.condition)) forSale -= excepted.baseUnits;
      if (one.condition !== '07')
        remarks.push(`${one.quantity} ${one.unit} of ${received.itemId} ${conditionText(one.condition)}`);
    }
    if (forSale < 0)
      return { problem: `${where}: more of ${received.itemId} is faulty (W13) than came (W0701)` };
    return { itemId: received.itemId, came: received.baseUnits, forSale, remarks };
  });
}

function cameOf(lines: readonly ReadReceiptLine[]): ReadonlyMap<string, number> {
  const came = new Map<string, number>();
  for (const line of lines) came.set(line.itemId, (came.get(line.itemId) ?? 0) + line.came);
  return came;
}

/** What our 943 announced under the number that the receipt names, and what of it came. */
async function comparedWithAnnounced(
  tx: Tx,
  { partnerId, body }: Received<StockTransferReceiptAdvice>,
  lines: readonly ReadReceiptLine[],
): Promise<readonly string[]> {
  const number = body.depositorOrderNumber;
  const announced = number === undefined ? null : await announcedTransfer(tx, partnerId, number);
  if (announced === null) return [];
  const came = cameOf(lines);
  return [...new Set([...announced.keys(), ...came.keys()])].flatMap((itemId) => {
    const [wanted, got] = [announced.get(itemId) ?? 0, came.get(itemId) ?? 0];
    return wanted === got ? [] : [`${got} of ${itemId} came, ${wanted} were announced`];
  });
}

function movesOf(
  lines: readonly ReadReceiptLine[],
  { partnerId, usage }: Received<unknown>,
  number: string,
  nodeId: string,
): readonly StockMove[] {
  const quantities = new Map<string, number>();
  for (const { itemId, forSale } of lines) quantities.set(itemId, (quantities.get(itemId) ?? 0) + forSale);
  return [...quantities].map(([itemId, quantity]) => ({
    itemId,
    nodeId,
    usage,
    quantity,
    reason: 'received',
    reference: `944/${partnerId}/${number}`,
  }));
}

async function remark(
  tx: Tx,
  received: Received<unknown>,
  { receiptNumber, depositorOrderNumber }: StockTransferReceiptAdvice,
  remarks: readonly string[],
  now: string,
): Promise<void> {
  const order = depositorOrderNumber === undefined ? '' : ` of ${depositorOrderNumber}`;
  await raiseException(tx, {
    kind: 'receipt-not-as-sent',
    subjectKey: received.documentId,
    text: `${received.partnerId} received ${receiptNumber}${order} not as it should be: ${remarks.slice(0, 8).join('; ')}. What is not fit for sale is not in stock; settle it with the sender`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    documentId: received.documentId,
    data: { remarks },
  });
}
