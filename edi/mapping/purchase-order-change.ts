import type { LineChangeKind, OrderChangeLine, OrderChangeRequest } from '../../domain/order/order-request';
import type { LocalDate } from '../../domain/shared/dates';
import type { Loop, Segment, TransactionSet } from '../x12/model';
import { readDate } from './inbound-values';
import { OrderContent } from './order-content';
import { lineLoops, readHeader } from './order-header';
import { type LineContext, type LineLayout, readLine } from './order-line';
import { checkTotals, totalSegments } from './order-totals';
import { type NothingToDo, type OrderContext, purposesWithoutEffect, type SourceMap } from './purchase-order';
import { SegmentReader } from './segment-reader';

export type MappedPurchaseOrderChange =
  | {
      readonly kind: 'change' | 'cancel' | 'replace';
      readonly request: OrderChangeRequest;
      readonly sources: SourceMap;
    }
  | NothingToDo;

const layout: LineLayout = {
  quantity: 3,
  unit: 5,
  unitPrice: 6,
  priceBasis: 7,
  firstProductId: 8,
  lastProductId: 27,
};

/** BCH01 (353). */
const purposes: Readonly<Record<string, OrderChangeRequest['purpose']>> = {
  '01': 'cancel',
  '04': 'change',
  '05': 'replace',
};

/** POC02 (670). What is missing here has no rule: its line changes nothing and the order goes on a hold. */
const changeKinds: Readonly<Record<string, readonly LineChangeKind[]>> = {
  AI: ['add'],
  DI: ['delete'],
  CF: ['delete'],
  QD: ['quantity'],
  QI: ['quantity'],
  PC: ['price'],
  PQ: ['price', 'quantity'],
  CT: ['dates'],
  RB: ['dates'],
  RS: ['dates'],
  PR: ['price', 'dates'],
  RQ: ['quantity', 'dates'],
  MU: ['price', 'quantity', 'dates'],
  CA: ['replace'],
  RZ: ['replace'],
  // "Concurrent item": listed for completeness, unchanged.
  NC: [],
};

/** @throws never, as mapPurchaseOrder */
export function mapPurchaseOrderChange(
  set: TransactionSet,
  context: OrderContext,
): MappedPurchaseOrderChange {
  const segment = set.root.segments.find((candidate) => candidate.id === 'BCH');
  if (segment === undefined) {
    return { kind: 'nothing', because: 'unreadable', reason: 'there is no BCH segment' };
  }
  const reader = new SegmentReader(segment);
  const purpose = reader.value(1) ?? '';
  const purchaseOrderNumber = reader.value(3);
  if (purchaseOrderNumber === undefined) {
    return { kind: 'nothing', because: 'unreadable', reason: 'there is no purchase order number (BCH03)' };
  }
  const withoutEffect = purposesWithoutEffect[purpose];
  if (withoutEffect !== undefined) {
    return {
      kind: 'nothing',
      because: 'purpose',
      reason: `BCH01 ${purpose}: ${withoutEffect}`,
      purchaseOrderNumber,
    };
  }
  const purchaseOrderDate = readDate(reader.value(6));
  if (purchaseOrderDate === undefined) {
    return {
      kind: 'nothing',
      because: 'unreadable',
      reason: 'the purchase order date (BCH06) is not a day',
      purchaseOrderNumber,
    };
  }
  const content = new OrderContent();
  if (purposes[purpose] === undefined) {
    content.hold(reader.at(1), `BCH01: there is no rule for the purpose "${purpose}"`);
  }
  const request = readChange(set, context, content, {
    reader,
    purchaseOrderNumber,
    purchaseOrderDate,
    purpose: purposes[purpose] ?? 'change',
  });
  return { kind: request.purpose, request, sources: content.sources };
}

interface ChangeBeginning {
  readonly reader: SegmentReader;
  readonly purpose: OrderChangeRequest['purpose'];
  readonly purchaseOrderNumber: string;
  readonly purchaseOrderDate: LocalDate;
}

