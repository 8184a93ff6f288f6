import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { DocumentParty, Remark } from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';

/**
 * What the hub and a warehouse (a 3PL) tell each other by EDI. Field by field what the documents of the trade hold;
 * codes are the standard's own, quantities decimal strings in the unit beside them.
 */

/** Its references stand in the header of the document. */
export type WarehouseParty = Omit<DocumentParty, 'references'>;

export interface WarehouseReference extends WithBeyond {
  /** Element 128: BM bill of lading, CN carrier's number, DP department, IA internal vendor number, LI line, LT lot, ... */
  readonly qualifier: string;
  readonly value: string;
  readonly description?: string;
  readonly date?: LocalDate;
  readonly time?: string;
  readonly timeZone?: string;
}

export interface WarehouseDate extends WithBeyond {
  /** Element 432, two digits: 02 delivery requested, 10 requested ship, 11 shipped, 37 ship not before, 38 ship no later. */
  readonly qualifier?: string;
  readonly date?: LocalDate;
  /** Element 176. */
  readonly timeQualifier?: string;
  /** HHMM or longer. */
  readonly time?: string;
  readonly timeZone?: string;
}

/** Marks on a carton or pallet: GM with the SSCC-18, CP with the carrier's tracking number. */
export interface WarehouseMark extends WithBeyond {
  /** Element 88. */
  readonly qualifier: string;
  readonly value: string;
  /** Where the mark is a range, its end. */
  readonly upTo?: string;
  readonly secondQualifier?: string;
  readonly secondValue?: string;
  readonly secondUpTo?: string;
}

export interface WarehouseCarrier extends WithBeyond {
  /** Element 91: M motor, U parcel, ... */
  readonly method?: string;
  readonly scac?: string;
  readonly routing?: string;
  /** Element 146: PP prepaid, CC collect, TP third party. */
  readonly payment?: string;
  readonly equipmentCode?: string;
  readonly equipmentInitial?: string;
  readonly equipmentNumber?: string;
}

/** What heads every document of a warehouse. */
export interface WarehouseHeader extends WithBeyond {
  readonly parties: readonly WarehouseParty[];
  readonly references: readonly WarehouseReference[];
  readonly dates: readonly WarehouseDate[];
  readonly notes: readonly Remark[];
}

/** What names an item, on a line of any of them. */
export interface WarehouseItem extends WithBeyond {
  /** Element 438: the twelve digits of the case. */
  readonly caseCode?: string;
  readonly productIds: readonly ProductId[];
  readonly lotNumber?: string;
  readonly descriptions: readonly (WithBeyond & { readonly text: string })[];
  readonly references: readonly WarehouseReference[];
}

export interface ItemPacking extends WithBeyond {
  readonly pack?: string;
  readonly size?: string;
  readonly sizeUnit?: string;
  readonly weight?: string;
  readonly weightQualifier?: string;
  readonly weightUnit?: string;
}

export interface ShippingOrderLine extends WarehouseItem {
  readonly quantity: string;
  readonly unit: string;
  readonly packing: readonly ItemPacking[];
  readonly dates: readonly WarehouseDate[];
  readonly notes: readonly Remark[];
}

/** 940: a warehouse is asked to pick, pack and ship. */
export interface WarehouseShippingOrder extends WarehouseHeader {
  readonly kind: 'warehouse-shipping-order';
  /** Element 473: N original, F cancel, R replace, ... */
  readonly status: string;
  /** The hub's number of the shipment; the 945 names it again. */
  readonly depositorOrderNumber: string;
  readonly purchaseOrderNumber?: string;
  readonly linkSequence?: string;
  readonly masterReference?: string;
  readonly transactionType?: string;
  readonly action?: string;
  readonly carrier?: WarehouseCarrier;
  /** One a carton where the cartons are planned, otherwise one a line. */
  readonly groups: readonly (WithBeyond & {
    readonly number: string;
    readonly marks: readonly WarehouseMark[];
    readonly lines: readonly ShippingOrderLine[];
  })[];
  readonly totals?: WithBeyond & {
    readonly quantity: string;
    readonly weight?: string;
    readonly weightUnit?: string;
    readonly volume?: string;
    readonly volumeUnit?: string;
  };
}

/** What an advice of goods that left is headed with (W06). */
export interface ShipmentIdentification {
  /** Element 514: F full detail, N no exceptions, ... */
  readonly reporting: string;
  readonly depositorOrderNumber?: string;
  readonly shippedOn?: LocalDate;
  /** Whoever shipped calls it so. */
  readonly shipmentNumber?: string;
  readonly agentShipmentNumber?: string;
  readonly purchaseOrderNumber?: string;
  readonly masterReference?: string;
  readonly linkSequence?: string;
  readonly transactionType?: string;
  readonly action?: string;
}

