import type { AllowanceOrCharge } from '../../domain/invoicing/credit-debit-adjustment';
import type { DatedReference, DocumentCurrency } from '../../domain/invoicing/remittance-advice';
import type { Party, PostalAddress } from '../../domain/order/order-request';
import type {
  Contact,
  DocumentParty,
  DocumentReference,
  ItemDescription,
  QualifiedAmount,
  QualifiedDate,
  QualifiedQuantity,
  Remark,
} from '../../domain/partner/document-parts';
import type { NamedPurchaseOrder } from '../../domain/returns/return-authorization';
import { date, decimal, firstOf, hundredths, id, must, pairs, required, text } from './element-codecs';
import { type Codec, group, type Layout, loops, part, segments } from './layout';
import type { ReadNode } from './layout-read';
import type { WriteNode } from './layout-write';

/** Segments and loops that mean the same in every set, each said once. */

function referenceLayout(segment: 'REF' | 'N9'): Layout<DocumentReference> {
  return {
    qualifier: must(id(segment, 1)),
    value: must(id(segment, 2)),
    description: text(segment, 3),
  };
}
export const references: Codec<readonly DocumentReference[]> = segments('REF', referenceLayout('REF'));
/** N9 as a plain reference. */
export const n9References: Codec<readonly DocumentReference[]> = segments('N9', referenceLayout('N9'));

export const dates: Codec<readonly QualifiedDate[]> = segments<QualifiedDate>('DTM', {
  qualifier: must(id('DTM', 1)),
  date: date('DTM', 2),
  time: id('DTM', 3),
  zone: id('DTM', 4),
  period: group<NonNullable<QualifiedDate['period']>>({
    format: must(id('DTM', 5)),
    value: must(id('DTM', 6)),
  }),
});

/** A REF loop: a reference with the dates that belong to it. */
export const datedReferences: Codec<readonly DatedReference[]> = loops<DatedReference>('REF', {
  ...referenceLayout('REF'),
  dates,
});

export const contacts: Codec<readonly Contact[]> = segments<Contact>('PER', {
  role: must(id('PER', 1)),
  name: text('PER', 2),
  numbers: pairs('PER', [3, 5, 7]),
  reference: text('PER', 9),
});

export const remarks: Codec<readonly Remark[]> = segments<Remark>('NTE', {
  code: id('NTE', 1),
  text: must(text('NTE', 2)),
});

export const amounts: Codec<readonly QualifiedAmount[]> = segments<QualifiedAmount>('AMT', {
  qualifier: required(id('AMT', 1)),
  amount: required(decimal('AMT', 2)),
  creditOrDebit: id('AMT', 3),
});

export const quantityLayout: Layout<QualifiedQuantity> = {
  qualifier: must(id('QTY', 1)),
  quantity: decimal('QTY', 2),
  unit: firstOf('QTY', 3),
  text: text('QTY', 4),
};
export const quantities: Codec<readonly QualifiedQuantity[]> = segments('QTY', quantityLayout);

export const currency: Codec<DocumentCurrency> = part<DocumentCurrency>('CUR', {
  party: required(id('CUR', 1)),
  code: required(id('CUR', 2)),
  rate: decimal('CUR', 3),
});

export const descriptions: Codec<readonly ItemDescription[]> = segments<ItemDescription>('PID', {
  form: must(id('PID', 1)),
  characteristic: id('PID', 2),
  agency: id('PID', 3),
  code: id('PID', 4),
  text: text('PID', 5),
});

export const purchaseOrder: Codec<NamedPurchaseOrder> = part<NamedPurchaseOrder>('PRF', {
  number: required(id('PRF', 1)),
  releaseNumber: id('PRF', 2),
  changeNumber: id('PRF', 3),
  date: date('PRF', 4),
  lineNumber: id('PRF', 5),
  contract: id('PRF', 6),
  type: id('PRF', 7),
});

