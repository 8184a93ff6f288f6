import type { Dictionary, SetDef } from '../dictionary/dictionary';
import type { Loop } from '../x12/model';
import type { SegmentScanner } from '../x12/scanner';
import {
  elementErrorTexts,
  type Finding,
  type SegmentError,
  segmentErrors,
  segmentErrorTexts,
  type Trigger,
} from './finding';
import { Placement } from './placement';
import { type CheckContext, checkSegment, type ElementFault } from './segment-check';

/**
 * A set is rejected by its first finding; a flood of them helps nobody and is how hostile input
 * fills memory. Far more are kept than a person reads.
 */
const mostFindings = 10_000;

/** Validates one transaction set, segment by segment, and keeps its tree while it may be accepted. */
export class SetValidator {
  readonly findings: Finding[] = [];
  private readonly placement: Placement;
  private readonly context: CheckContext;
  private readonly keepsTree: boolean;
  private readonly fileOffset: (at: number) => number;
  private position = 1;
  /** LS01 of the bounded loop that is open */
  private boundedLoop: string | null = null;

  constructor(
    dictionary: Dictionary,
    set: SetDef,
    context: CheckContext,
    options: { readonly keepsTree: boolean; readonly fileOffset: (at: number) => number },
  ) {
    this.placement = new Placement(dictionary, set, (id) => this.segmentFault(id, segmentErrors.missing));
    this.context = context;
    this.keepsTree = options.keepsTree;
    this.fileOffset = options.fileOffset;
  }

  /** The scanner's current segment, at `position` in the set (ST is 1). */
  segment(scanner: SegmentScanner, id: string, position: number): void {
    this.position = position;
    const placed = this.placement.place(id, id === 'LS' ? scanner.text(1) : undefined);
    if (placed.error !== null) {
      // One AK3 a segment: where its place is wrong, its elements are not looked at.
      this.segmentFault(id, placed.error);
      return;
    }
    if (id === 'LS') this.boundedLoop = scanner.text(1) || null;
    const faults = placed.segment === null ? null : checkSegment(scanner, placed.segment, this.context);
    if (faults !== null) {
      // Conditions are looked at when the elements are known; who reads goes from the left.
      faults.sort((one, other) => one.element - other.element);
      for (const fault of faults) this.elementFault(id, fault);
    }
    if (id === 'LE') this.boundedLoop = null;
    if (this.keepsTree && placed.loop !== null) {
      placed.loop.segments.push(scanner.segment(position, this.fileOffset(scanner.offset)));
    }
  }

  /** `position` is that of SE. */
  finish(position: number): void {
    this.position = position;
    this.placement.finish();
  }

  get root(): Loop {
    return this.placement.root;
  }

  private segmentFault(id: string, error: SegmentError): void {
    this.add({
      segment: id,
      position: this.position,
      loop: this.boundedLoop,
      segmentError: error,
      element: null,
      component: null,
      repetition: null,
      reference: null,
      elementError: null,
      value: '',
      severity: 'syntax',
      text: `${id || 'a segment without an identifier'} at ${this.position}: ${segmentErrorTexts[error]}`,
    });
  }

  private elementFault(id: string, fault: ElementFault): void {
    const component = fault.component === null ? '' : `-${String(fault.component).padStart(2, '0')}`;
    const place = `${id}${String(fault.element).padStart(2, '0')}${component}`;
    const value = fault.value === '' ? '' : ` (${fault.value})`;
    this.add({
      segment: id,
      position: this.position,
      loop: this.boundedLoop,
      segmentError: segmentErrors.elementErrors,
      element: fault.element,
      component: fault.component,
      repetition: fault.repetition,
      reference: fault.reference,
      elementError: fault.error,
      value: fault.value,
      severity: 'syntax',
      text: `${place} at ${this.position}: ${elementErrorTexts[fault.error]}${value}`,
      ...(fault.trigger === undefined ? {} : { trigger: this.trigger(id, fault, fault.trigger) }),
    });
  }

  private trigger(
    segment: string,
    { element, component }: ElementFault,
    { position, reference }: NonNullable<ElementFault['trigger']>,
  ): Trigger {
    return component === null
      ? { segment, position: this.position, element: position, component: null, reference }
      : { segment, position: this.position, element, component: position, reference };
  }

  private add(finding: Finding): void {
    if (this.findings.length < mostFindings) this.findings.push(finding);
  }
}
