import { dictionaryFor } from '../dictionary/dictionary';
import type { Finding } from '../validate/finding';
import type { DraftElement, DraftSegment, Separators } from '../x12/model';
import { type AgreementView, answerSeparators } from './agreement';
import type { GroupHeader, GroupOutcome, JudgedTransaction } from './judgement';
import { setErrors } from './transaction-judge';

/** The implementation convention of the 999 (GS08 and ST03). */
const implementation999 = '005010X231A1';
/** AK4 occurs at most 99 times under an AK3, AK502 to AK506 and AK905 to AK909 hold five codes. */
const mostElementNotes = 99;
const mostCodes = 5;
/** AK902 to AK904 and, up to 4010, AK302 (element 719) are N0 1/6. */
const highestCount = 999_999;

/** What an acknowledgement is, before its segments. */
export interface AckHead {
  readonly set: '997' | '999';
  /** ST03 of a 999 */
  readonly implementation: string | null;
  /** GS08 of the group that carries it */
  readonly version: string;
}

/** Writes the 997 or 999 of one group while the group is judged: a pure function of what is found. */
export class FunctionalAckWriter {
  readonly head: AckHead;
  private readonly group: GroupHeader;
  private readonly version: string;
  private readonly is999: boolean;
  private readonly rejectedOnly: boolean;
  private readonly forbidden: RegExp;
  /** breaches of a guide are no matter of an acknowledgement, unless the agreement says so */
  private readonly namesBreaches: boolean;

  constructor(group: GroupHeader, interchangeVersion: string, agreement: AgreementView | null) {
    this.group = group;
    this.is999 = agreement?.functionalAck === '999';
    this.version = this.is999 ? implementation999 : ackVersion(group.version, interchangeVersion);
    this.head = {
      set: this.is999 ? '999' : '997',
      implementation: this.is999 ? implementation999 : null,
      version: this.version,
    };
    this.rejectedOnly = agreement?.ackDetail === 'rejected';
    this.namesBreaches = agreement?.guideBreaches === 'acknowledge';
    this.forbidden = forbiddenBy([agreement?.separators ?? answerSeparators, answerSeparators]);
  }

  /** AK1 */
  opening(): DraftSegment {
    const { functionalId, controlNumber, version } = this.group;
    const number = controlNumber.replace(/\D/g, '').slice(0, 9) || '0';
    const ak1 = ['AK1', (this.copy(functionalId, 2) || 'ZZ').padEnd(2, ' '), number];
    return this.version >= '005010' ? [...ak1, this.copy(version, 12)] : ak1;
  }

  /** AK2 to AK5; nothing for an accepted set where only the rejected ones are asked for. */
  transaction(transaction: JudgedTransaction): readonly DraftSegment[] {
    if (this.rejectedOnly && transaction.ack === 'A') return [];
    const ak2 = [
      'AK2',
      (this.copy(transaction.set, 3) || '000').padEnd(3, ' '),
      padded(this.copy(transaction.controlNumber, 9), 4),
    ];
    const segments: DraftSegment[] = [
      this.version >= '005010' ? [...ak2, this.copy(transaction.implementation, 35)] : ak2,
    ];
    const named = transaction.findings.filter(
      ({ severity }) => severity === 'syntax' || (severity === 'guide' && this.namesBreaches),
    );
    for (const faults of bySegment(named)) segments.push(...this.segmentNote(faults, transaction));
    const codes = this.setErrors(transaction, named).slice(0, mostCodes);
    segments.push([this.is999 ? 'IK5' : 'AK5', transaction.ack, ...codes]);
    return segments;
  }

  /** AK9 */
  closing({ ack, included, received, accepted, errors }: GroupOutcome): DraftSegment {
    const count = (number: number): string => String(Math.min(number, highestCount));
    return ['AK9', ack, count(included), count(received), count(accepted), ...errors.slice(0, mostCodes)];
  }

