import { dictionaryFor } from '../dictionary/dictionary';
import type { CheckContext } from '../validate/segment-check';
import type { Separators } from '../x12/model';
import type { SegmentScanner } from '../x12/scanner';
import { type AgreementView, agreedAs, type SeenNumbers } from './agreement';
import { FunctionalAckWriter } from './functional-ack';
import { isAcknowledgement, isFunctionalGroup } from './functional-groups';
import type { JudgeListener } from './judge-listener';
import type { GroupHeader, JudgedTransaction } from './judgement';
import { type GroupContext, sameControlNumber, TransactionJudge } from './transaction-judge';
import { UsedNumbers } from './used-numbers';

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
  readonly groupNumbers: UsedNumbers;
  readonly keepsDocuments: boolean;
  readonly listener: JudgeListener;
  readonly fileOffset: (at: number) => number;
}

/** Judges one functional group, from its GS to its GE or to where it breaks off. */
export class GroupJudge {
  private readonly context: InterchangeContext;
  private readonly sets: GroupContext;
  private readonly elements: readonly string[];
  private readonly header: GroupHeader;
  private readonly errors = new Set<string>();
  private readonly ack: FunctionalAckWriter;
  private received = 0;
  private rejected = 0;
  private tolerated = 0;
  /** sets that are 997 or 999 themselves */
  private acknowledgements = 0;
  private open: TransactionJudge | null = null;

  /** The scanner stands on GS. */
  constructor(context: InterchangeContext, scanner: SegmentScanner) {
    this.context = context;
    this.elements = Array.from({ length: 8 }, (_, index) => scanner.text(index + 1).trim());
    this.header = this.headerValues();
    const { functionalId, version } = this.header;
    const dictionary = dictionaryFor(version);
    if (!isFunctionalGroup(functionalId)) this.errors.add(groupErrors.notSupported);
    if (dictionary === null) this.errors.add(groupErrors.version);
    this.checkAgreed();
    this.checkControlNumber();
    this.sets = {
      functionalId,
      version,
      dictionary,
      supported: !this.errors.has(groupErrors.notSupported) && !this.errors.has(groupErrors.version),
      separators: context.separators,
      check: { ...context.check, repeats: version >= '004020' },
      agreement: context.agreement,
      setNumbers: new UsedNumbers(),
      keepsDocuments: context.keepsDocuments,
      fileOffset: context.fileOffset,
    };
    this.ack = new FunctionalAckWriter(this.header, context.interchangeVersion, context.agreement);
    context.listener.groupBegins(this.header, this.ack.head);
    context.listener.acknowledgement([this.ack.opening()]);
  }

  /** GS02, GS03: without them nobody can be answered (TA105 024) */
  get namesParties(): boolean {
    return this.header.senderCode !== '' && this.header.receiverCode !== '';
  }

  /** GS04 and GS05, for the deviation only: no code of an acknowledgement speaks of them. */
  get hasDateAndTime(): boolean {
    return /^(\d{8}|\d{6})$/.test(this.header.date) && /^\d{4,8}$/.test(this.header.time);
  }

  get agency(): string {
    return this.elements[6] as string;
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
    if (this.open !== null) this.judged(this.open.finish(scanner));
  }

  /** GE was read. */
  finish(scanner: SegmentScanner): void {
    this.breakOffSet();
    const count = scanner.text(1).trim();
    const included = /^\d{1,6}$/.test(count) ? Number(count) : null;
    if (included !== this.received) this.errors.add(groupErrors.setCount);
    if (!sameControlNumber(scanner.text(2).trim(), this.header.controlNumber))
      this.errors.add(groupErrors.controlNumberMismatch);
    this.end(included);
  }

  /** The next GS, IEA or the end came before GE. */
  breakOff(): void {
    this.breakOffSet();
    this.errors.add(groupErrors.trailerMissing);
    this.end(null);
  }

  private headerValues(): GroupHeader {
    const [functionalId, senderCode, receiverCode, date, time, controlNumber, , version] = this
      .elements as Tuple8;
    return { functionalId, senderCode, receiverCode, date, time, controlNumber, version };
  }

  private breakOffSet(): void {
    if (this.open !== null) this.judged(this.open.breakOff());
  }

  private judged(transaction: JudgedTransaction): void {
    this.open = null;
    this.received += 1;
    if (transaction.ack === 'R') this.rejected += 1;
    if (transaction.ack === 'E') this.tolerated += 1;
    if (isAcknowledgement(transaction.set)) this.acknowledgements += 1;
    const { listener } = this.context;
    if (this.header.functionalId !== 'FA') listener.acknowledgement(this.ack.transaction(transaction));
    listener.transaction(transaction);
  }

  private checkAgreed(): void {
    const agreed = this.context.agreement?.agreedGroups;
    if (!agreed || this.header.functionalId === 'FA') return;
    const as = agreedAs(this.header, agreed);
    if (as === 'undeclared') this.errors.add(groupErrors.notSupported);
    if (as === 'version') this.errors.add(groupErrors.version);
  }

  private checkControlNumber(): void {
    const { functionalId, senderCode, receiverCode, controlNumber, version } = this.header;
    if (!/^\d{1,9}$/.test(controlNumber)) {
      this.errors.add(groupErrors.controlNumber);
      return;
    }
    const { groupNumbers, seen } = this.context;
    if (groupNumbers.has(controlNumber)) {
      this.errors.add(version >= '005010' ? groupErrors.repeatedControlNumber : groupErrors.controlNumber);
    } else if (seen.group(senderCode, receiverCode, functionalId, String(Number(controlNumber)))) {
      this.errors.add(groupErrors.controlNumber);
    }
    groupNumbers.add(controlNumber);
  }

  private end(included: number | null): void {
    const { received } = this;
    const accepted = this.errors.size > 0 ? 0 : received - this.rejected;
    const outcome = {
      ...this.header,
      ack: this.verdict(accepted),
      errors: errorOrder.filter((code) => this.errors.has(code)),
      included: included ?? received,
      received,
      accepted,
    };
    const { listener } = this.context;
    listener.acknowledgement([this.ack.closing(outcome)]);
    listener.groupEnds(outcome, this.isAnswered());
  }

  private verdict(accepted: number): 'A' | 'E' | 'P' | 'R' {
    if (this.errors.size > 0 || accepted === 0) return 'R';
    if (accepted < this.received) return 'P';
    return this.tolerated > 0 ? 'E' : 'A';
  }

  /** Acknowledgements are never acknowledged. */
  private isAnswered(): boolean {
    if (this.header.functionalId === 'FA') return false;
    return this.received === 0 || this.acknowledgements < this.received;
  }
}

type Tuple8 = [string, string, string, string, string, string, string, string];
