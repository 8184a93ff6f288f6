import type { BeyondContent, SentLoop, SentValue } from '../../domain/partner/beyond-content';
import {
  dictionaryFor,
  type ElementDef,
  type ElementUsage,
  type LoopDef,
  type SegmentDef,
} from '../dictionary/dictionary';
import type { DraftSegment } from '../x12/model';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { elementName } from './segment-reader';

interface OpenSegment {
  readonly id: string;
  readonly elements: SentValue[];
}

/** One loop while it is written: its segments and inner loops in any order; the set's definition puts them in theirs. */
export class WriteNode {
  private readonly segments: OpenSegment[] = [];
  private readonly loops: { readonly id: string; readonly node: WriteNode }[] = [];
  private readonly rendering: Rendering;

  constructor(rendering: Rendering) {
    this.rendering = rendering;
  }

  put(segmentId: string, element: number, value: SentValue): void {
    const { elements } = this.segment(segmentId);
    while (elements.length < element) elements.push('');
    elements[element - 1] = value;
  }

  /** Cut at the element's length; what is shorter than the element may be is not written. */
  putText(segmentId: string, element: number, value: string): void {
    const { min = 1, max = 80 } = this.definition(segmentId, element) ?? {};
    const written = this.rendering.text(value, max);
    this.put(segmentId, element, written.length >= min ? written : '');
  }

  /** A number's least digits are filled up with zeros. */
  putNumber(segmentId: string, element: number, value: string): void {
    const { min = 1 } = this.definition(segmentId, element) ?? {};
    const missing = min - digitsOf(value);
    this.put(segmentId, element, missing > 0 ? value.replace(/^-?/, `$&${'0'.repeat(missing)}`) : value);
  }

  /** The first component alone where the element is simple in this release. */
  putComponents(segmentId: string, element: number, parts: readonly string[]): void {
    const last = parts.findLastIndex((part) => part !== '');
    const isComposite = this.usage(segmentId, element)?.composite;
    this.put(segmentId, element, last > 0 && isComposite ? parts.slice(0, last + 1) : (parts[0] ?? ''));
  }

  refuse(where: string, text: string): void {
    this.rendering.refuse(where, text);
  }

  /** Another segment of this id, to be filled by itself. */
  newSegment(segmentId: string): WriteNode {
    const node = new WriteNode(this.rendering);
    const segment: OpenSegment = { id: segmentId, elements: [] };
    node.segments.push(segment);
    this.segments.push(segment);
    return node;
  }

  newLoop(loopId: string): WriteNode {
    const node = new WriteNode(this.rendering);
    this.loops.push({ id: loopId, node });
    return node;
  }

  /** What had no field goes back to where it stood. */
  restore(beyond: readonly BeyondContent[]): void {
    for (const one of beyond) {
      if ('loop' in one) this.restoreLoop(one.loop);
      else if ('segment' in one) this.addSent(one.segment);
      else this.restoreElement(one.at.segmentId, one.at.element ?? 1, one.value);
    }
  }

  /** Beside what fields have written there: the first components of a composite. */
  private restoreElement(segmentId: string, element: number, sent: SentValue): void {
    const written = this.segment(segmentId).elements[element - 1] ?? '';
    const beside = besideEachOther(written, sent);
    if (beside !== undefined) this.put(segmentId, element, beside);
    else {
      const where = elementName(segmentId, element);
      this.refuse(where, `there is no room for ${JSON.stringify(sent)} beside ${JSON.stringify(written)}`);
    }
  }

  private restoreLoop(loop: SentLoop): void {
    const node = this.newLoop(loop.id);
    for (const segment of loop.segments) node.addSent(segment);
    for (const inner of loop.loops) node.restoreLoop(inner);
  }

  private addSent([id, ...elements]: readonly SentValue[]): void {
    this.segments.push({ id: typeof id === 'string' ? id : '', elements });
  }

  private segment(id: string): OpenSegment {
    const found = this.segments.find((segment) => segment.id === id);
    if (found) return found;
    const made: OpenSegment = { id, elements: [] };
    this.segments.push(made);
    return made;
  }

  private usage(segmentId: string, element: number): ElementUsage | undefined {
    return dictionaryFor(this.release())?.segment(segmentId)?.elements[element - 1];
  }

  /** Of the simple element, or the first component, that stands there. */
  private definition(segmentId: string, element: number): ElementDef | undefined {
    const usage = this.usage(segmentId, element);
    return usage && (componentDefinition(usage, 0) ?? undefined);
  }

