import type { CompositeDef, Condition, ElementDef, ElementUsage, SegmentDef } from '../dictionary/dictionary';
import type { SegmentScanner } from '../x12/scanner';
import { holds, valueError } from './element-value';
import { type ElementError, elementErrors } from './finding';

/** Where in a segment a fault stands. */
export interface ElementFault {
  readonly element: number;
  readonly component: number | null;
  readonly repetition: number | null;
  readonly reference: string | null;
  readonly error: ElementError;
  readonly value: string;
  /** of a condition: the element or component that set it off, and its reference */
  readonly trigger?: { readonly position: number; readonly reference: string | null };
}

/** Shared by all segments of an interchange. */
export interface CheckContext {
  readonly classes: Uint8Array;
  readonly componentByte: number;
  readonly repetitionByte: number;
  /** from 4020 on there are codes of their own for repetitions and components (element 723) */
  readonly repeats: boolean;
  readonly utf8: boolean;
  readonly notes: { trailingSeparators: boolean; blankElements: boolean };
}

/** AK404 holds at most 99 characters. */
const longestCopy = 99;

/** Checks the elements of the scanner's current segment; null when nothing is wrong. */
export function checkSegment(
  scanner: SegmentScanner,
  def: SegmentDef,
  context: CheckContext,
): ElementFault[] | null {
  const check = new SegmentCheck(scanner, def, context);
  return check.run();
}

/** Elements present in the segment at hand; segments have at most some dozens, so one scratch serves all. */
const present = new Uint8Array(256);
const presentComponents = new Uint8Array(256);

class SegmentCheck {
  private readonly scanner: SegmentScanner;
  private readonly def: SegmentDef;
  private readonly context: CheckContext;
  private faults: ElementFault[] | null = null;

  constructor(scanner: SegmentScanner, def: SegmentDef, context: CheckContext) {
    this.scanner = scanner;
    this.def = def;
    this.context = context;
  }

  run(): ElementFault[] | null {
    const { scanner, def } = this;
    const { elements, conditions } = def;
    const { starts, count } = scanner;
    const sent = count < elements.length ? count : elements.length;
    for (let at = 1; at <= sent; at += 1) {
      const from = starts[at] as number;
      const to = (starts[at + 1] as number) - 1;
      const usage = elements[at - 1] as ElementUsage;
      present[at] = 0;
      if (from === to) {
        if (usage.required) this.missing(at, usage);
      } else this.element(at, usage, from, to);
    }
    for (let at = sent + 1; at <= elements.length; at += 1) {
      present[at] = 0;
      const usage = elements[at - 1] as ElementUsage;
      if (usage.required) this.missing(at, usage);
    }
    if (count > elements.length) this.extra(elements.length + 1);
    else if (count > 0 && scanner.length(count) === 0) this.context.notes.trailingSeparators = true;
    for (const condition of conditions) this.condition(condition, present, elements, null, null);
    return this.faults;
  }

  private flagsOf(from: number, to: number): number {
    const { bytes } = this.scanner;
    const { classes } = this.context;
    let flags = 0;
    for (let at = from; at < to; at += 1) flags |= classes[bytes[at] as number] as number;
    return flags;
  }

  private element(at: number, usage: ElementUsage, from: number, to: number): void {
    if (usage.element !== null && usage.element.type === 'B') {
      present[at] = 1;
      return;
    }
    const flags = this.flagsOf(from, to);
    if (!(flags & holds.nonBlank)) {
      this.context.notes.blankElements = true;
      if (usage.required) this.missing(at, usage);
      return;
    }
    present[at] = 1;
    if (flags & holds.repetition) this.repeated(at, usage, from, to);
    else this.single(at, usage, from, to, flags, null);
  }

  private single(
    at: number,
    usage: ElementUsage,
    from: number,
    to: number,
    flags: number,
    repetition: number | null,
  ): void {
    if (usage.composite !== null) {
      this.composite(at, usage.composite, from, to, repetition);
      return;
    }
    if (usage.element === null) return;
    if (flags & holds.component) {
      this.fault(at, 2, repetition, usage.element.reference, this.tooManyComponents(), from, to);
      return;
    }
    const error = valueError(usage.element, this.scanner.bytes, from, to, flags, this.context.utf8);
    if (error !== null) this.fault(at, null, repetition, usage.element.reference, error, from, to);
  }

  private repeated(at: number, usage: ElementUsage, from: number, to: number): void {
    const { bytes } = this.scanner;
    let start = from;
    let repetition = 0;
    for (let end = from; end <= to; end += 1) {
      if (end < to && bytes[end] !== this.context.repetitionByte) continue;
      repetition += 1;
      if (usage.max !== 0 && repetition > usage.max) {
        this.fault(at, null, repetition, referenceOf(usage), this.tooManyRepetitions(), start, end);
        return;
      }
      if (end > start) this.single(at, usage, start, end, this.flagsOf(start, end), repetition);
      start = end + 1;
    }
  }

