import type { DraftSegment } from '../x12/model';
import { writeTransactionSet } from '../x12/writer';
import { answerSeparators } from './agreement';
import type { AckHead } from './functional-ack';
import type { GroupHeader, GroupOutcome, JudgedGroup, JudgedTransaction } from './judgement';

/**
 * Is told what is judged as soon as it is, so that nobody needs to hold a large interchange. What was told counts only
 * if neither its group nor, in the end, the interchange is rejected: GE and IEA are read later.
 */
export interface JudgeListener {
  /** `ack`: what will answer the group, if anything does */
  groupBegins(group: GroupHeader, ack: AckHead): void;
  transaction(transaction: JudgedTransaction): void;
  /** the next segments of the 997 or 999 that answers the group: AK1 first, AK9 last */
  acknowledgement(segments: readonly DraftSegment[]): void;
  /** `answered` false: what was told of the group's acknowledgement is void */
  groupEnds(group: GroupOutcome, answered: boolean): void;
}

/** Holds everything: for interchanges of an ordinary size. */
export class GroupCollector implements JudgeListener {
  readonly groups: JudgedGroup[] = [];
  private ack: AckHead | null = null;
  private transactions: JudgedTransaction[] = [];
  private segments: DraftSegment[] = [];

  groupBegins(_group: GroupHeader, ack: AckHead): void {
    this.ack = ack;
    this.transactions = [];
    this.segments = [];
  }

  transaction(transaction: JudgedTransaction): void {
    this.transactions.push(transaction);
  }

  acknowledgement(segments: readonly DraftSegment[]): void {
    for (const segment of segments) this.segments.push(segment);
  }

  groupEnds(outcome: GroupOutcome, answered: boolean): void {
    // Nothing of a rejected group is processed, whatever was found in its sets.
    const transactions =
      outcome.errors.length > 0
        ? this.transactions.map((one) => ({ ...one, document: null }))
        : this.transactions;
    this.groups.push({ ...outcome, transactions, functionalAck: answered ? this.functionalAck() : null });
  }

  private functionalAck(): JudgedGroup['functionalAck'] {
    const { set, implementation, version } = this.ack as AckHead;
    const { segments } = this;
    const draft = { set, segments, ...(implementation === null ? {} : { implementation }) };
    return { draft, version, text: writeTransactionSet('0001', draft, answerSeparators) };
  }
}
