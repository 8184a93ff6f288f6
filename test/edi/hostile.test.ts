import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import type { JudgedGroup, JudgedTransaction, Judgement } from '../../edi/judge/judgement';
import { mapPurchaseOrder } from '../../edi/mapping/purchase-order';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';
import { answerOf, judge } from './interchange-text';

const folder = join(__dirname, '../fixtures/edi/mapping');
const files = readdirSync(folder).filter((name) => name.endsWith('.edi'));

type Mutation = (bytes: Buffer<ArrayBufferLike>) => Buffer<ArrayBufferLike>;

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Buffer, where: number): number => Math.floor(where * bytes.length);
const splice = (bytes: Buffer, from: number, to: number, between: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)]);

/** The places between segments, so that whole segments can be moved about. */
function cuts(bytes: Buffer): number[] {
  const found = [0];
  for (let index = 0; index < bytes.length; index += 1) if (bytes[index] === 0x7e) found.push(index + 1);
  return found;
}

const hostileTexts = [
  '~',
  '*',
  '>',
  '^',
  '~~',
  '\r\n',
  ' ',
  '\x00',
  '\x1a',
  'ISA*',
  'IEA*',
  'GS*',
  'SE*1*0001~',
  'ST*850*1~',
  '-',
  '9'.repeat(30),
  'é',
  '\xff',
];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.nat({ max: 255 })).map(
    ([where, byte]): Mutation =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        if (changed.length > 0) changed[at(bytes, where)] = byte;
        return changed;
      },
  ),
  share.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  fc.tuple(share, fc.nat({ max: 40 })).map(
    ([where, length]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), Math.min(bytes.length, at(bytes, where) + length), Buffer.alloc(0)),
  ),
  fc.tuple(share, fc.constantFrom(...hostileTexts)).map(
    ([where, text]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), at(bytes, where), Buffer.from(text, 'latin1')),
  ),
  fc.tuple(share, share).map(
    ([from, to]): Mutation =>
      (bytes) => {
        const places = cuts(bytes);
        const first = Math.floor(from * (places.length - 1));
        const target = places[Math.floor(to * places.length)] as number;
        const segment = bytes.subarray(places[first], places[first + 1] ?? bytes.length);
        return splice(bytes, target, target, segment);
      },
  ),
  share.map(
    (where): Mutation =>
      (bytes) => {
        const places = cuts(bytes);
        const first = Math.floor(where * (places.length - 1));
        return splice(bytes, places[first] as number, places[first + 1] ?? bytes.length, Buffer.alloc(0));
      },
  ),
  fc.constant<Mutation>((bytes) => Buffer.concat([bytes, bytes])),
);

function checkTransaction(transaction: JudgedTransaction, group: JudgedGroup): void {
  if (transaction.ack === 'R') expect(transaction.errors.length).toBeGreaterThan(0);
  else expect(transaction.errors.filter((code) => code !== '5')).toEqual([]);
  for (const { position, element, component } of transaction.findings) {
    expect(position).toBeGreaterThan(1);
    expect(position).toBeLessThanOrEqual(transaction.segmentCount);
    if (element !== null) expect(element).toBeGreaterThan(0);
    if (component !== null) expect(component).toBeGreaterThan(0);
  }
  const taken = transaction.ack !== 'R' && group.errors.length === 0;
  expect(transaction.document !== null).toBe(taken);
  if (transaction.document?.set === '850') {
    mapPurchaseOrder(transaction.document, { usage: 'P', entityId: '', customerId: '', partnerId: '' });
  }
}

function checkGroup(group: JudgedGroup): void {
  const taken = group.transactions.filter(({ document }) => document !== null).length;
  expect(group.received).toBe(group.transactions.length);
  expect(group.accepted).toBe(taken);
  if (group.ack === 'R') expect(group.accepted).toBe(0);
  if (group.ack === 'P') expect(group.accepted).toBeLessThan(group.received);
  if (group.ack === 'A') expect(group).toMatchObject({ errors: [], accepted: group.received });
  for (const transaction of group.transactions) checkTransaction(transaction, group);
}

/** What the hub answers must itself pass, and never be answered again. */
function checkAnswer(interchange: ArrivedInterchange, judgement: Judgement): void {
  const answer = answerOf(interchange, null);
  if (answer === null) return;
  const back = judge(Buffer.from(answer, 'latin1'));
  expect(back.ta1).toEqual({ code: 'A', note: '000' });
  expect(back.receivedTa1s.length).toBe(judgement.ta1Due ? 1 : 0);
  // An acknowledgement copies control numbers and ids as they came; where those are malformed, so are the copies.
  const copies = judgement.groups.some(
    ({ errors, transactions }) =>
      errors.some((code) => '126'.includes(code)) ||
      transactions.some((one) => one.errors.some((code) => '67'.includes(code))),
  );
  for (const group of back.groups) {
    expect(group).toMatchObject({ functionalId: 'FA', functionalAck: null });
    if (!copies) expect(group.transactions.flatMap(({ findings }) => findings)).toEqual([]);
  }
}

describe('whatever arrives, there is one answer that holds together', () => {
  test.each(files)('%s, mutated', (file) => {
    const original = readFileSync(join(folder, file));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        const bytes = mutations.reduce<Buffer<ArrayBufferLike>>(
          (changed, mutate) => mutate(changed),
          original,
        );
        const arrival = readArrival(bytes);
        expect(arrival.interchanges.length === 0).toBe(arrival.error !== null);
        for (const interchange of arrival.interchanges) {
          const judgement = judgeInterchange(interchange, null, nothingSeen);
          if (judgement.ta1.code === 'R') expect(judgement.groups).toEqual([]);
          expect(judgement.ta1.code === 'A').toBe(judgement.ta1.note === '000');
          judgement.groups.forEach(checkGroup);
          checkAnswer(interchange, judgement);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, header) => {
        const bytes = header ? Buffer.concat([Buffer.from('ISA*'), noise]) : Buffer.from(noise);
        const arrival = readArrival(bytes);
        for (const interchange of arrival.interchanges) judgeInterchange(interchange, null, nothingSeen);
      }),
      { numRuns: 200 },
    );
  });
});
