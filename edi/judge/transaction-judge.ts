import type { Dictionary, SetDef } from '../dictionary/dictionary';
import type { Finding } from '../validate/finding';
import type { CheckContext } from '../validate/segment-check';
import { SetValidator } from '../validate/set-validator';
import type { Separators, TransactionSet } from '../x12/model';
import type { SegmentScanner } from '../x12/scanner';
import type { AgreementView } from './agreement';
import { setFitsGroup } from './functional-groups';
import type { JudgedTransaction } from './judgement';
import type { UsedNumbers } from './used-numbers';

/** AK502 (element 718). */
export const setErrors = {
  notSupported: '1',
  trailerMissing: '2',
  controlNumberMismatch: '3',
  segmentCount: '4',
  segmentsInError: '5',
  identifier: '6',
  controlNumber: '7',
  repeatedControlNumber: '23',
} as const;

/** The order in which AK502 to AK506 name errors: what a set is, then whether it is whole, then what it holds. */
const errorOrder = ['1', '6', '7', '23', '2', '3', '4', '5'];

/** The element by which people know a document; acknowledged as CTX in a 999. */
const businessUnits: Readonly<Record<string, { readonly segment: string; readonly element: number }>> = {
  '850': { segment: 'BEG', element: 3 },
  '855': { segment: 'BAK', element: 3 },
  '860': { segment: 'BCH', element: 3 },
  '865': { segment: 'BCA', element: 3 },
  '856': { segment: 'BSN', element: 2 },
  '810': { segment: 'BIG', element: 2 },
  '940': { segment: 'W05', element: 2 },
  '945': { segment: 'W06', element: 2 },
};

/** What all sets of a group share. */
export interface GroupContext {
  readonly functionalId: string;
  readonly version: string;
  readonly dictionary: Dictionary | null;
  /** a group of an id or version that is not supported has its sets rejected unread */
  readonly supported: boolean;
  readonly separators: Separators;
  readonly check: CheckContext;
  readonly agreement: AgreementView | null;
  readonly setNumbers: UsedNumbers;
  readonly keepsDocuments: boolean;
  readonly fileOffset: (at: number) => number;
}

