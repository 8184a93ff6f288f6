import type { Party, PostalAddress } from '../order/order-request';

/** Name and address as they stand on paper. */
export interface PaperAddress {
  readonly name: string;
  readonly address: PostalAddress;
}

/** One line of a carton or shipment as people who unpack it read it, in base units. */
export interface PaperLine {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly description: string;
  /** What the buyer calls it (BP, IN) and its GTIN (UP, UK, EN), where they are known. */
  readonly buyerItem: string | null;
  readonly gtin: string | null;
  readonly quantity: number;
  readonly unit: string;
}

export interface PaperCarton {
  readonly sscc: string;
  readonly sequence: number;
  readonly weightGrams: number;
  readonly trackingNumber: string | null;
  readonly lines: readonly PaperLine[];
  /** The store that it is packed for while all goes to the ship-to (Z7, SDQ). */
  readonly markFor: Party | null;
}

/** All that stands on the papers of one shipment: carton labels and packing slip. */
export interface ShippingPapers {
  readonly shipmentNumber: string;
  readonly orderNumber: string;
  readonly purchaseOrderNumber: string;
  readonly releaseNumber: string | null;
  /** YYYY-MM-DD, where the order has one. */
  readonly purchaseOrderDate: string;
  /** REF DP, IA: what retailers sort by at the dock. */
  readonly department: string | null;
  readonly vendorNumber: string | null;
  readonly from: PaperAddress;
  readonly to: PaperAddress & { readonly location: string | null };
  readonly carrier: { readonly scac: string; readonly service: string } | null;
  readonly billOfLading: string | null;
  /** The day in the node's zone that it left on, else was planned for. */
  readonly date: string;
  readonly cartons: readonly PaperCarton[];
  readonly lines: readonly (PaperLine & { readonly ordered: number; readonly backordered: number })[];
}

/**
 * The element string of a ship-to's postal code (GS1 General Specifications 3.8.2 and 3.8.3): AI 420 within the
 * sender's own country, AI 421 with the ISO 3166 numeric country otherwise; null where it cannot be told.
 * @param countryNumber three digits of a country by its two letters
 */
export function postalElementString(
  from: PostalAddress,
  to: PostalAddress,
  countryNumber: (alpha2: string) => string | undefined,
): { readonly ai: '420' | '421'; readonly data: string } | null {
  const code = (to.postalCode ?? '').replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
  if (code === '') return null;
  const country = to.country ?? from.country ?? 'US';
  // 420 holds 20 characters, 421 nine behind the country; US ZIP+4 is scanned as five or nine digits.
  if (country === (from.country ?? 'US')) return code.length <= 20 ? { ai: '420', data: code } : null;
  const number = countryNumber(country);
  return number !== undefined && code.length <= 9 ? { ai: '421', data: number + code } : null;
}
