import { z } from 'zod';

/** Of rules about credit: one account, the accounts of a risk class, or all; the most specific one decides. */
export const creditScope = z
  .string()
  .regex(
    /^(\*|risk:[A-Za-z0-9-]{1,20}|account:[^\s]{1,80})$/,
    'is "*" for all accounts, "risk:C" for a risk class or "account:CA-1" for one account',
  );
export const creditScopeIs =
  '"*" for all accounts, "risk:C" for those of a risk class, "account:CA-1" for one. The most specific one decides.';
