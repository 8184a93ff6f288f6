import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { quotePrices } from './quote-prices';
import type { ResolvedLine } from './resolve-lines';

/** A line of a draft or quote with its price; null: there is none, or the line cannot be ordered as it stands. */
export interface PricedUnplacedLine {
  readonly lineNumber: number;
  readonly itemId: string | null;
  readonly description: string | null;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string | null;
  readonly amountMinor: number;
  readonly explanation: string | null;
  /** Why it could not be ordered as it stands. */
  readonly rejection: string | null;
  /** What somebody would have to agree to first. */
  readonly concerns: readonly string[];
}

export interface UnplacedPrices {
  readonly lines: readonly PricedUnplacedLine[];
  readonly subtotalMinor: number;
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/**
 * Prices as an order placed now would have them. Nothing is reserved, locked or written.
 * @param quoted `quotePrices`: of a quote what a person gives instead; absent of a draft
 */
export async function priceUnplaced(
  db: Db,
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  today: string,
  quoted?: ReadonlyMap<number, string>,
): Promise<UnplacedPrices> {
  const priced = await quotePrices(db, request, customer, policy, today, quoted);
  const { lines } = priced.given;
  const { totals } = priced.agreed;
  const { subtotalMinor, chargesMinor, taxMinor, totalMinor } = totals;
  return {
    lines: lines.map((line) => pricedLine(line, quoted?.has(line.lineNumber) === true)),
    subtotalMinor,
    chargesMinor,
    taxMinor,
    totalMinor,
  };
}

/** Of a price that is not the list's: whose it is. */
function explanationOf({ price, priceDecision: { stands, why } }: ResolvedLine): string | null {
  if ((stands === 'sample' || stands === 'blanket') && typeof why === 'string') return why;
  return price?.explanation ?? null;
}

function pricedLine(line: ResolvedLine, byPerson: boolean): PricedUnplacedLine {
  return {
    lineNumber: line.lineNumber,
    itemId: line.item?.itemId ?? null,
    description: line.request.description ?? line.item?.description ?? null,
    quantity: line.request.quantity,
    unit: line.request.unit,
    unitPrice: line.rejection ? null : line.unitPrice,
    amountMinor: line.rejection ? 0 : line.amountMinor,
    explanation: byPerson ? 'quoted by a person' : explanationOf(line),
    rejection: line.rejection?.text ?? null,
    concerns: line.holds.map((hold) => hold.reason.text),
  };
}
