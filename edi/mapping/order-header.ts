import type { Party } from '../../domain/order/order-request';
import type { Loop, TransactionSet } from '../x12/model';
import { readAdjustment } from './commercial-terms';
import type { OrderContent } from './order-content';
import { readExtendedReference, readParty, unhandledLoop } from './order-party';
import { totalSegments } from './order-totals';

/**
 * Everything of an 850 or 860 outside its lines, in two passes: the order's own segments first, since lines are read
 * against its parties and its currency.
 * @param opening the segment that its own mapping reads: BEG or BCH
 * @param lineLoop PO1 or POC
 * @returns the parties of the order
 */
export function readHeader(
  set: TransactionSet,
  opening: 'BEG' | 'BCH',
  lineLoop: 'PO1' | 'POC',
  content: OrderContent,
): Party[] {
  const parties: Party[] = [];
  const totals = new Set(totalSegments(set.root));
  for (const segment of set.root.segments) {
    if (segment.id !== opening && !totals.has(segment)) content.segment(segment, content.order);
  }
  for (const loop of set.root.loops) {
    if (loop.id === lineLoop) continue;
    if (loop.id === 'N1') {
      const at = { segment: loop.segments[0]?.position ?? 0, segmentId: 'N1' };
      content.source(`parties[${parties.length}]`, at);
      parties.push(readParty(loop, content, content.order));
    } else if (loop.id === 'N9') {
      readExtendedReference(loop, content, content.order);
    } else if (loop.id === 'SAC') {
      readAdjustment(loop, content.adjustments, content.order, content);
    } else if (loop.id === 'CTT') {
      for (const inner of loop.loops) unhandledLoop(inner, content, content.order);
    } else {
      unhandledLoop(loop, content, content.order);
    }
  }
  return parties;
}

export function lineLoops(set: TransactionSet, id: 'PO1' | 'POC'): Loop[] {
  return set.root.loops.filter((loop) => loop.id === id);
}
