import type { BeyondContent, SentLoop, SentValue } from '../../domain/partner/beyond-content';
import { dictionaryFor, type ElementUsage, type LoopDef, type SegmentDef } from '../dictionary/dictionary';
import type { DraftSegment } from '../x12/model';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';

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

  putText(segmentId: string, element: number, value: string): void {
    const usage = this.definition(segmentId)?.elements[element - 1];
    this.put(segmentId, element, this.rendering.text(value, usage?.element?.max ?? 80));
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
      else this.put(one.at.segmentId, one.at.element ?? 1, one.value);
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

  private definition(segmentId: string): SegmentDef | null {
    return dictionaryFor(this.rendering.options.version)?.segment(segmentId) ?? null;
  }

  /** In the order of the definition; what has no place in this release cannot be written. */
  emit(loop: LoopDef): void {
    const places = new Set(loop.places.map(({ id, loop: inner }) => `${inner ? 'loop' : 'segment'} ${id}`));
    for (const { id } of this.segments) {
      if (!places.has(`segment ${id}`)) this.refuse(id, `it has no place there in ${this.release()}`);
    }
    for (const { id } of this.loops) {
      if (!places.has(`loop ${id}`)) this.refuse(id, `there is no such loop there in ${this.release()}`);
    }
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

  private add({ id, elements }: OpenSegment, definition: SegmentDef): void {
    elements.forEach((value, index) => this.check(id, index + 1, value, definition.elements[index]));
    if (elements.every((value) => value === '')) return;
    const segment: DraftSegment = [id, ...elements];
    this.rendering.add(...(segment as [string]));
  }

  private check(id: string, element: number, value: SentValue, usage: ElementUsage | undefined): void {
    const where = `${id}${String(element).padStart(2, '0')}`;
    if (!usage) return this.refuse(where, `${this.release()} has no such element`);
    const def = usage.element;
    if (typeof value !== 'string' || value === '' || !def) return;
    const length = def.type === 'R' || def.type === 'N' ? value.replace(/[-+.]/g, '').length : value.length;
    if (length > def.max) {
      this.refuse(where, `"${value}" is longer than the ${def.max} characters of element ${def.reference}`);
    }
  }

  private release(): string {
    return this.rendering.options.version;
  }
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
