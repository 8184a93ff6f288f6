import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgreementView, SeenNumbers } from '../../edi/judge/agreement';
import { nothingSeen } from '../../edi/judge/agreement';
import { type AnswerStamp, AnswerWriter } from '../../edi/judge/answer';
import { judgeArrival, judgeWith } from '../../edi/judge/judge-interchange';
import type { JudgedGroup, JudgedTransaction, Judgement } from '../../edi/judge/judgement';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';

export function fixture(name: string): string {
  return readFileSync(join(__dirname, '../fixtures/edi/judge', name), 'latin1');
}

export interface EnvelopeChanges {
  readonly isa?: Readonly<Record<number, string>>;
  readonly gs?: Readonly<Record<number, string>>;
  readonly ge?: string;
  readonly iea?: string;
}

const isaElements = [
  '00',
  '          ',
  '00',
  '          ',
  'ZZ',
  'ACME           ',
  'ZZ',
  'HUB            ',
  '261122',
  '1530',
  'U',
  '00401',
  '000000001',
  '0',
  'P',
  '>',
];
const gsElements = ['PO', 'ACME', 'HUB', '20261122', '1530', '1', 'X', '004010'];

function changed(elements: readonly string[], changes: Readonly<Record<number, string>> = {}): string[] {
  return elements.map((element, index) => changes[index + 1] ?? element);
}

/** An interchange with one group around these sets, ST to SE. */
export function interchange(sets: readonly string[], { isa, gs, ge, iea }: EnvelopeChanges = {}): string {
  const header = changed(isaElements, isa);
  const group = changed(gsElements, gs);
  return [
    `ISA*${header.join('*')}~`,
    `GS*${group.join('*')}~`,
    ...sets,
    ge ?? `GE*${sets.length}*${group[5]}~`,
    iea ?? `IEA*1*${header[12]}~`,
  ].join('');
}

/** A set around these body segments, with the right count. */
export function set(id: string, body: string, number = '0001', implementation = ''): string {
  const count = body.split('~').filter((segment) => segment.trim() !== '').length + 2;
  return `ST*${id}*${number}${implementation === '' ? '' : `*${implementation}`}~${body}SE*${count}*${number}~`;
}

export const beg = 'BEG*00*SA*PO9001**20261122~';
export const po1 = 'PO1*1*12*EA*4.25**VP*A-100~';

export function judge(
  text: string | Uint8Array,
  agreement: AgreementView | null = null,
  seen: SeenNumbers = nothingSeen,
): Judgement {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const { judgements } = judgeArrival(bytes, agreement, seen);
  return judgements[0] as Judgement;
}

/** The interchange that answers this one; null for none. */
export function answerText(
  text: string | Uint8Array,
  agreement: AgreementView | null = null,
  stamp: AnswerStamp = { date: '20261122', time: '1530', controlNumber: 1, groupControlNumber: 1 },
): string | null {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return answerOf(readArrival(bytes).interchanges[0] as ArrivedInterchange, agreement, stamp);
}

export function answerOf(
  interchange: ArrivedInterchange,
  agreement: AgreementView | null,
  stamp: AnswerStamp = { date: '20261122', time: '1530', controlNumber: 1, groupControlNumber: 1 },
): string | null {
  let body = '';
  const writer = new AnswerWriter(
    {
      get length() {
        return body.length;
      },
      add: (more) => {
        body += more;
      },
      cutBackTo: (length) => {
        body = body.slice(0, length);
      },
    },
    stamp,
  );
  const frame = writer.finish(judgeWith(writer, interchange, agreement, nothingSeen));
  return frame && frame.head + body + frame.tail;
}

export function firstGroup(judgement: Judgement): JudgedGroup {
  return judgement.groups[0] as JudgedGroup;
}

export function firstSet(judgement: Judgement): JudgedTransaction {
  return firstGroup(judgement).transactions[0] as JudgedTransaction;
}

/** An 850 with this body between BEG and SE: what is found in it, in short: `PO1 3 8/2 02`. */
export function findingsOf(body: string, changes: EnvelopeChanges = {}, id = '850'): string[] {
  const { findings } = firstSet(judge(interchange([set(id, body)], changes)));
  return findings.map(({ segment, position, segmentError, element, component, elementError }) => {
    if (element === null) return `${segment} ${position} ${segmentError}`;
    const place = component === null ? `${element}` : `${element}-${component}`;
    return `${segment} ${position} ${segmentError}/${elementError} ${place}`;
  });
}

export const agreement: AgreementView = {
  ownIds: ['ZZ:HUB'],
  partnerIds: ['ZZ:ACME'],
  usage: 'P',
  ta1: 'on-request',
  ackDetail: 'all',
  functionalAck: '997',
  tolerated: new Set(),
  leniency: {},
};