export interface ShipmentTotals extends WithBeyond {
  readonly units: string;
  readonly weight?: string;
  readonly weightUnit?: string;
  readonly volume?: string;
  readonly volumeUnit?: string;
  readonly ladingQuantity?: string;
  readonly ladingUnit?: string;
}

export interface ShippingAdviceLine extends WarehouseItem {
  /** Element 368: CC complete, CP partial, BO backordered, ... */
  readonly status: string;
  readonly ordered?: string;
  readonly shipped?: string;
  readonly difference?: string;
  readonly unit?: string;
  readonly weight?: string;
  readonly weightQualifier?: string;
  readonly weightUnit?: string;
  /** Element 892. */
  readonly changeReason?: string;
  readonly dates: readonly WarehouseDate[];
}

/** 945: what left the warehouse. */
export interface WarehouseShippingAdvice extends WarehouseHeader, ShipmentIdentification {
  readonly kind: 'warehouse-shipping-advice';
  readonly carrier?: WarehouseCarrier;
  /** One a carton or pallet with what is in it, or one a line. */
  readonly groups: readonly (WithBeyond & {
    readonly number: string;
    readonly marks: readonly WarehouseMark[];
    readonly references: readonly WarehouseReference[];
    readonly lines: readonly ShippingAdviceLine[];
  })[];
  readonly totals?: ShipmentTotals;
}

export interface StockTransferLine extends WarehouseItem {
  readonly quantity: string;
  readonly unit: string;
  /** Element 844: held on arrival, and why. */
  readonly inboundCondition?: string;
  readonly packing: readonly ItemPacking[];
}

/** 943: stock is on its way to a warehouse. */
export interface StockTransferShipmentAdvice extends WarehouseHeader, ShipmentIdentification {
  readonly kind: 'stock-transfer-shipment-advice';
  readonly carrier?: WarehouseCarrier;
  readonly lines: readonly StockTransferLine[];
  readonly totals?: ShipmentTotals;
}

/** What of a received line is not as it should be. */
export interface ReceiptException extends WithBeyond {
  readonly quantity: string;
  readonly unit: string;
  /** Element 412: 01 damaged, 02 short, 03 over, 04 quality, 05 wrong item, 08 rejected, 09 on hold, ... */
  readonly condition: string;
  readonly lotNumber?: string;
  /** Element 853. */
  readonly damageReason?: string;
  readonly references: readonly WarehouseReference[];
}

export interface ReceiptLine extends WarehouseItem {
  readonly received: string;
  readonly unit: string;
  readonly packing: readonly ItemPacking[];
  readonly exceptions: readonly ReceiptException[];
}

/** 944: what a warehouse has received. */
export interface StockTransferReceiptAdvice extends WarehouseHeader {
  readonly kind: 'stock-transfer-receipt-advice';
  /** Element 514. */
  readonly reporting: string;
  readonly receivedOn?: LocalDate;
  /** The warehouse's own number of the receipt. */
  readonly receiptNumber: string;
  readonly depositorOrderNumber?: string;
  readonly shipmentNumber?: string;
  readonly timeQualifier?: string;
  readonly time?: string;
  readonly masterReference?: string;
  readonly linkSequence?: string;
  readonly carrier?: WithBeyond & {
    readonly method?: string;
    readonly scac?: string;
    readonly routing?: string;
    readonly equipmentInitial?: string;
    readonly equipmentNumber?: string;
    readonly seal?: string;
    readonly secondSeal?: string;
    readonly sealStatus?: string;
  };
  readonly lines: readonly ReceiptLine[];
  readonly totals?: WithBeyond & {
    readonly received: string;
    readonly shipped?: string;
    readonly damaged?: string;
  };
}

export interface AdjustmentLine extends WarehouseItem {
  /** Element 181: AA physical count, 05 put on hold, 07 destroyed, 55 taken off hold, ... */
  readonly reason: string;
  /** Signed: units credited, or debited with a minus. */
  readonly quantity: string;
  readonly unit: string;
  readonly transactionType?: string;
  readonly dates: readonly WarehouseDate[];
}

/** 947: a warehouse corrects a level without a receipt or a shipment. */
export interface WarehouseInventoryAdjustment extends WarehouseHeader {
  readonly kind: 'warehouse-inventory-adjustment';
  readonly adjustedOn?: LocalDate;
  /** The warehouse's own number of the adjustment. */
  readonly adjustmentNumber?: string;
  readonly depositorAdjustmentNumber?: string;
  /** Element 353. */
  readonly purpose?: string;
  readonly transactionType?: string;
  readonly action?: string;
  readonly lines: readonly AdjustmentLine[];
}
