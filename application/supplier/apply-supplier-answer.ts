import type { Tx } from '../../db/connection';
import {
  acknowledgmentMeaning,
  readVerdict,
  type SupplierVerdict,
} from '../../domain/fulfilment/read-supplier-answer';
import type {
  SupplierAnswer,
  SupplierAnswerLine,
  SupplierChangeAnswer,
} from '../../domain/fulfilment/supplier-documents';
import { stillOpen } from '../../domain/fulfilment/supplier-order';
import { addSeconds } from '../../domain/shared/dates';
import { compareDecimals } from '../../domain/shared/money';
import { tellChangedPromise } from '../order/report-order-status';
import type { ActOnContent, ContentOutcome, Received, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';
import { answerCancel, cancelOpen } from './cancel-at-supplier';
import { type LostUnits, loseSupply } from './lose-supply';
import { noteOtherDays } from './reschedule-lines';
import {
  contentHash,
  type LockedSupplierOrder,
  lineNamed,
  lockSupplierOrder,
  readSupplierOrder,
  readSupplierPolicy,
  type SupplierOrderLineRow,
  saidAs,
  setAsideSupplier,
  settleSupplierOrder,
  takeSupplierDocument,
} from './supplier-order-record';

/**
 * 855 of a supplier: what it accepts keeps its place, days are noted, what it refuses or lowers is looked for elsewhere,
 * what it backorders waits there or is looked for elsewhere as agreed. The same answer again changes nothing; one that
 * comes after the goods have left says nothing new of them.
 */
export const applySupplierAnswer: ActOnContent<Understood<SupplierAnswer>> = async (tx, received, now) => {
  const { document } = received.body;
  const locked = await lockSupplierOrder(tx, received, document.purchaseOrderNumber);
  if (!locked) return unknownOrder(received, document.purchaseOrderNumber, now);
  const { supplierOrder, lines } = locked;
  const orderId = supplierOrder.order_id;
  const key = `${supplierOrder.number}/${contentHash(document)}`;
  if ((await takeSupplierDocument(tx, received, 'answer', key, supplierOrder.id, now)) !== 'new')
    return { kind: 'done', note: `answers ${supplierOrder.number} as before`, orderId };
  const meaning = acknowledgmentMeaning[document.acknowledgment];
  const remarks: string[] = [];
  const verdicts = verdictsOf(document, lines, meaning, remarks);
  if (meaning === undefined && verdicts.size === 0)
    return setAsideSupplier(
      received,
      'supplier-answer-unclear',
      `answers ${supplierOrder.number} with ${document.acknowledgment}, which says nothing of its lines: ask the supplier`,
      addSeconds(now, 4 * 3600),
      { orderId },
    );
  const waits = (await readSupplierPolicy(tx, supplierOrder.partner_id)).backorders === 'wait';
  const moved = await noteOtherDays(tx, locked, verdicts, now);
  await keepDays(tx, locked, verdicts);
  await noteLacking(tx, received, locked, verdicts, waits);
  if (document.supplierReference !== undefined)
    await tx('supplier_order')
      .where({ id: supplierOrder.id })
      .update({ supplier_reference: document.supplierReference });
  const text = wordsOf(verdicts);
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'supplier-answered',
      actor: `partner:${supplierOrder.partner_id}`,
      text: `${supplierOrder.partner_id} answers ${supplierOrder.number} (855 ${document.acknowledgment}): ${text}`,
      data: { supplierOrderId: supplierOrder.id },
    },
  ]);
  const lost = [...verdicts].flatMap(([line, verdict]): LostUnits[] => {
    const quantity = verdict.refused + (waits ? 0 : verdict.backordered);
    return quantity > 0 ? [{ line, quantity }] : [];
  });
  await loseSupply(tx, locked, lost, { reason: reasonOf(document, lost, verdicts) }, now);
  // What was lost was told with the days that moved.
  if (moved && lost.length === 0 && locked.order.final_answer_at !== null)
    await tellChangedPromise(tx, orderId, now);
  await settleSupplierOrder(tx, supplierOrder.id, meaning === 'waits' ? null : now);
  await tellLateDays(tx, locked, now);
  await tellRemarks(
    tx,
    received,
    [...remarks, ...[...verdicts.values()].flatMap((one) => one.remarks)],
    orderId,
    now,
  );
  return { kind: 'done', note: `answers ${supplierOrder.number}: ${text}`, orderId };
};

type Verdicts = ReadonlyMap<SupplierOrderLineRow, SupplierVerdict>;

