import { z } from 'zod';
import { currencyCode } from './rule-values';

/** Of rules about credit: one account, the accounts of a risk class, or all; the most specific one decides. */
export const creditScope = z
  .string()
  .regex(
    /^(\*|risk:[A-Za-z0-9-]{1,20}|account:[^\s]{1,80})$/,
    'is "*" for all accounts, "risk:C" for a risk class or "account:CA-1" for one account',
  );
export const creditScopeIs =
  '"*" for all accounts, "risk:C" for those of a risk class, "account:CA-1" for one. The most specific one decides.';

/** What the amounts of a rule about credit are in. */
export const creditCurrency = currencyCode.optional();
export const creditCurrencyIs =
  'Without a currency the amounts are in that of the account where the rule is for one, else of the selling entity; an account in another is converted at the stated rate (exchange-rate), and without one the rule lets nothing through.';