export const charges: Codec<readonly AllowanceOrCharge[]> = segments<AllowanceOrCharge>('SAC', {
  indicator: required(id('SAC', 1)),
  code: id('SAC', 2),
  agency: id('SAC', 3),
  agencyCode: id('SAC', 4),
  amount: hundredths('SAC', 5),
  percentOf: id('SAC', 6),
  percent: decimal('SAC', 7),
  rate: decimal('SAC', 8),
  unit: id('SAC', 9),
  quantity: decimal('SAC', 10),
  otherQuantity: decimal('SAC', 11),
  method: id('SAC', 12),
  reference: id('SAC', 13),
  option: id('SAC', 14),
  description: text('SAC', 15),
  language: id('SAC', 16),
});

/** LIN02/03 to LIN30/31. */
export const productIds = pairs('LIN', [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]);

/** Lines of text, two a segment. */
function lines(segment: string): Codec<readonly string[]> {
  return {
    read: (node) => {
      const found = node.takeSegments(segment, (inner) => {
        const own = [inner.take(segment, 1), inner.take(segment, 2)].filter((line) => line !== undefined);
        return inner.isSpent() ? own : undefined;
      });
      return found.length === 0 ? undefined : found.flat();
    },
    write: (values, node) => {
      for (let at = 0; at < values.length; at += 2) {
        const inner = node.newSegment(segment);
        values.slice(at, at + 2).forEach((line, index) => inner.putText(segment, index + 1, line));
      }
    },
  };
}
const [furtherNames, street] = [lines('N2'), lines('N3')];

/** More than N3 has room for: what stands above the street is the rest of the name (a department, "attention of"). */
const STREET_LINES = 4;

const address: Codec<PostalAddress> = { read: readAddress, write: writeAddress };

function readAddress(node: ReadNode): PostalAddress | undefined {
  const found = street.read(node) ?? [];
  const [city, state] = [node.take('N4', 1), node.take('N4', 2)];
  // A region that is no two-letter state stands in N406 (SP, state or province).
  const named = state === undefined && node.is('N4', 5, 'SP') && node.has('N4', 6);
  if (named) node.take('N4', 5);
  const region = named ? node.take('N4', 6) : state;
  const [postalCode, country] = [node.take('N4', 3), node.take('N4', 4)];
  const parts = { city, region, postalCode, country };
  if (found.length === 0 && Object.values(parts).every((part) => part === undefined)) return undefined;
  return {
    lines: found,
    ...(Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Omit<
      PostalAddress,
      'lines'
    >),
  };
}

function writeAddress({ lines: found, city, region, postalCode, country }: PostalAddress, node: WriteNode) {
  furtherNames.write(found.slice(0, -STREET_LINES), node);
  street.write(found.slice(-STREET_LINES), node);
  if (city !== undefined) node.putText('N4', 1, city);
  if (postalCode !== undefined) node.putText('N4', 3, postalCode);
  if (country !== undefined) node.put('N4', 4, country);
  if (region !== undefined && region.length === 2) node.put('N4', 2, region);
  else if (region !== undefined) {
    node.put('N4', 5, 'SP');
    node.putText('N4', 6, region);
  }
}

/** Who a party is and where. */
export const partyLayout: Layout<Party & Pick<DocumentParty, 'additionalNames'>> = {
  role: must(id('N1', 1)),
  name: text('N1', 2),
  idQualifier: id('N1', 3),
  id: id('N1', 4),
  additionalNames: furtherNames,
  address,
};

/** N1 loops, with their references in REF or N9 as the set has it. */
export function partiesWith(of: Codec<readonly DocumentReference[]>): Codec<readonly DocumentParty[]> {
  return loops<DocumentParty>('N1', { ...partyLayout, references: of, contacts });
}

/** In a set whose loop has no place for references. */
export const noReferences: Codec<readonly DocumentReference[]> = {
  read: () => [],
  write: (values, node) => n9References.write(values, node),
};