function verdictsOf(
  document: SupplierAnswer,
  lines: readonly SupplierOrderLineRow[],
  meaning: 'accepted' | 'refused' | 'waits' | undefined,
  remarks: string[],
): Verdicts {
  const verdicts = new Map<SupplierOrderLineRow, SupplierVerdict>();
  for (const said of document.lines) {
    const line = lineNamed(lines, said);
    if (!line) {
      remarks.push(`${saidAs(said)} is answered and was not ordered`);
      continue;
    }
    if (said.unitPrice !== undefined && compareDecimals(said.unitPrice, line.unit_cost) !== 0)
      remarks.push(`line ${line.line_number} is answered at ${said.unitPrice}, agreed are ${line.unit_cost}`);
    if (said.statuses.length > 0) verdicts.set(line, readVerdict(facts(line), said.statuses));
  }
  // What the lines do not say, the head does.
  for (const line of lines) {
    if (verdicts.has(line) || stillOpen(line) === 0) continue;
    const none = { accepted: 0, backordered: 0, refused: 0, promisedOn: null, remarks: [] };
    if (meaning === 'refused') verdicts.set(line, { ...none, refused: stillOpen(line) });
    else if (meaning === 'accepted' && document.lines.length === 0)
      verdicts.set(line, { ...none, accepted: stillOpen(line) });
  }
  return verdicts;
}

const facts = (line: SupplierOrderLineRow) => ({
  lineNumber: line.line_number,
  unit: line.unit,
  unitFactor: line.unit_factor,
  open: stillOpen(line),
  shipped: line.shipped,
  cancelled: line.cancelled,
});

async function keepDays(tx: Tx, { supplierOrder }: LockedSupplierOrder, verdicts: Verdicts): Promise<void> {
  for (const [line, { promisedOn }] of verdicts)
    if (promisedOn !== null)
      await tx('supplier_order_line')
        .where({ supplier_order_id: supplierOrder.id, line_number: line.line_number })
        .update({ promised_on: promisedOn });
}

/**
 * What it does not have of a line counts against what it last said that it has (846), until it says so anew: what it
 * refuses, or backorders and loses to others, for good; what waits there as long as it waits.
 */
async function noteLacking(
  tx: Tx,
  { receivedAt }: Received<unknown>,
  { supplierOrder }: LockedSupplierOrder,
  verdicts: Verdicts,
  waits: boolean,
): Promise<void> {
  for (const [line, { refused, backordered }] of verdicts) {
    const lost = refused + (waits ? 0 : backordered);
    const waiting = waits ? backordered : 0;
    if (lost === 0 && waiting === 0 && line.lacked_waiting === 0) continue;
    await tx('supplier_order_line')
      .where({ supplier_order_id: supplierOrder.id, line_number: line.line_number })
      .update({
        lacked: tx.raw('lacked + ?', [lost]),
        lacked_waiting: waiting,
        ...(lost + waiting > 0 && { lacked_at: receivedAt }),
      });
  }
}

function wordsOf(verdicts: Verdicts): string {
  const words = [...verdicts].map(([line, { accepted, backordered, refused, promisedOn }]) => {
    const parts = [
      accepted > 0 ? `${accepted} accepted` : '',
      backordered > 0 ? `${backordered} backordered` : '',
      refused > 0 ? `${refused} refused` : '',
    ].filter(Boolean);
    const day = promisedOn === null ? '' : ` for ${promisedOn}`;
    return `line ${line.line_number} ${parts.join(', ') || 'nothing new'}${day}`;
  });
  return words.join('; ') || 'nothing new of its lines';
}

function reasonOf(document: SupplierAnswer, lost: readonly LostUnits[], verdicts: Verdicts): string {
  const backordered = lost.some(({ line }) => (verdicts.get(line)?.backordered ?? 0) > 0);
  return backordered
    ? `it has it on backorder (855 ${document.acknowledgment})`
    : `it refuses it (855 ${document.acknowledgment})`;
}

const LATE = 'supplier-promises-late';

/** What comes after the day on which the buyer wants it has an owner, who can still look elsewhere. */
async function tellLateDays(
  tx: Tx,
  { order, supplierOrder }: LockedSupplierOrder,
  now: string,
): Promise<void> {
  const { lines } = await readSupplierOrder(tx, supplierOrder.id);
  const late = lines.filter((line) => {
    const wanted = line.deliver_by ?? order.deliver_by;
    return stillOpen(line) > 0 && wanted !== null && line.promised_on > wanted;
  });
  if (late.length === 0)
    return clearException(tx, LATE, supplierOrder.id, 'It promises what is still to come in time', now);
  const text = late
    .map(
      (line) =>
        `line ${line.line_number} for ${line.promised_on}, wanted on ${line.deliver_by ?? order.deliver_by}`,
    )
    .join('; ');
  await raiseException(tx, {
    kind: LATE,
    subjectKey: supplierOrder.id,
    text: `${supplierOrder.partner_id} promises ${supplierOrder.number} late: ${text}. The customer is told; where that will not do, cancel it there and ship it from elsewhere`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 8 * 3600),
    priority: 2,
    orderId: order.id,
  });
}

