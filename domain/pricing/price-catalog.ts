import type { WarehouseParty } from '../fulfilment/warehouse-documents';
import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { Contact, DocumentReference, ItemDescription, QualifiedDate } from '../partner/document-parts';
import type { UnitPrice } from '../shared/money';

export interface CatalogPrice extends WithBeyond {
  /** Element 687: class of trade. */
  readonly tradeClass?: string;
  /** Element 236: WHL wholesale, RES resale, MSR manufacturer's suggested retail, ... */
  readonly kind?: string;
  readonly price?: UnitPrice;
  /** From this quantity on. */
  readonly quantity?: string;
  readonly unit?: string;
  /** Element 648 with its factor: SEL selling multiplier, DIS discount, ... */
  readonly multiplierQualifier?: string;
  readonly multiplier?: string;
  /** Element 639. */
  readonly basis?: string;
  readonly dates: readonly QualifiedDate[];
}

export interface CatalogPack extends WithBeyond {
  readonly pack?: string;
  readonly size?: string;
  readonly sizeUnit?: string;
  readonly packaging?: string;
  readonly weightQualifier?: string;
  readonly weight?: string;
  readonly weightUnit?: string;
}

export interface CatalogItem extends WithBeyond {
  readonly lineNumber?: string;
  readonly productIds: readonly ProductId[];
  readonly descriptions: readonly ItemDescription[];
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
  readonly pack?: CatalogPack;
  readonly prices: readonly CatalogPrice[];
}

/** 832: what a seller offers, at which prices. */
export interface PriceCatalog extends WithBeyond {
  readonly kind: 'price-catalog';
  /** Element 683: PC price catalog, RC resale catalog, ... */
  readonly catalogKind: string;
  readonly number?: string;
  readonly version?: string;
  readonly revision?: string;
  readonly description?: string;
  /** Element 353: 00 original, 04 change, 05 replace, ... */
  readonly purpose?: string;
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
  readonly contacts: readonly Contact[];
  readonly parties: readonly WarehouseParty[];
  readonly items: readonly CatalogItem[];
  readonly lineCount?: string;
}
