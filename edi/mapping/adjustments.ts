import type { InvoiceAdjustment } from '../../domain/order/answers';
import { currencyPlaces, formatMinor } from '../../domain/shared/money';
import type { Rendering } from './rendering';

/**
 * SAC05 has no sign here: what an order's later change takes back of a charge that was billed already is an allowance,
 * and the other way round.
 */
export function addAdjustment(rendering: Rendering, adjustment: InvoiceAdjustment, hundredths: number): void {
  const allowance = (adjustment.indicator === 'allowance') === adjustment.amountMinor > 0;
  // Element 1300 is a letter and three digits; any other code is an agency's (P0304), by default one of both partners.
  const isStandard = adjustment.agency === undefined && /^[A-Z]\d{3}$/.test(adjustment.code);
  rendering.add(
    'SAC',
    allowance ? 'A' : 'C',
    isStandard ? adjustment.code : '',
    isStandard ? '' : (adjustment.agency ?? 'ZZ'),
    isStandard ? '' : rendering.id(adjustment.code, '1301', 'SAC04'),
    String(Math.abs(hundredths)),
    '',
    '',
    '',
    '',
    '',
    '',
    // 331: 02 off invoice, 06 charge to be paid by the customer
    allowance ? '02' : '06',
    '',
    '',
    rendering.text(adjustment.description, 80),
  );
}

/** N2 elements are hundredths of the major unit whatever the currency: 1234 JPY is 123400, 1.235 BHD cannot be said. */
export function toHundredths(
  rendering: Rendering,
  minor: number,
  currency: string,
  options: { readonly threePlaceAmounts?: 'refuse' | 'round' },
  where: string,
): number {
  const scale = 10 ** (currencyPlaces(currency) - 2);
  if (scale <= 1) return Math.round(minor / scale);
  if (minor % scale !== 0 && options.threePlaceAmounts !== 'round') {
    rendering.refuse(where, `${formatMinor(minor, currency)} ${currency} cannot be written in hundredths`);
  }
  return Math.sign(minor) * Math.round(Math.abs(minor) / scale);
}

/** What is agreed about SAC of the documents that announce it (855, 865): of the order, and of its lines. */
export interface AnnouncementOptions {
  /** Written unless the guide forbids it. */
  readonly orderAdjustments?: boolean;
  readonly adjustmentsOfLines?: boolean;
  readonly threePlaceAmounts?: 'refuse' | 'round';
}

/**
 * SAC of a document that announces what the invoice will say (855, 865). What cannot be said in hundredths is left to the
 * invoice: an answer is not kept back for it.
 */
export function announceAdjustments(
  rendering: Rendering,
  adjustments: readonly InvoiceAdjustment[],
  currency: string,
  options: { readonly threePlaceAmounts?: 'refuse' | 'round' },
): void {
  const scale = 10 ** Math.max(0, currencyPlaces(currency) - 2);
  for (const adjustment of adjustments) {
    const { amountMinor } = adjustment;
    if (amountMinor === 0 || (amountMinor % scale !== 0 && options.threePlaceAmounts !== 'round')) continue;
    addAdjustment(rendering, adjustment, toHundredths(rendering, amountMinor, currency, options, 'SAC05'));
  }
}