/** "0001" and "1" are one control number; texts that are no numbers compare as texts. */
export function sameControlNumber(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

function normal(number: string): string {
  return /^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number;
}

/** Judges one set, from its ST to its SE or to where it breaks off. */
export class TransactionJudge {
  private readonly context: GroupContext;
  private readonly set: string;
  private readonly controlNumber: string;
  private readonly implementation: string;
  private readonly errors = new Set<string>();
  private readonly validator: SetValidator | null;
  private position = 1;
  private businessUnit: JudgedTransaction['businessUnit'] = null;

  /** The scanner stands on ST. */
  constructor(context: GroupContext, scanner: SegmentScanner) {
    this.context = context;
    this.set = scanner.text(1).trim();
    this.controlNumber = scanner.text(2).trim();
    this.implementation = scanner.text(3).trim();
    const def = this.identify();
    this.checkControlNumber();
    this.validator =
      def === null || context.dictionary === null
        ? null
        : new SetValidator(context.dictionary, def, context.check, {
            keepsTree: context.keepsDocuments || context.agreement?.guideFindings !== undefined,
            fileOffset: context.fileOffset,
          });
  }

  segment(scanner: SegmentScanner, id: string): void {
    this.position += 1;
    if (this.validator === null) return;
    this.validator.segment(scanner, id, this.position);
    if (this.businessUnit === null) {
      const place = businessUnits[this.set];
      if (place?.segment === id) this.keepBusinessUnit(scanner, place);
    }
  }

  /** SE was read. */
  finish(scanner: SegmentScanner): JudgedTransaction {
    this.position += 1;
    this.validator?.finish(this.position);
    const count = scanner.text(1).trim();
    if (!/^\d{1,10}$/.test(count) || Number(count) !== this.position) this.errors.add(setErrors.segmentCount);
    if (!sameControlNumber(scanner.text(2).trim(), this.controlNumber))
      this.errors.add(setErrors.controlNumberMismatch);
    return this.judged();
  }

  /** The next ST, GE, GS or the end came before SE. */
  breakOff(): JudgedTransaction {
    this.errors.add(setErrors.trailerMissing);
    return this.judged();
  }

  private identify(): SetDef | null {
    const { functionalId, dictionary, supported } = this.context;
    if (!supported) {
      this.errors.add(setErrors.notSupported);
      return null;
    }
    if (!/^\d{3}$/.test(this.set) || !setFitsGroup(this.set, functionalId)) {
      this.errors.add(setErrors.identifier);
      return null;
    }
    const def = dictionary?.set(this.set) ?? null;
    if (def === null) this.errors.add(setErrors.notSupported);
    return def;
  }

  private checkControlNumber(): void {
    if (!/^[A-Za-z0-9]{4,9}$/.test(this.controlNumber)) {
      this.errors.add(setErrors.controlNumber);
      return;
    }
    const { setNumbers } = this.context;
    if (setNumbers.has(this.controlNumber)) this.errors.add(setErrors.repeatedControlNumber);
    setNumbers.add(this.controlNumber);
  }

  private keepBusinessUnit(scanner: SegmentScanner, place: { segment: string; element: number }): void {
    const value = scanner.text(place.element).trim();
    if (value === '') return;
    this.businessUnit = { place: `${place.segment}${String(place.element).padStart(2, '0')}`, value };
  }

  private judged(): JudgedTransaction {
    const syntax = this.validator?.findings ?? [];
    if (syntax.length > 0) this.errors.add(setErrors.segmentsInError);
    const standing = this.ack(syntax);
    const breaches = standing === 'R' ? [] : this.breachesOfGuide();
    if (breaches.length > 0 && this.context.agreement?.guideBreaches === 'acknowledge')
      this.errors.add(setErrors.segmentsInError);
    const findings = breaches.length > 0 ? [...syntax, ...breaches] : syntax;
    const ack = this.ack(findings);
    return {
      set: this.set,
      controlNumber: this.controlNumber,
      implementation: this.implementation,
      ack,
      errors: errorOrder.filter((code) => this.errors.has(code)),
      findings,
      businessUnit: this.businessUnit,
      segmentCount: this.position,
      document: this.document(ack),
    };
  }

  private breachesOfGuide(): readonly Finding[] {
    const { agreement } = this.context;
    if (agreement?.guideFindings === undefined || this.validator === null) return [];
    const breaches = agreement.guideFindings(this.tree(this.validator));
    return [...breaches].sort((one, other) => one.position - other.position);
  }

  private ack(findings: readonly Finding[]): 'A' | 'E' | 'R' {
    if (this.errors.size === 0) return 'A';
    if (this.errors.size > 1 || !this.errors.has(setErrors.segmentsInError)) return 'R';
    return findings.every((finding) => this.isTolerated(finding)) ? 'E' : 'R';
  }

  private isTolerated(finding: Finding): boolean {
    const { agreement } = this.context;
    if (finding.severity === 'guide' && agreement?.guideBreaches !== 'acknowledge') return true;
    const code =
      finding.elementError === null ? `segment:${finding.segmentError}` : `element:${finding.elementError}`;
    return agreement?.tolerated.has(code) ?? false;
  }

  private tree(validator: SetValidator): TransactionSet {
    return {
      set: this.set,
      controlNumber: this.controlNumber,
      version: this.context.version,
      separators: this.context.separators,
      root: validator.root,
      segmentCount: this.position,
    };
  }

  /** The tree, unless the set is rejected, its group condemns it already, or nobody wants it. */
  private document(ack: JudgedTransaction['ack']): TransactionSet | null {
    const { keepsDocuments, supported } = this.context;
    if (ack === 'R' || this.validator === null || !keepsDocuments || !supported) return null;
    return this.tree(this.validator);
  }
}
