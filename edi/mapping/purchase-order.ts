import type {
  OrderChangeRequest,
  OrderRequest,
  OrderRequestLine,
  OrderType,
  SourcePosition,
  Usage,
} from '../../domain/order/order-request';
import type { LocalDate } from '../../domain/shared/dates';
import type { TransactionSet } from '../x12/model';
import { readDate } from './inbound-values';
import { OrderContent } from './order-content';
import { lineLoops, readHeader } from './order-header';
import { type LineLayout, readLine } from './order-line';
import { checkTotals, totalSegments } from './order-totals';
import { SegmentReader } from './segment-reader';

/** What the envelope and the agreement know about the order. */
export interface OrderContext {
  readonly usage: Usage;
  readonly entityId: string;
  readonly customerId: string;
  readonly partnerId: string;
  readonly documentId?: string;
}

/** Path of a value in the request ("lines[0].quantity", "purchaseOrderNumber") to where it was read. */
export type SourceMap = Readonly<Record<string, SourcePosition>>;

export type MappedPurchaseOrder =
  /** BEG01 00, and purposes without a rule (their request carries an unhandled entry). */
  | { readonly kind: 'order'; readonly request: OrderRequest; readonly sources: SourceMap }
  /** BEG01 01: the whole order, whatever lines it repeats. */
  | { readonly kind: 'cancel'; readonly request: OrderChangeRequest; readonly sources: SourceMap }
  /**
   * BEG01 05: `change` where the order is known, `request` where it never arrived. Both say the same.
   */
  | {
      readonly kind: 'replace';
      readonly request: OrderRequest;
      readonly change: OrderChangeRequest;
      readonly sources: SourceMap;
    }
  | NothingToDo;

/** Nothing is created or changed. */
export interface NothingToDo {
  readonly kind: 'nothing';
  /** purpose: BEG01 or BCH01 07 and 22 ask for nothing. unreadable: what makes an order is missing, a person must look. */
  readonly because: 'purpose' | 'unreadable';
  readonly reason: string;
  readonly purchaseOrderNumber?: string;
}

const layout: LineLayout = {
  quantity: 2,
  unit: 3,
  unitPrice: 4,
  priceBasis: 5,
  firstProductId: 6,
  lastProductId: 25,
};

/** Element 353 codes that never create an order. */
export const purposesWithoutEffect: Readonly<Record<string, string>> = {
  '07': 'a duplicate of a document sent before',
  '22': 'an information copy',
};

/** BEG02 (92); a code that is missing here has no rule and goes on a hold. */
const orderTypes: Readonly<Record<string, OrderType>> = {
  SA: 'standard',
  NE: 'standard',
  KN: 'standard',
  RE: 'standard',
  DS: 'drop-ship',
  RO: 'rush',
  SP: 'sample',
  BK: 'blanket',
  BE: 'blanket',
  RL: 'release',
};

interface Beginning {
  readonly reader: SegmentReader;
  readonly purpose: string;
  readonly purchaseOrderNumber: string;
  readonly purchaseOrderDate: LocalDate;
}

/** @throws never: what cannot be mapped is `nothing` with its reason, or an unhandled entry of the request */
export function mapPurchaseOrder(set: TransactionSet, context: OrderContext): MappedPurchaseOrder {
  const beginning = readBeginning(set);
  if ('reason' in beginning) return { kind: 'nothing', because: 'unreadable', ...beginning };
  const withoutEffect = purposesWithoutEffect[beginning.purpose];
  if (withoutEffect !== undefined) {
    return {
      kind: 'nothing',
      because: 'purpose',
      reason: `BEG01 ${beginning.purpose}: ${withoutEffect}`,
      purchaseOrderNumber: beginning.purchaseOrderNumber,
    };
  }
  const content = new OrderContent();
  const request = readOrder(set, context, beginning, content);
  return Object.assign(new Sourced(content), mappedBy(beginning.purpose, request));
}

/** Tells where values came from when somebody asks. (A getter put on each result keeps every order until the next full collection.) */
class Sourced {
  readonly #content: OrderContent;

  constructor(content: OrderContent) {
    this.#content = content;
  }

  get sources(): SourceMap {
    return this.#content.sources;
  }
}

function mappedBy(purpose: string, request: OrderRequest) {
  if (purpose === '01') return { kind: 'cancel' as const, request: cancellation(request) };
  if (purpose === '05') return { kind: 'replace' as const, request, change: replacement(request) };
  return { kind: 'order' as const, request };
}

/** The order that a set would create, in short; null where it creates none. */
export function orderSummary(
  set: TransactionSet,
): { readonly purchaseOrder: string; readonly lines: number } | null {
  if (set.set !== '850') return null;
  const beginning = readBeginning(set);
  if ('reason' in beginning || beginning.purpose === '01') return null;
  if (purposesWithoutEffect[beginning.purpose] !== undefined) return null;
  return { purchaseOrder: beginning.purchaseOrderNumber, lines: lineLoops(set, 'PO1').length };
}

