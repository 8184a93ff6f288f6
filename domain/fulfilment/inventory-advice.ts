import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { LocalDate } from '../shared/dates';
import type { Contact, WarehouseParty } from './warehouse-documents';

/** A date or period as an 846 writes it (DTM). */
export interface AdviceDate extends WithBeyond {
  /** Element 374, three digits: 018 available, 405 production, ... */
  readonly qualifier: string;
  readonly date?: LocalDate;
  readonly time?: string;
  readonly timeZone?: string;
  readonly periodFormat?: string;
  readonly period?: string;
}

export interface AdviceReference extends WithBeyond {
  readonly qualifier: string;
  readonly value: string;
  readonly description?: string;
}

export interface AdviceQuantity extends WithBeyond {
  /** Element 673: 17 on hand, 33 available for sale, 63 on order, 29 projected, QH on hold, ... */
  readonly qualifier: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly dates: readonly AdviceDate[];
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
  readonly descriptions: readonly (WithBeyond & {
    readonly type: string;
    readonly characteristic?: string;
    readonly text?: string;
  })[];
  readonly dates: readonly AdviceDate[];
  readonly references: readonly AdviceReference[];
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
  readonly dates: readonly AdviceDate[];
  readonly references: readonly AdviceReference[];
  readonly contacts: readonly Contact[];
  readonly parties: readonly WarehouseParty[];
  readonly items: readonly AdviceItem[];
  readonly lineCount?: string;
}
