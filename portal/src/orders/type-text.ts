import type { OrderSummaryView } from '../../../api/contract/orders';
import { inWords } from '../parts/format';

/** What kind of order it is, where it is not the usual one: "Release R7", "Blanket". */
export function typeText({
  type,
  releaseNumber,
}: Pick<OrderSummaryView, 'type' | 'releaseNumber'>): string | null {
  if (type === 'standard') return null;
  return releaseNumber === null ? inWords(type) : `${inWords(type)} ${releaseNumber}`;
}