function readBeginning(set: TransactionSet): Beginning | { readonly reason: string } {
  const segment = set.root.segments.find((candidate) => candidate.id === 'BEG');
  if (segment === undefined) return { reason: 'there is no BEG segment' };
  const reader = new SegmentReader(segment);
  const purchaseOrderNumber = reader.value(3);
  const purchaseOrderDate = readDate(reader.value(5));
  if (purchaseOrderNumber === undefined) return { reason: 'there is no purchase order number (BEG03)' };
  if (purchaseOrderDate === undefined) return { reason: 'the purchase order date (BEG05) is not a day' };
  return { reader, purpose: reader.value(1) ?? '', purchaseOrderNumber, purchaseOrderDate };
}

function readOrder(
  set: TransactionSet,
  context: OrderContext,
  beginning: Beginning,
  content: OrderContent,
): OrderRequest {
  const { reader, purchaseOrderNumber, purchaseOrderDate } = beginning;
  const type = readPurposeAndType(beginning, content);
  const releaseNumber = reader.value(4);
  readRestOfBeginning(reader, content);
  content.source('purchaseOrderNumber', reader.at(3));
  if (releaseNumber !== undefined) content.source('releaseNumber', reader.at(4));
  content.source('purchaseOrderDate', reader.at(5));
  if (type === 'release' && releaseNumber === undefined) {
    content.hold(reader.at(4), 'a release against a blanket order without a release number (BEG04)');
  }
  const parties = readHeader(set, 'BEG', 'PO1', content);
  const component = set.separators.component;
  const lines: OrderRequestLine[] = lineLoops(set, 'PO1').map((loop, index) =>
    readLine(loop, layout, { index, parties, component, quantityExpected: true }, content),
  );
  checkTotals(totalSegments(set.root), lines, content);
  return {
    channel: 'edi',
    usage: context.usage,
    type,
    entityId: context.entityId,
    customerId: context.customerId,
    partnerId: context.partnerId,
    purchaseOrderNumber,
    ...(releaseNumber === undefined ? {} : { releaseNumber }),
    purchaseOrderDate,
    ...(content.currency === undefined ? {} : { currency: content.currency }),
    parties,
    dates: content.dates,
    references: content.references,
    notes: content.notes(),
    lines,
    unhandled: content.unhandled(),
    ...content.said(),
    ...(content.fill === undefined ? {} : { fill: content.fill.terms }),
    ...(context.documentId === undefined ? {} : { documentId: context.documentId }),
  };
}

function readPurposeAndType({ reader, purpose }: Beginning, content: OrderContent): OrderType {
  if (!['00', '01', '05'].includes(purpose)) {
    content.hold(reader.at(1), `BEG01: there is no rule for the purpose "${purpose}"`);
  }
  const code = reader.value(2) ?? '';
  const type = orderTypes[code];
  content.source('type', reader.at(2));
  if (type === undefined) content.hold(reader.at(2), `BEG02: there is no rule for the order type "${code}"`);
  if (code === 'BE')
    content.hold(reader.at(2), 'BEG02 BE: a blanket order whose quantities are estimates, not firm');
  return type ?? 'standard';
}

/** BEG06 is a contract number (367) and BEG07 the acknowledgment the buyer would like (587); the rest has no rule. */
function readRestOfBeginning(reader: SegmentReader, content: OrderContent): void {
  const contract = reader.value(6);
  if (contract !== undefined) {
    content.source(`references[${content.references.length}]`, reader.at(6));
    content.references.push({ qualifier: 'CT', value: contract });
  }
  const acknowledgment = reader.value(7);
  if (acknowledgment !== undefined) {
    content.note(reader.segment, `acknowledgment asked for (BEG07): ${acknowledgment}`, content.order);
  }
  content.leftovers(reader, content.order);
}

function cancellation(request: OrderRequest): OrderChangeRequest {
  // The order's content is only repeated to name it: nothing in it asks for anything, so nothing of it holds.
  return { ...changeHeader(request), purpose: 'cancel', lines: [], unhandled: [] };
}

function replacement(request: OrderRequest): OrderChangeRequest {
  return {
    ...changeHeader(request),
    purpose: 'replace',
    lines: request.lines.map((line) => ({ kinds: ['replace'], changeCode: 'RZ', line })),
    unhandled: request.unhandled,
  };
}

function changeHeader(request: OrderRequest): Omit<OrderChangeRequest, 'purpose' | 'lines' | 'unhandled'> {
  const { partnerId, releaseNumber, documentId } = request;
  return {
    channel: request.channel,
    usage: request.usage,
    ...(partnerId === undefined ? {} : { partnerId }),
    customerId: request.customerId,
    purchaseOrderNumber: request.purchaseOrderNumber,
    ...(releaseNumber === undefined ? {} : { releaseNumber }),
    purchaseOrderDate: request.purchaseOrderDate,
    parties: request.parties,
    dates: request.dates,
    references: request.references,
    ...(documentId === undefined ? {} : { documentId }),
  };
}