  private composite(
    at: number,
    composite: CompositeDef,
    from: number,
    to: number,
    repetition: number | null,
  ): void {
    const { bytes } = this.scanner;
    const { components, conditions } = composite;
    let start = from;
    let component = 0;
    for (let end = from; end <= to; end += 1) {
      if (end < to && bytes[end] !== this.context.componentByte) continue;
      component += 1;
      const usage = components[component - 1];
      if (usage === undefined) {
        if (end > start) {
          this.fault(at, component, repetition, composite.reference, this.tooManyComponents(), start, to);
          break;
        }
      } else {
        const flags = this.flagsOf(start, end);
        const sent = (flags & holds.nonBlank) !== 0;
        presentComponents[component] = sent ? 1 : 0;
        if (!sent && end > start) this.context.notes.blankElements = true;
        if (sent && usage.element !== null)
          this.component(at, component, usage.element, start, end, flags, repetition);
        else if (!sent && usage.required) this.missingComponent(at, component, usage, repetition);
      }
      start = end + 1;
    }
    for (let rest = component + 1; rest <= components.length; rest += 1) {
      presentComponents[rest] = 0;
      const usage = components[rest - 1] as ElementUsage;
      if (usage.required) this.missingComponent(at, rest, usage, repetition);
    }
    for (const condition of conditions)
      this.condition(condition, presentComponents, components, at, repetition);
  }

  private component(
    at: number,
    component: number,
    element: ElementDef,
    from: number,
    to: number,
    flags: number,
    repetition: number | null,
  ): void {
    const error = valueError(element, this.scanner.bytes, from, to, flags, this.context.utf8);
    if (error !== null) this.fault(at, component, repetition, element.reference, error, from, to);
  }

  /** `at` is the composite's place when the condition is one between components. */
  private condition(
    { kind, positions }: Condition,
    has: Uint8Array,
    usages: readonly ElementUsage[],
    at: number | null,
    repetition: number | null,
  ): void {
    const failing = failingPosition(kind, positions, has);
    if (failing === null) return;
    const usage = usages[failing - 1];
    const reference = usage === undefined ? null : referenceOf(usage);
    const error = kind === 'E' ? elementErrors.excluded : elementErrors.conditionalMissing;
    const { starts, count } = this.scanner;
    const shown = kind === 'E' && at === null && failing <= count;
    const from = shown ? (starts[failing] as number) : 0;
    const to = shown ? (starts[failing + 1] as number) - 1 : 0;
    const element = at ?? failing;
    const component = at === null ? null : failing;
    // Two conditions that miss the same element are one fault to the reader.
    if (
      this.faults?.some(
        (one) => one.element === element && one.component === component && one.error === error,
      )
    )
      return;
    const position = positions.find((one) => one !== failing && has[one] === 1);
    const by = position === undefined ? undefined : usages[position - 1];
    const trigger =
      position === undefined ? undefined : { position, reference: by === undefined ? null : referenceOf(by) };
    this.fault(element, component, repetition, reference, error, from, to, trigger);
  }

  private extra(at: number): void {
    const { scanner } = this;
    for (let extra = at; extra <= scanner.count; extra += 1) {
      if (scanner.length(extra) === 0) continue;
      const from = scanner.starts[extra] as number;
      this.fault(
        extra,
        null,
        null,
        null,
        elementErrors.tooManyElements,
        from,
        (scanner.starts[extra + 1] as number) - 1,
      );
      return;
    }
    this.context.notes.trailingSeparators = true;
  }

  private missing(at: number, usage: ElementUsage): void {
    this.fault(at, null, null, referenceOf(usage), elementErrors.missing, 0, 0);
  }

  private missingComponent(
    at: number,
    component: number,
    usage: ElementUsage,
    repetition: number | null,
  ): void {
    this.fault(at, component, repetition, referenceOf(usage), elementErrors.missing, 0, 0);
  }

  private tooManyRepetitions(): ElementError {
    return this.context.repeats ? elementErrors.tooManyRepetitions : elementErrors.tooManyElements;
  }

  private tooManyComponents(): ElementError {
    return this.context.repeats ? elementErrors.tooManyComponents : elementErrors.tooManyElements;
  }

  private fault(
    element: number,
    component: number | null,
    repetition: number | null,
    reference: string | null,
    error: ElementError,
    from: number,
    to: number,
    trigger?: ElementFault['trigger'],
  ): void {
    // UTF-8 takes up to four bytes a character, hence the wider cut before the exact one.
    const copy =
      error === elementErrors.invalidCharacter
        ? ''
        : this.scanner.slice(from, Math.min(to, from + longestCopy * 4));
    this.faults ??= [];
    this.faults.push({
      element,
      component,
      repetition,
      reference,
      error,
      value: [...copy].slice(0, longestCopy).join(''),
      ...(trigger === undefined ? {} : { trigger }),
    });
  }
}

function referenceOf(usage: ElementUsage): string | null {
  return usage.element?.reference ?? usage.composite?.reference ?? null;
}

/**
 * Where a relational condition fails (X12.6 section 3.3.4), null where it holds: the first absent
 * position; for an exclusion the second one present, in the order of the note.
 */
export function failingPosition(
  kind: Condition['kind'],
  positions: readonly number[],
  has: Uint8Array,
): number | null {
  let presentCount = 0;
  let firstAbsent: number | null = null;
  let secondPresent: number | null = null;
  for (const position of positions) {
    if (has[position] === 1) {
      presentCount += 1;
      if (presentCount === 2) secondPresent = position;
    } else if (firstAbsent === null) firstAbsent = position;
  }
  switch (kind) {
    case 'P':
      return presentCount > 0 ? firstAbsent : null;
    case 'R':
      return presentCount === 0 ? firstAbsent : null;
    case 'E':
      return secondPresent;
    case 'C':
      return has[positions[0] as number] === 1 ? firstAbsent : null;
    case 'L':
      return has[positions[0] as number] === 1 && presentCount === 1 ? firstAbsent : null;
  }
}
