import { formatMinor } from '../../domain/shared/money';
import type { MoneyView } from '../contract/common';

export const moneyOf = (amountMinor: number, currency: string): MoneyView => ({
  amount: formatMinor(amountMinor, currency),
  amountMinor,
  currency,
});
