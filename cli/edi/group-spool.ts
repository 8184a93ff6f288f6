import { answerSeparators } from '../../edi/judge/agreement';
import type { AckHead } from '../../edi/judge/functional-ack';
import type { JudgeListener } from '../../edi/judge/judge-listener';
import type { GroupHeader, GroupOutcome, JudgedTransaction } from '../../edi/judge/judgement';
import type { DraftSegment } from '../../edi/x12/model';
import { writeSegments } from '../../edi/x12/writer';
import type { InterchangeNumbers } from './arrival-numbers';
import {
  type CheckedGroup,
  type CheckedOrder,
  type CheckedTransaction,
  checkedGroup,
  checkedOrder,
  checkedTransaction,
  type FurtherFindings,
} from './check-result';
import { LineSpool } from './line-spool';

/** A group as it is read back: its sets first, then its acknowledgement, each once and to the end. */
export interface SpooledGroup {
  readonly group: CheckedGroup;
  transactions(): Iterable<{ readonly transaction: CheckedTransaction; readonly order: CheckedOrder }>;
  /** the text from ST to SE in pieces; null for a group that gets none */
  functionalAck(): Iterable<string> | null;
}

/** What is kept of a group until the end of its interchange. */
interface GroupRecord {
  readonly group: CheckedGroup;
  /** null for a group that is not answered */
  readonly ack: AckHead | null;
  readonly ackLines: number;
  readonly ackSegments: number;
}

/**
 * Puts aside what is judged until the interchange is known to be accepted: TA1 is told before the groups, and is known
 * only at IEA. However many sets there are, they lie in files and not in memory.
 */
export class GroupSpool implements JudgeListener {
  /** false once something is rejected */
  accepted = true;
  numbers: InterchangeNumbers | null = null;
  private readonly groups = new LineSpool();
  private readonly transactions = new LineSpool();
  private readonly acknowledgements = new LineSpool();
  private readonly further: FurtherFindings;
  private ack: AckHead | null = null;
  private ackLines = 0;
  private ackSegments = 0;

  constructor(further: FurtherFindings) {
    this.further = further;
  }

  /** Forgets the interchange before. */
  begin(numbers: InterchangeNumbers): void {
    this.numbers = numbers;
    this.accepted = true;
    for (const spool of [this.groups, this.transactions, this.acknowledgements]) spool.clear();
  }

  groupBegins(_group: GroupHeader, ack: AckHead): void {
    this.ack = ack;
    this.ackLines = 0;
    this.ackSegments = 0;
  }

  transaction(transaction: JudgedTransaction): void {
    if (transaction.ack === 'R') this.accepted = false;
    this.transactions.add(JSON.stringify(checkedTransaction(transaction, this.further)));
    this.transactions.add(JSON.stringify(checkedOrder(transaction)));
  }

  acknowledgement(segments: readonly DraftSegment[]): void {
    if (segments.length === 0) return;
    this.ackLines += 1;
    this.ackSegments += segments.length;
    this.acknowledgements.add(writeSegments(segments, answerSeparators));
  }

  groupEnds(outcome: GroupOutcome, answered: boolean): void {
    if (outcome.ack === 'R' || outcome.ack === 'P') this.accepted = false;
    this.numbers?.groupEnds(outcome);
    const { ackLines, ackSegments } = this;
    const ack = answered ? this.ack : null;
    const record: GroupRecord = { group: checkedGroup(outcome), ack, ackLines, ackSegments };
    this.groups.add(JSON.stringify(record));
  }

  *read(): Generator<SpooledGroup> {
    const nextTransaction = this.transactions.reader();
    const nextAck = this.acknowledgements.reader();
    const nextGroup = this.groups.reader();
    for (let at = 0; at < this.groups.count; at += 1) {
      const record = JSON.parse(nextGroup()) as GroupRecord;
      yield {
        group: record.group,
        transactions: () => transactionsOf(record, nextTransaction),
        functionalAck: () => ackOf(record, nextAck),
      };
    }
  }

  close(): void {
    for (const spool of [this.groups, this.transactions, this.acknowledgements]) spool.close();
  }
}

function* transactionsOf({ group }: GroupRecord, next: () => string) {
  for (let at = 0; at < group.received; at += 1) {
    const transaction = JSON.parse(next()) as CheckedTransaction;
    const order = JSON.parse(next()) as CheckedOrder;
    // A group-level error leaves nothing of the group standing, whatever its sets say.
    yield { transaction, order: group.errors.length > 0 ? null : order };
  }
}

function ackOf(record: GroupRecord, next: () => string): Iterable<string> | null {
  const { ack, ackLines, ackSegments } = record;
  if (ack === null) {
    for (let at = 0; at < ackLines; at += 1) next();
    return null;
  }
  return (function* () {
    const { set, implementation } = ack;
    yield writeSegments([['ST', set, '0001', implementation ?? '']], answerSeparators);
    for (let at = 0; at < ackLines; at += 1) yield next();
    yield writeSegments([['SE', String(ackSegments + 2), '0001']], answerSeparators);
  })();
}