  /** A 999 tells a breach of the guide (I5) from an error of the standard (5). */
  private setErrors({ errors }: JudgedTransaction, named: readonly Finding[]): readonly string[] {
    if (!this.is999 || !named.some(({ severity }) => severity === 'guide')) return errors;
    return errors.flatMap((code) => {
      if (code !== setErrors.segmentsInError) return [code];
      return named.some(({ severity }) => severity === 'syntax') ? [code, 'I5'] : ['I5'];
    });
  }

  /** One AK3, then an AK4 for each of its element errors; a 999 adds which document it is and what asked for it. */
  private segmentNote(faults: readonly Finding[], { businessUnit }: JudgedTransaction): DraftSegment[] {
    const first = faults[0] as Finding;
    const id = (this.copy(first.segment, 3) || '00').padEnd(2, ' ');
    const position = String(Math.min(first.position, highestCount));
    const loop = first.loop === null ? '' : this.copy(first.loop, 4);
    const segments: DraftSegment[] = [
      [this.is999 ? 'IK3' : 'AK3', id, position, loop, this.segmentError(first)],
    ];
    if (this.is999) {
      if (first.element === null) segments.push(...this.situation(first));
      if (businessUnit !== null)
        segments.push(['CTX', [businessUnit.place, this.copy(businessUnit.value, 35)]]);
    }
    for (const fault of faults.slice(0, mostElementNotes)) {
      if (fault.element === null) continue;
      segments.push([
        this.is999 ? 'IK4' : 'AK4',
        this.place(fault.element, fault.component, fault.repetition),
        elementNumber(fault.reference),
        (this.is999 ? fault.implementationError : undefined) ?? fault.elementError ?? '',
        this.copy(fault.value, 99),
      ]);
      if (this.is999) segments.push(...this.situation(fault));
    }
    return segments;
  }

  /** What made an element or a segment due, or excluded it (CTX01 of the 999's guide). */
  private situation({ trigger }: Finding): DraftSegment[] {
    if (trigger === undefined) return [];
    const { segment, position, element, component, reference } = trigger;
    const place = element === null ? '' : this.place(element, component, null);
    return [['CTX', 'SITUATIONAL TRIGGER', segment, String(position), '', place, elementNumber(reference)]];
  }

  private segmentError(finding: Finding): string {
    const own = this.is999 && finding.element === null ? finding.implementationError : undefined;
    return own ?? finding.segmentError;
  }

  /** C030: element, component and, from 4020, repetition. */
  private place(element: number, component: number | null, repetition: number | null): DraftElement {
    const first = String(Math.min(element, 99));
    const second = component === null ? '' : String(Math.min(component, 99));
    const third = repetition === null || this.version < '004020' ? '' : String(Math.min(repetition, 9999));
    // Before 3050 AK401 was a simple element.
    if (this.version < '003050' || (second === '' && third === '')) return first;
    return [first, second, third];
  }

  private copy(value: string, longest: number): string {
    return value.replace(this.forbidden, ' ').slice(0, longest).trimEnd();
  }
}

/** A control number that is too short is still named by its value. */
function padded(number: string, width: number): string {
  return /^\d*$/.test(number) ? number.padStart(width, '0') : number.padEnd(width, ' ');
}

/** Data elements have a number; that of a composite cannot be said in AK402. */
function elementNumber(reference: string | null): string {
  return /^\d+$/.test(reference ?? '') ? (reference as string) : '';
}

function ackVersion(groupVersion: string, interchangeVersion: string): string {
  const release = dictionaryFor(groupVersion)?.release;
  if (release !== undefined) return release;
  return interchangeVersion >= '00501' ? '005010' : '004010';
}

/** Copies of bad data must not break the answer: separators and control characters become blanks. */
function forbiddenBy(separators: readonly Separators[]): RegExp {
  const used = separators.flatMap(Object.values).filter((one) => one !== null && one !== '');
  const escaped = used.map((one: string) => one.replace(/[\\\]^-]/g, '\\$&')).join('');
  return new RegExp(`[${escaped}\\x00-\\x1f\\x7f-\\x9f\\u0100-\\uffff]`, 'g');
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
