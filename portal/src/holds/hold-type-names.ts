import { inWords } from '../parts/format';

/** The types of holds as delivered; those of a company's own are found by their names. */
export const holdTypeChoices = [
  'credit',
  'price',
  'approval',
  'duplicate-purchase-order',
  'ship-to',
  'item',
  'content',
  'buyer-approval',
  'manual',
].map((value) => ({ value, label: inWords(value) }));
