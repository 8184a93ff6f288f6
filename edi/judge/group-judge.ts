import { dictionaryFor } from '../dictionary/dictionary';
import type { CheckContext } from '../validate/segment-check';
import type { Separators, TransactionSet } from '../x12/model';
import type { SegmentScanner } from '../x12/scanner';
import { type AgreementView, agreedAs, type SeenNumbers } from './agreement';
import { functionalAckOf } from './functional-ack';
import { isAcknowledgement, isFunctionalGroup } from './functional-groups';
import type { JudgedGroup, JudgedTransaction } from './judgement';
import {
  type GroupContext,
  normalControlNumber,
  sameControlNumber,
  TransactionJudge,
} from './transaction-judge';

/** AK905 (element 716). */
export const groupErrors = {
  notSupported: '1',
  version: '2',
  trailerMissing: '3',
  controlNumberMismatch: '4',
  setCount: '5',
  controlNumber: '6',
  repeatedControlNumber: '19',
} as const;

const errorOrder = ['1', '2', '6', '19', '3', '4', '5'];

/** What all groups of an interchange share. */
export interface InterchangeContext {
  readonly separators: Separators;
  readonly interchangeVersion: string;
  readonly check: CheckContext;
  readonly agreement: AgreementView | null;
  readonly seen: SeenNumbers;
  readonly groupNumbers: Set<string>;
  readonly keepsDocuments: boolean;
  readonly takeDocument: ((document: TransactionSet) => void) | null;
  readonly fileOffset: (at: number) => number;
}

/** Judges one functional group, from its GS to its GE or to where it breaks off. */
export class GroupJudge {
  /** GS02, GS03: without them nobody can be answered (TA105 024) */
  readonly namesParties: boolean;
  private readonly context: InterchangeContext;
  private readonly sets: GroupContext;
  private readonly header: readonly string[];
  private readonly errors = new Set<string>();
  private readonly transactions: JudgedTransaction[] = [];
  private open: TransactionJudge | null = null;

  /** The scanner stands on GS. */
  constructor(context: InterchangeContext, scanner: SegmentScanner) {
    this.context = context;
    this.header = Array.from({ length: 8 }, (_, index) => scanner.text(index + 1).trim());
    this.namesParties = this.value(2) !== '' && this.value(3) !== '';
    const dictionary = dictionaryFor(this.value(8));
    if (!isFunctionalGroup(this.value(1))) this.errors.add(groupErrors.notSupported);
    if (dictionary === null) this.errors.add(groupErrors.version);
    this.checkAgreed();
    this.checkControlNumber();
    this.sets = {
      functionalId: this.value(1),
      version: this.value(8),
      dictionary,
      supported: !this.errors.has(groupErrors.notSupported) && !this.errors.has(groupErrors.version),
      separators: context.separators,
      check: { ...context.check, repeats: this.value(8) >= '004020' },
      agreement: context.agreement,
      setNumbers: new Set(),
      keepsDocuments: context.keepsDocuments,
      takeDocument: context.takeDocument,
      fileOffset: context.fileOffset,
    };
  }

  /** GS04 and GS05, for the deviation only: no code of an acknowledgement speaks of them. */
  get hasDateAndTime(): boolean {
    return /^(\d{8}|\d{6})$/.test(this.value(4)) && /^\d{4,8}$/.test(this.value(5));
  }

  get agency(): string {
    return this.value(7);
  }

  get inSet(): boolean {
    return this.open !== null;
  }

  startSet(scanner: SegmentScanner): void {
    this.breakOffSet();
    this.open = new TransactionJudge(this.sets, scanner);
  }

  segment(scanner: SegmentScanner, id: string): void {
    this.open?.segment(scanner, id);
  }

  finishSet(scanner: SegmentScanner): void {
    if (this.open === null) return;
    this.transactions.push(this.open.finish(scanner));
    this.open = null;
  }

  /** GE was read. */
  finish(scanner: SegmentScanner): JudgedGroup {
    this.breakOffSet();
    const count = scanner.text(1).trim();
    const included = /^\d{1,6}$/.test(count) ? Number(count) : null;
    if (included !== this.transactions.length) this.errors.add(groupErrors.setCount);
    if (!sameControlNumber(scanner.text(2).trim(), this.value(6)))
      this.errors.add(groupErrors.controlNumberMismatch);
    return this.judged(included);
  }

  /** The next GS, IEA or the end came before GE. */
  breakOff(): JudgedGroup {
    this.breakOffSet();
    this.errors.add(groupErrors.trailerMissing);
    return this.judged(null);
  }

  private value(element: number): string {
    return this.header[element - 1] ?? '';
  }

  private breakOffSet(): void {
    if (this.open === null) return;
    this.transactions.push(this.open.breakOff());
    this.open = null;
  }

  private checkAgreed(): void {
    const agreed = this.context.agreement?.agreedGroups;
    if (!agreed || this.value(1) === 'FA') return;
    const group = {
      functionalId: this.value(1),
      senderCode: this.value(2),
      receiverCode: this.value(3),
      version: this.value(8),
    };
    const as = agreedAs(group, agreed);
    if (as === 'undeclared') this.errors.add(groupErrors.notSupported);
    if (as === 'version') this.errors.add(groupErrors.version);
  }

  private checkControlNumber(): void {
    const number = this.value(6);
    if (!/^\d{1,9}$/.test(number)) {
      this.errors.add(groupErrors.controlNumber);
      return;
    }
    const { groupNumbers, seen } = this.context;
    const normal = normalControlNumber(number);
    if (groupNumbers.has(normal)) {
      this.errors.add(
        this.value(8) >= '005010' ? groupErrors.repeatedControlNumber : groupErrors.controlNumber,
      );
    } else if (seen.group(this.value(2), this.value(3), this.value(1), normal)) {
      this.errors.add(groupErrors.controlNumber);
    }
    groupNumbers.add(normal);
  }

  private judged(included: number | null): JudgedGroup {
    const { transactions } = this;
    const failed = this.errors.size > 0;
    const taken = transactions.filter((one) => one.ack !== 'R').length;
    const accepted = failed ? 0 : taken;
    const group = {
      functionalId: this.value(1),
      senderCode: this.value(2),
      receiverCode: this.value(3),
      date: this.value(4),
      time: this.value(5),
      controlNumber: this.value(6),
      version: this.value(8),
      ack: this.ack(accepted),
      errors: errorOrder.filter((code) => this.errors.has(code)),
      included: included ?? transactions.length,
      received: transactions.length,
      accepted,
      // Nothing of a rejected group is processed, whatever was found in its sets.
      transactions: failed ? transactions.map((one) => ({ ...one, document: null })) : transactions,
    };
    return { ...group, functionalAck: this.isAnswered() ? functionalAckOf(group, this.context) : null };
  }

  private ack(accepted: number): 'A' | 'E' | 'P' | 'R' {
    if (this.errors.size > 0 || accepted === 0) return 'R';
    if (accepted < this.transactions.length) return 'P';
    return this.transactions.some((one) => one.ack === 'E') ? 'E' : 'A';
  }

  private isAnswered(): boolean {
    if (this.value(1) === 'FA') return false;
    return this.transactions.length === 0 || !this.transactions.every((one) => isAcknowledgement(one.set));
  }
}
