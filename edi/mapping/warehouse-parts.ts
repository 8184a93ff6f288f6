import type {
  Contact,
  ItemPacking,
  ShipmentIdentification,
  ShipmentTotals,
  WarehouseCarrier,
  WarehouseDate,
  WarehouseHeader,
  WarehouseItem,
  WarehouseMark,
  WarehouseNote,
  WarehouseParty,
  WarehouseReference,
} from '../../domain/fulfilment/warehouse-documents';
import type { PostalAddress } from '../../domain/order/order-request';
import {
  type Codec,
  date,
  decimal,
  id,
  type Layout,
  loops,
  must,
  pairs,
  part,
  segments,
  text,
} from './layout';
import type { ReadNode } from './layout-read';
import type { WriteNode } from './layout-write';

/** The parts that the sets of a warehouse (940, 943, 944, 945, 947) and the 846 have in common, each said once. */

const referenceLayout: Layout<WarehouseReference> = {
  qualifier: must(id('N9', 1)),
  value: must(id('N9', 2)),
  description: text('N9', 3),
  date: date('N9', 4),
  time: id('N9', 5),
  timeZone: id('N9', 6),
};
export const references: Codec<readonly WarehouseReference[]> = segments('N9', referenceLayout);

const dateLayout: Layout<WarehouseDate> = {
  qualifier: id('G62', 1),
  date: date('G62', 2),
  timeQualifier: id('G62', 3),
  time: id('G62', 4),
  timeZone: id('G62', 5),
};
export const dates: Codec<readonly WarehouseDate[]> = segments('G62', dateLayout);

const noteLayout: Layout<WarehouseNote> = { code: id('NTE', 1), text: must(text('NTE', 2)) };
export const notes: Codec<readonly WarehouseNote[]> = segments('NTE', noteLayout);

const markLayout: Layout<WarehouseMark> = {
  qualifier: must(id('MAN', 1)),
  value: must(id('MAN', 2)),
  upTo: id('MAN', 3),
  secondQualifier: id('MAN', 4),
  secondValue: id('MAN', 5),
  secondUpTo: id('MAN', 6),
};
export const marks: Codec<readonly WarehouseMark[]> = segments('MAN', markLayout);

const contactLayout: Layout<Contact> = {
  purpose: must(id('PER', 1)),
  name: text('PER', 2),
  numbers: pairs('PER', [3, 5, 7]),
};
export const contacts: Codec<readonly Contact[]> = segments('PER', contactLayout);

const packingLayout: Layout<ItemPacking> = {
  pack: decimal('W20', 1),
  size: decimal('W20', 2),
  sizeUnit: id('W20', 3),
  weight: decimal('W20', 4),
  weightQualifier: id('W20', 5),
  weightUnit: id('W20', 6),
};
export const packing: Codec<readonly ItemPacking[]> = segments('W20', packingLayout);

export const descriptions: Codec<WarehouseItem['descriptions']> = segments('G69', {
  text: must(text('G69', 1)),
});

/** Lines of text, two a segment. */
function lines(segment: string): Codec<readonly string[]> {
  return {
    read: (node) => {
      const found = node.takeSegments(segment, (inner) => {
        const own = [inner.take(segment, 1), inner.take(segment, 2)].filter((line) => line !== undefined);
        const beyond = inner.rest();
        return beyond.length === 0 ? { lines: own } : { lines: own, beyond };
      });
      return found.length === 0 ? undefined : found.flatMap((one) => one.lines);
    },
    write: (values, node) => {
      for (let at = 0; at < values.length; at += 2) {
        const inner = node.newSegment(segment);
        values.slice(at, at + 2).forEach((line, index) => inner.putText(segment, index + 1, line));
      }
    },
  };
}
const street = lines('N3');

const address: Codec<PostalAddress> = {
  read: readAddress,
  write: writeAddress,
};

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
  street.write(found, node);
  if (city !== undefined) node.putText('N4', 1, city);
  if (postalCode !== undefined) node.putText('N4', 3, postalCode);
  if (country !== undefined) node.putText('N4', 4, country);
  if (region !== undefined && region.length === 2) node.put('N4', 2, region);
  else if (region !== undefined) {
    node.put('N4', 5, 'SP');
    node.putText('N4', 6, region);
  }
}

const partyLayout: Layout<WarehouseParty> = {
  role: must(id('N1', 1)),
  name: text('N1', 2),
  idQualifier: id('N1', 3),
  id: id('N1', 4),
  additionalNames: lines('N2'),
  address,
  contacts,
};
export const parties: Codec<readonly WarehouseParty[]> = loops('N1', partyLayout);

export const header: Layout<Omit<WarehouseHeader, 'beyond'>> = { parties, references, dates, notes };

export const carrier: Codec<WarehouseCarrier> = part('W27', {
  method: id('W27', 1),
  scac: id('W27', 2),
  routing: text('W27', 3),
  payment: id('W27', 4),
  equipmentCode: id('W27', 5),
  equipmentInitial: id('W27', 6),
  equipmentNumber: id('W27', 7),
} satisfies Layout<WarehouseCarrier>);

/** W06, of a 943 as of a 945. */
export const shipmentIdentification: Layout<ShipmentIdentification> = {
  reporting: must(id('W06', 1)),
  depositorOrderNumber: id('W06', 2),
  shippedOn: date('W06', 3),
  shipmentNumber: id('W06', 4),
  agentShipmentNumber: id('W06', 5),
  purchaseOrderNumber: id('W06', 6),
  masterReference: id('W06', 7),
  linkSequence: id('W06', 8),
  transactionType: id('W06', 11),
  action: id('W06', 12),
};

export const shipmentTotals: Codec<ShipmentTotals> = part('W03', {
  units: must(decimal('W03', 1)),
  weight: decimal('W03', 2),
  weightUnit: id('W03', 3),
  volume: decimal('W03', 4),
  volumeUnit: id('W03', 5),
  ladingQuantity: id('W03', 6),
  ladingUnit: id('W03', 7),
} satisfies Layout<ShipmentTotals>);

/** An item on a line whose segment has its ids at these elements. */
export function item(
  segment: string,
  at: { readonly caseCode: number; readonly pairs: readonly number[]; readonly lot: number },
): Layout<Omit<WarehouseItem, 'beyond'>> {
  return {
    caseCode: id(segment, at.caseCode),
    productIds: pairs(segment, at.pairs),
    lotNumber: id(segment, at.lot),
    descriptions,
    references,
  };
}
