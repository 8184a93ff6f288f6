import type { DraftSegment, Separators } from '../x12/model';
import type { GroupToWrite, InterchangeToWrite } from '../x12/writer';
import { answerSeparators } from './agreement';
import type { JudgedGroup, Judgement } from './judgement';

/** What the caller knows and a pure function does not: the clock and the numbers. */
export interface AnswerStamp {
  /** CCYYMMDD */
  readonly date: string;
  /** HHMM */
  readonly time: string;
  readonly controlNumber: number;
  /** GS06 of the first group; the following ones count up */
  readonly groupControlNumber: number;
  readonly separators?: Separators;
}

/** TA101 ... TA105: the interchange it answers by its own number, date and time. */
export function ta1Segment({ envelope, ta1 }: Judgement): DraftSegment {
  const digits = (text: string, width: number): string => {
    const only = /^\d+$/.test(text) ? text : '';
    return only.padStart(width, '0').slice(-width);
  };
  return [
    'TA1',
    digits(envelope.controlNumber, 9),
    digits(envelope.date, 6),
    digits(envelope.time, 4),
    ta1.code,
    ta1.note,
  ];
}

/**
 * The interchange that answers one: its TA1 if one is due, and the acknowledgement of every group.
 * null when nothing is to be said, or when the header names nobody to answer.
 */
export function answerTo(judgement: Judgement, stamp: AnswerStamp): InterchangeToWrite | null {
  const { envelope } = judgement;
  const ta1 = judgement.ta1Due ? [ta1Segment(judgement)] : [];
  const groups = ackGroups(judgement.groups, stamp);
  if (ta1.length === 0 && groups.length === 0) return null;
  if (plain(envelope.senderId, 15).trim() === '' || plain(envelope.receiverId, 15).trim() === '') return null;
  return {
    envelope: {
      separators: stamp.separators ?? answerSeparators,
      isa: {
        senderQualifier: qualifier(envelope.receiverQualifier),
        senderId: plain(envelope.receiverId, 15),
        receiverQualifier: qualifier(envelope.senderQualifier),
        receiverId: plain(envelope.senderId, 15),
        date: stamp.date.slice(2),
        time: stamp.time,
        version: envelope.version >= '00501' && envelope.version <= '00899' ? '00501' : '00401',
        controlNumber: stamp.controlNumber,
        usage: envelope.usage === 'T' ? 'T' : 'P',
        ackRequested: false,
      },
    },
    ta1,
    groups,
  };
}

/** Acknowledgements for the same pair of application ids and of the same version share a group. */
function ackGroups(judged: readonly JudgedGroup[], stamp: AnswerStamp): GroupToWrite[] {
  const groups = new Map<
    string,
    { group: JudgedGroup; version: string; sets: GroupToWrite['sets'][number][] }
  >();
  for (const group of judged) {
    if (group.functionalAck === null) continue;
    const { version, draft } = group.functionalAck;
    const key = [group.senderCode, group.receiverCode, version].join('\n');
    const known = groups.get(key) ?? { group, version, sets: [] };
    known.sets.push({ controlNumber: String(known.sets.length + 1).padStart(4, '0'), draft });
    groups.set(key, known);
  }
  return [...groups.values()].map(({ group, version, sets }, index) => ({
    functionalId: 'FA',
    senderCode: plain(group.receiverCode, 15).padEnd(2, ' '),
    receiverCode: plain(group.senderCode, 15).padEnd(2, ' '),
    date: version < '004010' ? stamp.date.slice(2) : stamp.date,
    time: stamp.time,
    controlNumber: stamp.groupControlNumber + index,
    version,
    sets,
  }));
}

function qualifier(text: string): string {
  return /^[A-Z0-9]{2}$/.test(text) ? text : 'ZZ';
}

/** Ids are echoed; what the answer cannot carry becomes a blank rather than a broken interchange. */
function plain(text: string, longest: number): string {
  return text.replace(/[^ -}]|[*>^]/g, ' ').slice(0, longest);
}
