import fc from 'fast-check';
import { readApplicationAdvice, renderApplicationAdvice } from '../../../edi/mapping/application-advice';
import {
  readCreditDebitAdjustment,
  renderCreditDebitAdjustment,
} from '../../../edi/mapping/credit-debit-adjustment';
import { readInventoryAdvice, renderInventoryAdvice } from '../../../edi/mapping/inventory-advice';
import type { DocumentRead } from '../../../edi/mapping/layout';
import {
  readOrderStatusInquiry,
  readOrderStatusReport,
  renderOrderStatusInquiry,
  renderOrderStatusReport,
} from '../../../edi/mapping/order-status';
import { readPriceCatalog, renderPriceCatalog } from '../../../edi/mapping/price-catalog';
import { readRemittanceAdvice, renderRemittanceAdvice } from '../../../edi/mapping/remittance-advice';
import type { Rendered, RenderingOptions } from '../../../edi/mapping/rendering';
import {
  readReturnAuthorization,
  renderReturnAuthorization,
} from '../../../edi/mapping/return-authorization';
import {
  readStockTransferReceiptAdvice,
  renderStockTransferReceiptAdvice,
} from '../../../edi/mapping/stock-transfer-receipt-advice';
import {
  readStockTransferShipmentAdvice,
  renderStockTransferShipmentAdvice,
} from '../../../edi/mapping/stock-transfer-shipment-advice';
import {
  readWarehouseInventoryAdjustment,
  renderWarehouseInventoryAdjustment,
} from '../../../edi/mapping/warehouse-inventory-adjustment';
import {
  readWarehouseShippingAdvice,
  renderWarehouseShippingAdvice,
} from '../../../edi/mapping/warehouse-shipping-advice';
import {
  readWarehouseShippingOrder,
  renderWarehouseShippingOrder,
} from '../../../edi/mapping/warehouse-shipping-order';
import { readWholeDocument, renderWholeDocument } from '../../../edi/mapping/whole-document';
import type { DocumentDraft, Separators, TransactionSet } from '../../../edi/x12/model';
import { documents } from '../random-document';
import { judgedSet } from './judged-set';
import { versions } from './write-document';

/** Every mapping that is said once for both directions. */
interface TwoWay<Document> {
  readonly set: string;
  readonly read: (set: TransactionSet) => Document;
  readonly render: (document: Document, options: RenderingOptions) => Rendered;
}
const mapping = <Document>(
  ...[set, read, render]: [string, TwoWay<Document>['read'], TwoWay<Document>['render']]
) => ({ set, read, render }) as TwoWay<unknown>;

/** Of a set that has required fields; whatever it keeps beyond its fields, it tells. */
const understood =
  <Document>(read: (set: TransactionSet) => DocumentRead<Document>) =>
  (set: TransactionSet): Document => {
    const outcome = read(set);
    if (outcome.kind === 'unreadable') throw new Error(JSON.stringify(outcome.problems));
    if (JSON.stringify(outcome.document).includes('"beyond"')) expect(outcome.unhandled).not.toEqual([]);
    return outcome.document;
  };

const mappings = [
  mapping('180', understood(readReturnAuthorization), renderReturnAuthorization),
  mapping('812', understood(readCreditDebitAdjustment), renderCreditDebitAdjustment),
  mapping('820', understood(readRemittanceAdvice), renderRemittanceAdvice),
  mapping('824', understood(readApplicationAdvice), renderApplicationAdvice),
  mapping('832', readPriceCatalog, renderPriceCatalog),
  mapping('846', readInventoryAdvice, renderInventoryAdvice),
  mapping('869', understood(readOrderStatusInquiry), renderOrderStatusInquiry),
  mapping('870', understood(readOrderStatusReport), renderOrderStatusReport),
  mapping('940', readWarehouseShippingOrder, renderWarehouseShippingOrder),
  mapping('943', readStockTransferShipmentAdvice, renderStockTransferShipmentAdvice),
  mapping('944', readStockTransferReceiptAdvice, renderStockTransferReceiptAdvice),
  mapping('945', readWarehouseShippingAdvice, renderWarehouseShippingAdvice),
  mapping('947', readWarehouseInventoryAdjustment, renderWarehouseInventoryAdjustment),
];

/** Any four different characters that the standard allows and that no drawn value holds. */
const separators: fc.Arbitrary<Separators> = fc
  .shuffledSubarray(['*', '>', '^', '~', '|', ':', '!', '\u001d', '+', '\u001c', '%'], {
    minLength: 4,
    maxLength: 4,
  })
  .map(([element, component, repetition, segment]) => ({
    element: element as string,
    component: component as string,
    repetition: repetition as string,
    segment: segment as string,
  }));

/** Without the places where it stood: those move when segments are put in their proper order. */
const withoutPlaces = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === 'at' ? null : value)));

function draftOf(rendered: Rendered): DocumentDraft {
  if (rendered.kind === 'refused') throw new Error(JSON.stringify(rendered.problems));
  return rendered.draft;
}

/** Every value with the segment it stands in, as a bag: gaps between product ids close, lines of an address move up. */
const said = ({ set, segments }: DocumentDraft): string[] =>
  segments
    .flatMap(([id, ...elements]) =>
      elements.flatMap((value, index) =>
        isNumberedAnew(set, id, index + 1) || isNeedless(id, elements, index + 1)
          ? []
          : `${JSON.stringify(id)} ${JSON.stringify(canonical(value))}`,
      ),
    )
    .filter((text) => !text.endsWith(' ""'))
    .sort();
/** What orders the others: the numbers of levels, and their count. */
const isNumberedAnew = (set: string, id: unknown, element: number) =>
  ['869', '870'].includes(set) && ((id === 'HL' && element !== 3) || (id === 'CTT' && element === 1));
/** A state by its two letters stands in N402 again, where it needs no qualifier. */
const isNeedless = (id: unknown, elements: readonly unknown[], element: number) =>
  id === 'N4' && element === 5 && elements[4] === 'SP' && String(elements[5]).trim().length === 2;
const canonical = (value: unknown): unknown => {
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? String(Number(value)) : value.trimEnd();
  if (!Array.isArray(value)) return value;
  const parts = [...(value as string[])];
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts.length === 1 ? canonical(parts[0]) : parts;
};

describe.each(mappings)('$set', ({ set, read, render }) => {
  describe.each(versions)('in %s', (version) => {
    test('whatever it says is read, written without a fault, and read as the same again, in any separators', () => {
      fc.assert(
        fc.property(documents(version, set), separators, separators, (draft, theirs, ours) => {
          const sent = judgedSet(draft, version, theirs);
          expect(sent.findings).toEqual([]);
          const document = read(sent.set);
          const written = draftOf(render(document, { version, separators: ours }));
          const again = judgedSet(written, version, ours);
          expect(again.findings).toEqual([]);
          expect(withoutPlaces(read(again.set))).toEqual(withoutPlaces(document));
        }),
        { numRuns: 60 },
      );
    });

    test('nothing that was sent is lost', () => {
      fc.assert(
        fc.property(documents(version, set), separators, (draft, theirs) => {
          const sent = judgedSet(draft, version, theirs);
          const written = draftOf(render(read(sent.set), { version, separators: theirs }));
          expect(said(written)).toEqual(said(renderWholeDocument(readWholeDocument(sent.set))));
        }),
        { numRuns: 60 },
      );
    });
  });
});
