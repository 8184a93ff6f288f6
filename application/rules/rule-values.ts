import { z } from 'zod';

/** Values that rules share. */
export const decimal = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'a decimal with up to 6 places, such as "12.5"');
export const percent = decimal.refine(
  (text) => Number(text) > 0 && Number(text) <= 100,
  'a percentage above 0 and up to 100',
);
export const day = z.iso.date();
/** The smallest unit of a currency. */
export const minor = z.int().positive();
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'is a currency of three capital letters');
export const namesOf = (what: string) =>
  z.array(z.string().trim().min(1).max(64)).min(1, `name at least one ${what}, or leave it out`).max(5_000);