  /** In the order of the definition; what has no place in this release cannot be written. */
  emit(loop: LoopDef): void {
    this.checkPlaces(loop);
    const written = new Set<string>();
    for (const place of loop.places) {
      const key = `${place.loop ? 'loop' : 'segment'} ${place.id}`;
      if (written.has(key)) continue;
      written.add(key);
      if (place.loop) {
        for (const { id, node } of this.loops) if (id === place.id) node.emit(place.loop);
      } else {
        for (const segment of this.segments) if (segment.id === place.id) this.add(segment, place.segment);
      }
    }
  }

  private checkPlaces(loop: LoopDef): void {
    const check = (ids: readonly string[], isLoop: boolean, none: string) => {
      for (const id of new Set(ids)) {
        const places = loop.places.filter((place) => place.id === id && (place.loop !== null) === isLoop);
        const room = places.reduce((sum, { max }) => sum + (max === 0 ? Number.POSITIVE_INFINITY : max), 0);
        if (room === 0) this.refuse(id, `${none} ${this.release()}`);
        else if (ids.filter((one) => one === id).length > room)
          this.refuse(id, `there is room for ${room} there in ${this.release()}`);
      }
    };
    const said = this.segments.filter(({ elements }) => elements.some((value) => value !== ''));
    check(
      said.map(({ id }) => id),
      false,
      'it has no place there in',
    );
    check(
      this.loops.map(({ id }) => id),
      true,
      'there is no such loop there in',
    );
  }

  private add({ id, elements }: OpenSegment, definition: SegmentDef): void {
    elements.forEach((value, index) => this.check(id, index + 1, value, definition.elements[index]));
    if (elements.every((value) => value === '')) return;
    const segment: DraftSegment = [id, ...elements];
    this.rendering.add(...(segment as [string]));
  }

  private check(id: string, element: number, value: SentValue, usage: ElementUsage | undefined): void {
    if (value === '') return;
    const refuse = (text: string) => this.refuse(elementName(id, element), text);
    if (!usage) return refuse(`${this.release()} has no such element`);
    if (typeof value === 'object' && 'repeats' in value) {
      if (usage.max !== 0 && value.repeats.length > usage.max)
        refuse(`there is room for ${usage.max} repeats in ${this.release()}`);
      for (const one of value.repeats) this.check(id, element, one, usage);
      return;
    }
    [value].flat().forEach((part, index) => {
      const definition = componentDefinition(usage, index);
      if (part === '') return;
      if (!definition) return refuse(`${this.release()} has no such component`);
      const { type, min, max } = definition;
      const length = type === 'R' || type === 'N' ? digitsOf(part) : part.length;
      if (length < min || length > max) refuse(`"${part}" is not ${min} to ${max} characters long`);
    });
  }

  private release(): string {
    return this.rendering.options.version;
  }
}

function componentDefinition(usage: ElementUsage, index: number): ElementDef | null | undefined {
  return usage.composite ? usage.composite.components[index]?.element : index === 0 ? usage.element : null;
}

/** In a number neither sign nor point counts (X12.6 3.3.1.1). */
function digitsOf(value: string): number {
  return value.replace(/[-+.]/g, '').length;
}

/** Both, each in the other's empty places; undefined where both say something in the same one. */
function besideEachOther(written: SentValue, sent: SentValue): SentValue | undefined {
  if (written === '') return sent;
  if (typeof sent === 'object' && 'repeats' in sent) {
    const [first = '', ...others] = sent.repeats;
    const both = besideEachOther(written, first);
    if (both === undefined || (typeof both === 'object' && 'repeats' in both)) return undefined;
    return { repeats: [both, ...others] };
  }
  if (typeof written === 'object' && 'repeats' in written) return undefined;
  const [own, other] = [[written].flat(), [sent].flat()];
  if (other.some((part, index) => part !== '' && (own[index] ?? '') !== '')) return undefined;
  const length = Math.max(own.length, other.length);
  return Array.from({ length }, (_, index) => own[index] || other[index] || '');
}

/** A whole set from what a layout fills in. */
export function renderSet(set: string, options: RenderingOptions, fill: (node: WriteNode) => void): Rendered {
  const rendering = new Rendering(options);
  const definition = dictionaryFor(options.version)?.set(set);
  if (!definition) rendering.refuse(set, `${options.version} has no such set`);
  const node = new WriteNode(rendering);
  fill(node);
  if (definition) node.emit(definition.root);
  return rendering.finish(set);
}
