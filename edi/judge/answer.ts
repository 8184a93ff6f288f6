import type { DraftSegment, Separators } from '../x12/model';
import { writeHeader, writeSegments } from '../x12/writer';
import { answerSeparators } from './agreement';
import type { AckHead } from './functional-ack';
import type { JudgeListener } from './judge-listener';
import type { GroupHeader, JudgedEnvelope } from './judgement';

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
export function ta1Segment({ envelope, ta1 }: JudgedEnvelope): DraftSegment {
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

/** Where the text between ISA and IEA is put until it is known what stands before it. */
export interface TextSpool {
  readonly length: number;
  add(text: string): void;
  cutBackTo(length: number): void;
}

/** Text before and behind what is in the spool, and how many groups that has. */
export interface AnswerFrame {
  readonly head: string;
  readonly tail: string;
  readonly groups: number;
}

/** The group that is being written; acknowledgements of one pair of ids and one version share it. */
interface OpenGroup {
  readonly key: string;
  readonly sets: number;
}

/**
 * Writes the interchange that answers one while that is judged: the acknowledgement of every group and, in the end,
 * the TA1 that goes before them. One answer for one interchange.
 */
export class AnswerWriter implements JudgeListener {
  private readonly spool: TextSpool;
  private readonly stamp: AnswerStamp;
  private readonly separators: Separators;
  private groups = 0;
  private open: OpenGroup | null = null;
  private segments = 0;
  /** how things stood before the group at hand */
  private before = { length: 0, groups: 0, open: null as OpenGroup | null };

  constructor(spool: TextSpool, stamp: AnswerStamp) {
    this.spool = spool;
    this.stamp = stamp;
    this.separators = stamp.separators ?? answerSeparators;
  }

  groupBegins(group: GroupHeader, { set, implementation, version }: AckHead): void {
    const { spool, groups, open } = this;
    this.before = { length: spool.length, groups, open };
    const key = [group.senderCode, group.receiverCode, version].join('\n');
    if (open?.key !== key) {
      this.closeGroup();
      this.groups += 1;
      this.write([this.groupHeader(group, version)]);
      this.open = { key, sets: 0 };
    }
    const sets = (this.open?.sets ?? 0) + 1;
    this.open = { key, sets };
    this.write([['ST', set, setNumber(sets), implementation ?? '']]);
    this.segments = 2;
  }

  transaction(): void {
    // What is found in a set is told by its acknowledgement.
  }

  acknowledgement(segments: readonly DraftSegment[]): void {
    this.segments += segments.length;
    this.write(segments);
  }

  groupEnds(_group: GroupHeader, answered: boolean): void {
    if (answered) {
      this.write([['SE', String(this.segments), setNumber(this.open?.sets ?? 1)]]);
      return;
    }
    const { length, groups, open } = this.before;
    this.spool.cutBackTo(length);
    this.groups = groups;
    this.open = open;
  }

  /** @returns null when nothing is to be said, or when the header names nobody to answer */
  finish(judged: JudgedEnvelope): AnswerFrame | null {
    const { envelope, ta1, ta1Due } = judged;
    if (ta1.code === 'R') {
      this.spool.cutBackTo(0);
      this.groups = 0;
      this.open = null;
    }
    this.closeGroup();
    const { groups, stamp, separators } = this;
    if (!ta1Due && groups === 0) return null;
    const [senderId, receiverId] = [plain(envelope.receiverId, 15), plain(envelope.senderId, 15)];
    if (senderId.trim() === '' || receiverId.trim() === '') return null;
    const isa = {
      senderQualifier: qualifier(envelope.receiverQualifier),
      senderId,
      receiverQualifier: qualifier(envelope.senderQualifier),
      receiverId,
      date: stamp.date.slice(2),
      time: stamp.time,
      version: envelope.version >= '00501' && envelope.version <= '00899' ? '00501' : '00401',
      controlNumber: stamp.controlNumber,
      usage: envelope.usage === 'T' ? ('T' as const) : ('P' as const),
      ackRequested: false,
    };
    const head = writeHeader({ separators, isa });
    const number = String(stamp.controlNumber).padStart(9, '0');
    return {
      head: ta1Due ? head + writeSegments([ta1Segment(judged)], separators) : head,
      tail: writeSegments([['IEA', String(groups), number]], separators),
      groups,
    };
  }

  private groupHeader({ senderCode, receiverCode }: GroupHeader, version: string): DraftSegment {
    const { date, time, groupControlNumber } = this.stamp;
    return [
      'GS',
      'FA',
      plain(receiverCode, 15).padEnd(2, ' '),
      plain(senderCode, 15).padEnd(2, ' '),
      version < '004010' ? date.slice(2) : date,
      time,
      String(groupControlNumber + this.groups - 1),
      'X',
      version,
    ];
  }

  private closeGroup(): void {
    if (this.open === null) return;
    const number = String(this.stamp.groupControlNumber + this.groups - 1);
    this.write([['GE', String(this.open.sets), number]]);
    this.open = null;
  }

  private write(segments: readonly DraftSegment[]): void {
    this.spool.add(writeSegments(segments, this.separators));
  }
}

const setNumber = (sets: number): string => String(sets).padStart(4, '0');

function qualifier(text: string): string {
  return /^[A-Z0-9]{2}$/.test(text) ? text : 'ZZ';
}

/** Ids are echoed; what the answer cannot carry becomes a blank rather than a broken interchange. */
function plain(text: string, longest: number): string {
  return text.replace(/[^ -}]|[*>^]/g, ' ').slice(0, longest);
}