function readChange(
  set: TransactionSet,
  context: OrderContext,
  content: OrderContent,
  beginning: ChangeBeginning,
): OrderChangeRequest {
  const { reader, purpose, purchaseOrderNumber, purchaseOrderDate } = beginning;
  const releaseNumber = reader.value(4);
  const changeNumber = reader.value(5);
  // BCH10 is the date of an acknowledgment, BCH11 that of the change request; senders fill either.
  const changeDate = readDate(reader.value(11)) ?? readDate(reader.value(10));
  readRestOfBeginning(reader, content);
  content.source('purchaseOrderNumber', reader.at(3));
  content.source('purchaseOrderDate', reader.at(6));
  const parties = readHeader(set, 'BCH', 'POC', content);
  if (content.fill !== undefined)
    content.hold(content.fill.at, `sales requirement (CSH01) ${content.fill.code} cannot be changed`);
  const component = set.separators.component;
  const lines = lineLoops(set, 'POC').map((loop, index) =>
    readChangeLine(loop, { index, parties, component, quantityExpected: false }, content),
  );
  checkTotals(
    totalSegments(set.root),
    lines.map(({ line }) => line),
    content,
  );
  return {
    channel: 'edi',
    usage: context.usage,
    partnerId: context.partnerId,
    customerId: context.customerId,
    purpose,
    purchaseOrderNumber,
    ...(releaseNumber === undefined ? {} : { releaseNumber }),
    ...(changeNumber === undefined ? {} : { changeNumber }),
    purchaseOrderDate,
    ...(changeDate === undefined ? {} : { changeDate }),
    parties,
    dates: content.dates,
    references: content.references,
    lines,
    unhandled: content.unhandled(),
    ...(content.notes().length === 0 ? {} : { notes: content.notes() }),
    ...content.said(),
    ...(context.documentId === undefined ? {} : { documentId: context.documentId }),
  };
}

function readRestOfBeginning(reader: SegmentReader, content: OrderContent): void {
  reader.value(2); // BCH02: the type of the order it changes, which is known from the 850
  for (const [element, qualifier] of [
    [7, 'RQ'],
    [8, 'CT'],
    [9, 'ZZ'],
  ] as const) {
    const value = reader.value(element);
    if (value !== undefined) {
      content.source(`references[${content.references.length}]`, reader.at(element));
      content.references.push({ qualifier, value });
    }
  }
  const acknowledgment = reader.value(14);
  if (acknowledgment !== undefined) {
    content.note(reader.segment, `acknowledgment asked for (BCH14): ${acknowledgment}`, content.order);
  }
  content.leftovers(reader, content.order);
}

function readChangeLine(loop: Loop, context: LineContext, content: OrderContent): OrderChangeLine {
  const opening = new SegmentReader(loop.segments[0] as Segment);
  const changeCode = opening.value(2) ?? '';
  const kinds = Object.hasOwn(changeKinds, changeCode) ? changeKinds[changeCode] : undefined;
  const lineNumber = opening.value(1) ?? `no. ${context.index + 1}`;
  if (kinds === undefined) {
    content.hold(opening.at(2), `line ${lineNumber}: POC02: there is no rule for the change "${changeCode}"`);
  }
  // POC04 is what is left to receive, which the buyer knows and the order does not follow.
  const left = opening.value(4);
  if (left !== undefined && left !== opening.value(3)) {
    content.note(opening.segment, `line ${lineNumber}: left to receive (POC04) ${left}`, content.order);
  }
  const needsQuantity = (kinds ?? []).some((kind) => ['add', 'quantity', 'replace'].includes(kind));
  const line = readLine(
    loop,
    { ...layout, alsoRead: [2, 4] },
    { ...context, quantityExpected: needsQuantity },
    content,
  );
  if ((kinds ?? []).includes('price') && line.unitPrice === undefined) {
    content.hold(opening.at(6), `line ${lineNumber}: a change of price without a price (POC06)`);
  }
  return { kinds: kinds ?? [], changeCode, line };
}
