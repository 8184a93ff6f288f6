import type {
  ItemPacking,
  ShipmentIdentification,
  ShipmentTotals,
  WarehouseCarrier,
  WarehouseDate,
  WarehouseHeader,
  WarehouseItem,
  WarehouseMark,
  WarehouseParty,
  WarehouseReference,
} from '../../domain/fulfilment/warehouse-documents';
import { contacts, partyLayout, remarks } from './document-parts';
import { date, decimal, id, must, pairs, text } from './element-codecs';
import { type Codec, type Layout, loops, part, segments } from './layout';

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

const markLayout: Layout<WarehouseMark> = {
  qualifier: must(id('MAN', 1)),
  value: must(id('MAN', 2)),
  upTo: id('MAN', 3),
  secondQualifier: id('MAN', 4),
  secondValue: id('MAN', 5),
  secondUpTo: id('MAN', 6),
};
export const marks: Codec<readonly WarehouseMark[]> = segments('MAN', markLayout);

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

export const parties: Codec<readonly WarehouseParty[]> = loops<WarehouseParty>('N1', {
  ...partyLayout,
  contacts,
});

export const header: Layout<Omit<WarehouseHeader, 'beyond'>> = { parties, references, dates, notes: remarks };

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
