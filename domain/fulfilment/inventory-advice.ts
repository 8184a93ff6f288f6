import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { Contact, DocumentReference, ItemDescription, QualifiedDate } from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';
import type { WarehouseParty } from './warehouse-documents';

export interface AdviceQuantity extends WithBeyond {
  /** Element 673: 17 on hand, 33 available for sale, 63 on order, 29 projected, QH on hold, ... */
  readonly qualifier: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly dates: readonly QualifiedDate[];
  /** What comes when. */
  readonly schedules: readonly (WithBeyond & {
    readonly quantity: string;
    readonly unit: string;
    readonly dateQualifier: string;
    readonly date?: LocalDate;
  })[];
}

export interface AdviceItem extends WithBeyond {
  readonly lineNumber?: string;
  readonly productIds: readonly ProductId[];
  readonly descriptions: readonly ItemDescription[];
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
  readonly quantities: readonly AdviceQuantity[];
  /** Where the quantities are, when that is said by item. */
  readonly parties: readonly WarehouseParty[];
}

/** 846: who has how much of what; in from a warehouse or supplier, out to retailers and marketplaces. */
export interface InventoryAdvice extends WithBeyond {
  readonly kind: 'inventory-advice';
  /** Element 353: 00 original, 05 replace, ... */
  readonly purpose: string;
  /** Element 755: SI seller's inventory, DD distributor's, ... */
  readonly reportType: string;
  readonly reference: string;
  readonly date?: LocalDate;
  readonly time?: string;
  readonly action?: string;
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
  readonly contacts: readonly Contact[];
  readonly parties: readonly WarehouseParty[];
  readonly items: readonly AdviceItem[];
  readonly lineCount?: string;
}
