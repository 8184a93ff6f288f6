import { dictionaryFor } from '../dictionary/dictionary';
import type { Finding } from '../validate/finding';
import type { DocumentDraft, DraftElement, DraftSegment } from '../x12/model';
import { writeTransactionSet } from '../x12/writer';
import { type AgreementView, answerSeparators } from './agreement';
import type { FunctionalAck, JudgedGroup, JudgedTransaction } from './judgement';
import { setErrors } from './transaction-judge';

/** The implementation convention of the 999 (GS08 and ST03). */
const implementation999 = '005010X231A1';
/** AK4 occurs at most 99 times under an AK3, AK502 to AK506 and AK905 to AK909 hold five codes. */
const mostElementNotes = 99;
const mostCodes = 5;
/** AK302 (element 719) is N0 1/6 up to 4010. */
const highestPosition = 999_999;

type GroupWithoutAck = Omit<JudgedGroup, 'functionalAck'>;

interface AckContext {
  readonly interchangeVersion: string;
  readonly agreement: AgreementView | null;
}

/** The 997 or 999 for a group: a pure function of how it was judged. */
export function functionalAckOf(
  group: GroupWithoutAck,
  { interchangeVersion, agreement }: AckContext,
): FunctionalAck {
  const implementation = agreement?.functionalAck === '999' ? implementation999 : null;
  const version = implementation ?? ackVersion(group.version, interchangeVersion);
  const writer = new AckWriter(group, version, implementation !== null, agreement);
  const draft = writer.draft(agreement?.ackDetail ?? 'all');
  return { draft, version, text: writeTransactionSet('0001', draft, answerSeparators) };
}

function ackVersion(groupVersion: string, interchangeVersion: string): string {
  const release = dictionaryFor(groupVersion)?.release;
  if (release !== undefined) return release;
  return interchangeVersion >= '00501' ? '005010' : '004010';
}

class AckWriter {
  private readonly group: GroupWithoutAck;
  private readonly version: string;
  private readonly is999: boolean;
  private readonly forbidden: RegExp;
  /** breaches of a guide are no matter of an acknowledgement, unless the agreement says so */
  private readonly namesBreaches: boolean;

  constructor(group: GroupWithoutAck, version: string, is999: boolean, agreement: AgreementView | null) {
    this.group = group;
    this.version = version;
    this.is999 = is999;
    this.namesBreaches = agreement?.guideBreaches === 'acknowledge';
    const used = [agreement?.separators ?? answerSeparators, answerSeparators]
      .flatMap(Object.values)
      .filter((one) => one !== null && one !== '');
    const escaped = used.map((one: string) => one.replace(/[\\\]^-]/g, '\\$&')).join('');
    // Copies of bad data must not break the answer: separators and control characters become blanks.
    this.forbidden = new RegExp(`[${escaped}\\x00-\\x1f\\x7f-\\x9f\\u0100-\\uffff]`, 'g');
  }

  draft(detail: 'all' | 'rejected'): DocumentDraft {
    const { group } = this;
    const segments: DraftSegment[] = [this.ak1()];
    for (const transaction of group.transactions) {
      if (detail === 'all' || transaction.ack !== 'A') segments.push(...this.transaction(transaction));
    }
    const count = (number: number): string => String(Math.min(number, highestPosition));
    const codes = group.errors.slice(0, mostCodes);
    segments.push([
      'AK9',
      group.ack,
      count(group.included),
      count(group.received),
      count(group.accepted),
      ...codes,
    ]);
    const draft = { set: this.is999 ? '999' : '997', segments };
    return this.is999 ? { ...draft, implementation: implementation999 } : draft;
  }

  private ak1(): DraftSegment {
    const { functionalId, controlNumber, version } = this.group;
    const number = this.copy(controlNumber, 9) || '0';
    const ak1 = ['AK1', this.copy(functionalId, 2) || 'ZZ', number];
    return this.version >= '005010' ? [...ak1, this.copy(version, 12)] : ak1;
  }

  private transaction(transaction: JudgedTransaction): DraftSegment[] {
    const name = this.is999 ? 'IK' : 'AK';
    const ak2 = [
      'AK2',
      this.copy(transaction.set, 3) || '000',
      this.copy(transaction.controlNumber, 9) || '0000',
    ];
    const segments: DraftSegment[] = [
      this.version >= '005010' ? [...ak2, this.copy(transaction.implementation, 35)] : ak2,
    ];
    const named = transaction.findings.filter(
      ({ severity }) => severity === 'syntax' || (severity === 'guide' && this.namesBreaches),
    );
    for (const faults of bySegment(named)) segments.push(...this.segmentNote(name, faults, transaction));
    segments.push([`${name}5`, transaction.ack, ...this.setErrors(transaction, named).slice(0, mostCodes)]);
    return segments;
  }

  /** A 999 tells a breach of the guide (I5) from an error of the standard (5). */
  private setErrors({ errors }: JudgedTransaction, named: readonly Finding[]): readonly string[] {
    if (!this.is999 || !named.some(({ severity }) => severity === 'guide')) return errors;
    return errors.flatMap((code) => {
      if (code !== setErrors.segmentsInError) return [code];
      return named.some(({ severity }) => severity === 'syntax') ? [code, 'I5'] : ['I5'];
    });
  }

  /** One AK3, then an AK4 for each of its element errors. */
  private segmentNote(
    name: string,
    faults: readonly Finding[],
    transaction: JudgedTransaction,
  ): DraftSegment[] {
    const first = faults[0] as Finding;
    const id = (this.copy(first.segment, 3) || '00').padEnd(2, '0');
    const position = String(Math.min(first.position, highestPosition));
    const loop = first.loop === null ? '' : this.copy(first.loop, 4);
    const segments: DraftSegment[] = [[`${name}3`, id, position, loop, this.segmentError(first)]];
    if (this.is999 && transaction.businessUnit !== null) {
      const { place, value } = transaction.businessUnit;
      segments.push(['CTX', [place, this.copy(value, 35)]]);
    }
    for (const fault of faults.slice(0, mostElementNotes)) {
      if (fault.element === null) continue;
      const reference = /^\d+$/.test(fault.reference ?? '') ? (fault.reference as string) : '';
      segments.push([
        `${name}4`,
        this.place(fault),
        reference,
        (this.is999 ? fault.implementationError : undefined) ?? fault.elementError ?? '',
        this.copy(fault.value, 99),
      ]);
    }
    return segments;
  }

  private segmentError(finding: Finding): string {
    const own = this.is999 && finding.element === null ? finding.implementationError : undefined;
    return own ?? finding.segmentError;
  }

  /** C030: element, component and, from 4020, repetition. */
  private place(fault: Finding): DraftElement {
    const element = String(Math.min(fault.element as number, 99));
    const component = fault.component === null ? '' : String(Math.min(fault.component, 99));
    const repetition = fault.repetition === null || this.version < '004020' ? '' : String(fault.repetition);
    // Before 3050 AK401 was a simple element.
    if (this.version < '003050' || (component === '' && repetition === '')) return element;
    return [element, component, repetition];
  }

  private copy(value: string, longest: number): string {
    return value.replace(this.forbidden, ' ').slice(0, longest).trimEnd();
  }
}

/** Findings of one segment stand together: element errors under one AK3, every other error alone. */
function bySegment(findings: readonly Finding[]): Finding[][] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const last = groups.at(-1)?.[0];
    const joins =
      last !== undefined &&
      finding.element !== null &&
      last.element !== null &&
      last.position === finding.position;
    if (joins) groups.at(-1)?.push(finding);
    else groups.push([finding]);
  }
  return groups;
}