export async function tellRemarks(
  tx: Tx,
  received: Received<unknown>,
  remarks: readonly string[],
  orderId: string,
  now: string,
): Promise<void> {
  if (remarks.length === 0) return;
  await raiseException(tx, {
    kind: 'supplier-document-remark',
    subjectKey: received.documentId,
    text: `The ${received.set} of ${received.partnerId} was taken in, but ${remarks.join('; ')}. Settle it with the supplier`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    priority: 3,
    documentId: received.documentId,
    orderId,
  });
}

export const unknownOrder = (received: Received<unknown>, number: string, now: string): ContentOutcome =>
  setAsideSupplier(
    received,
    'supplier-document-without-order',
    `names ${number}, which was never ordered there: find out what is meant`,
    addSeconds(now, 4 * 3600),
  );

/**
 * 865 of a supplier: its word on the cancel that it was asked for. Taken back, what is open does not come; refused, the
 * line stays and ships. A cancel that is answered stays answered.
 */
export const applySupplierChangeAnswer: ActOnContent<Understood<SupplierChangeAnswer>> = async (
  tx,
  received,
  now,
) => {
  const { document } = received.body;
  const locked = await lockSupplierOrder(tx, received, document.purchaseOrderNumber);
  if (!locked) return unknownOrder(received, document.purchaseOrderNumber, now);
  const { supplierOrder, lines } = locked;
  const orderId = supplierOrder.order_id;
  const asked = (await tx('supplier_cancel')
    .where({ supplier_order_id: supplierOrder.id, state: 'asked' })
    .modify((query) => {
      if (document.changeNumber !== undefined) query.where({ number: Number(document.changeNumber) || 0 });
    })
    .orderBy('number')
    .limit(2)) as { id: string; number: number; shipment_id: string }[];
  const [cancel] = asked;
  const key = `${supplierOrder.number}/${contentHash(document)}`;
  if (!cancel || asked.length > 1) {
    const taken = await takeSupplierDocument(tx, received, 'cancel-answer', key, supplierOrder.id, now);
    if (taken !== 'new') return { kind: 'done', note: `answers as before`, orderId };
    return setAsideSupplier(
      received,
      'supplier-answer-unclear',
      `answers a change of ${supplierOrder.number} that it was not asked for, or does not name which: ask the supplier`,
      addSeconds(now, 4 * 3600),
      { orderId },
    );
  }
  const verdict = cancelVerdict(document);
  if (verdict === null)
    return setAsideSupplier(
      received,
      'supplier-answer-unclear',
      `answers the cancel of ${supplierOrder.number} with ${document.acknowledgment} and says neither yes nor no: ask the supplier`,
      addSeconds(now, 3600),
      { orderId, priority: 1 },
    );
  await takeSupplierDocument(tx, received, 'cancel-answer', key, supplierOrder.id, now);
  const taken = verdict === 'accepted';
  if (taken)
    await cancelOpen(
      tx,
      supplierOrder.id,
      lines.filter((line) => line.shipment_id === cancel.shipment_id && stillOpen(line) > 0),
      `cancelled with the supplier (860 ${cancel.number})`,
    );
  const text = taken
    ? `${supplierOrder.partner_id} takes ${supplierOrder.number} back (865 to 860 ${cancel.number})`
    : `${supplierOrder.partner_id} does not take ${supplierOrder.number} back (865 to 860 ${cancel.number}): it ships`;
  await answerCancel(tx, { id: cancel.id, orderId }, verdict, text, now);
  await settleSupplierOrder(tx, supplierOrder.id, null);
  const isElsewhere = !lines.some((line) => line.shipment_id === cancel.shipment_id && stillOpen(line) > 0);
  if (!taken && isElsewhere)
    await raiseException(tx, {
      kind: 'supplier-ships-given-up',
      subjectKey: cancel.id,
      text: `${text}, but it was given up and is sourced elsewhere: the customer would have it twice. Settle with the supplier that it stays, or with the customer that it comes back`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      priority: 1,
      orderId,
    });
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'supplier-cancel-answered',
      actor: `partner:${supplierOrder.partner_id}`,
      text,
      data: { supplierOrderId: supplierOrder.id },
    },
  ]);
  return { kind: 'done', note: text, orderId };
};

const CANCELLED_CODES: ReadonlySet<string> = new Set(['ID', 'IA', 'IC']);

/** Its lines say what becomes of the goods: ID, they are deleted; else its head says whether the change is accepted. */
function cancelVerdict({ acknowledgment, lines }: SupplierChangeAnswer): 'accepted' | 'refused' | null {
  const codes = lines.flatMap((line: SupplierAnswerLine) => line.statuses.map(({ code }) => code));
  if (codes.length > 0 && codes.every((code) => code === 'ID')) return 'accepted';
  const meaning = acknowledgmentMeaning[acknowledgment];
  if (meaning === 'refused') return 'refused';
  if (meaning !== 'accepted') return null;
  // "Accepted" with lines that say otherwise is for a person to ask.
  return codes.every((code) => CANCELLED_CODES.has(code)) ? 'accepted' : null;
}
