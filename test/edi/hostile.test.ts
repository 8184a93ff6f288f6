import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import { readGuide } from '../../edi/guides/check-guide';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import type { JudgedGroup, JudgedTransaction, Judgement } from '../../edi/judge/judgement';
import { readApplicationAdvice } from '../../edi/mapping/application-advice';
import { readCreditDebitAdjustment } from '../../edi/mapping/credit-debit-adjustment';
import { readFunctionalAcknowledgment } from '../../edi/mapping/functional-acknowledgment';
import { readInventoryAdvice } from '../../edi/mapping/inventory-advice';
import { readOrderStatusInquiry, readOrderStatusReport } from '../../edi/mapping/order-status';
import { mapPurchaseOrder } from '../../edi/mapping/purchase-order';
import { mapPurchaseOrderChange } from '../../edi/mapping/purchase-order-change';
import { readRemittanceAdvice } from '../../edi/mapping/remittance-advice';
import { readReturnAuthorization } from '../../edi/mapping/return-authorization';
import { readStockTransferReceiptAdvice } from '../../edi/mapping/stock-transfer-receipt-advice';
import { readStockTransferShipmentAdvice } from '../../edi/mapping/stock-transfer-shipment-advice';
import { readWarehouseInventoryAdjustment } from '../../edi/mapping/warehouse-inventory-adjustment';
import { readWarehouseShippingAdvice } from '../../edi/mapping/warehouse-shipping-advice';
import { readWarehouseShippingOrder } from '../../edi/mapping/warehouse-shipping-order';
import { readWholeDocument } from '../../edi/mapping/whole-document';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';
import type { DraftSegment, TransactionSet } from '../../edi/x12/model';
import { SegmentScanner } from '../../edi/x12/scanner';
import { libraryGuides } from './guide-library';
import { answerOf, judge } from './interchange-text';
import { mutation } from './mutations';

const fixtures = join(__dirname, '../fixtures/edi');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.edi'),
);

const context = { usage: 'P', entityId: '', customerId: '', partnerId: '' } as const;
const readers: Readonly<Record<string, (set: TransactionSet) => unknown>> = {
  '180': readReturnAuthorization,
  '812': readCreditDebitAdjustment,
  '820': readRemittanceAdvice,
  '824': readApplicationAdvice,
  '846': readInventoryAdvice,
  '850': (set) => mapPurchaseOrder(set, context),
  '860': (set) => mapPurchaseOrderChange(set, context),
  '869': readOrderStatusInquiry,
  '870': readOrderStatusReport,
  '940': readWarehouseShippingOrder,
  '943': readStockTransferShipmentAdvice,
  '944': readStockTransferReceiptAdvice,
  '945': readWarehouseShippingAdvice,
  '947': readWarehouseInventoryAdjustment,
  '997': readFunctionalAcknowledgment,
  '999': readFunctionalAcknowledgment,
};
const guides = libraryGuides().flatMap(({ body }) => {
  const read = readGuide(body);
  return read.kind === 'guide' ? [read.guide] : [];
});

/** jest's own comparisons take longer than what they compare. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

interface SentSegment {
  readonly id: string;
  readonly elements: readonly string[];
}

/** The sets of an interchange as a simple reader finds them: ST, and what follows up to the next control segment. */
function sentSets(interchange: ArrivedInterchange): SentSegment[][] {
  const { bytes, header } = interchange;
  const sets: SentSegment[][] = [];
  if (header.separators === null) return sets;
  const scanner = new SegmentScanner(bytes, header.separators, header.length, isUtf8(bytes));
  let open: SentSegment[] | null = null;
  while (scanner.next()) {
    const { id } = scanner;
    if (['GS', 'GE', 'IEA'].includes(id)) open = null;
    if (id === 'ST') sets.push((open = []));
    open?.push({ id, elements: Array.from({ length: scanner.count }, (_, n) => scanner.text(n + 1)) });
    if (id === 'SE') open = null;
  }
  return sets;
}

function checkFindings({ findings, segmentCount }: JudgedTransaction, sent: readonly SentSegment[]): void {
  let last = 0;
  for (const { position, segment, segmentError, element, elementError, component, value } of findings) {
    must(position > 1 && position <= segmentCount, `${segment} at ${position} of ${segmentCount}`);
    must(position >= last, 'findings go from the first segment to the last');
    last = position;
    must(value.length <= 99, 'a copy of at most 99 characters');
    if (segmentError !== '3' && position <= sent.length)
      must(sent[position - 1]?.id === segment, `${segment} at ${position}: ${sent[position - 1]?.id}`);
    must((segmentError === '8') === (element !== null), 'AK304 = 8 is about elements');
    if (element === null) continue;
    must(element > 0 && (component === null || component > 0), 'elements count from 1');
    const text = sent[position - 1]?.elements[element - 1] ?? '';
    if (elementError === '1' || elementError === '2') must(value === '', 'what is missing has no value');
    else must(text.includes(value.slice(0, 20)), `${value} in ${text}`);
  }
}

function checkTransaction(
  transaction: JudgedTransaction,
  group: JudgedGroup,
  sent: readonly SentSegment[],
): void {
  const { ack, errors, document } = transaction;
  if (ack === 'R') must(errors.length > 0, 'a rejected set names its errors');
  else
    must(
      errors.every((code) => code === '5'),
      'an accepted set has tolerated findings at most',
    );
  checkFindings(transaction, sent);
  must((document !== null) === (ack !== 'R' && group.errors.length === 0), 'only what is accepted is taken');
  if (document === null) return;
  readers[document.set]?.(document);
  readWholeDocument(document);
  businessFindings(document);
  for (const guide of guides) if (guide.set === document.set) applyGuide(document, guide);
}

function checkGroup(group: JudgedGroup): void {
  const { ack, errors, received, accepted, transactions } = group;
  must(received === transactions.length, 'AK903 counts what came');
  must(
    accepted === transactions.filter(({ document }) => document !== null).length,
    'AK904 counts what is taken',
  );
  if (ack === 'R') must(accepted === 0, 'of a rejected group nothing is accepted');
  if (ack === 'P') must(accepted < received, 'accepted in part');
  if (ack === 'A') must(errors.length === 0 && accepted === received, 'accepted');
}

/** What the hub answers must itself pass, and never be answered again. */
function checkAnswer(interchange: ArrivedInterchange, judgement: Judgement): void {
  const answer = answerOf(interchange, null);
  if (answer === null) return;
  const back = judge(Buffer.from(answer, 'latin1'));
  must(back.ta1.note === '000' && back.ta1Due === false, `the answer is answered ${back.ta1.note}`);
  must(back.receivedTa1s.length === (judgement.ta1Due ? 1 : 0), 'a TA1 where one is due');
  for (const group of back.groups) {
    must(
      group.functionalId === 'FA' && group.functionalAck === null,
      'acknowledgements are not acknowledged',
    );
    for (const { findings } of group.transactions)
      must(findings.length === 0, `the answer is faulty: ${findings[0]?.text} in ${answer}`);
  }
}

/** Bytes that are read piece by piece give the same judgement as those that lie in memory. */
function checkStreamed(interchange: ArrivedInterchange, judgement: Judgement): void {
  const { bytes } = interchange;
  const source = {
    length: bytes.length,
    read: (from: number, to: number) => Buffer.from(bytes.subarray(from, to)),
  };
  const streamed = judgeInterchange(
    { ...interchange, bytes: source, ...encodingOf(judgement, bytes) },
    null,
    nothingSeen,
    {
      readAtOnce: 64,
    },
  );
  must(said(streamed) === said(judgement), `streamed as held: ${said(streamed)} ${said(judgement)}`);
}

/** Trees hold what was looked at so far; their elements are compared. */
function said(judgement: Judgement): string {
  return JSON.stringify(judgement, (key, value: unknown) =>
    key === 'segments' && Array.isArray(value)
      ? value.map((one: SentSegment | DraftSegment) => ('id' in one ? [one.id, ...one.elements] : one))
      : value,
  );
}

function encodingOf(judgement: Judgement, bytes: Uint8Array) {
  if (!judgement.deviations.some(({ code }) => code === 'high-bytes')) return { encoding: 'ascii' as const };
  return { encoding: isUtf8(bytes) ? ('utf-8' as const) : ('latin1' as const) };
}

function checkArrival(bytes: Buffer): void {
  const arrival = readArrival(bytes);
  must((arrival.interchanges.length === 0) === (arrival.error !== null), 'interchanges or an error');
  for (const interchange of arrival.interchanges) {
    const judgement = judgeInterchange(interchange, null, nothingSeen);
    const { ta1, groups } = judgement;
    if (ta1.code === 'R') must(groups.length === 0, 'nothing of a rejected interchange is processed');
    must((ta1.code === 'A') === (ta1.note === '000'), 'TA105 says why');
    const sent = sentSets(interchange);
    let set = 0;
    for (const group of groups) {
      checkGroup(group);
      for (const transaction of group.transactions) checkTransaction(transaction, group, sent[set++] ?? []);
    }
    checkAnswer(interchange, judgement);
    checkStreamed(interchange, judgement);
  }
}

describe('whatever arrives, there is one answer that holds together', () => {
  test.each(files)('%s, mutated', (file) => {
    const original = readFileSync(join(fixtures, file));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        checkArrival(mutations.reduce((bytes, mutate) => mutate(bytes), original as Buffer));
      }),
      { numRuns: 20 },
    );
  });

  test('two files cut into each other', () => {
    const originals = files.map((file) => readFileSync(join(fixtures, file)));
    const part = fc.tuple(fc.constantFrom(...originals), fc.nat(), fc.nat());
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), (parts) => {
        checkArrival(
          Buffer.concat(
            parts.map(([bytes, from, length]) => {
              const start = from % bytes.length;
              return bytes.subarray(start, start + (length % bytes.length));
            }),
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, header) => {
        checkArrival(header ? Buffer.concat([Buffer.from('ISA*'), noise]) : Buffer.from(noise));
      }),
      { numRuns: 200 },
    );
  });
});
