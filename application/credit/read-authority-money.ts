import type { Db } from '../../db/connection';
import type { ExchangeRate } from '../../domain/credit/convert-amount';
import { type LocalDate, localDateIn } from '../../domain/shared/dates';
import { ratesOn } from '../rules/credit-rules';
import { exchangeRateRule, hasBegunBy } from '../rules/exchange-rate';
import { readRules } from '../rules/read-rules';

/** What amounts of authorities are in that name no currency, and by which rates others are measured. */
export interface AuthorityMoney {
  readonly entityCurrency: string;
  readonly rates: readonly ExchangeRate[];
  /** Where the selling entity is. */
  readonly today: LocalDate;
}

/** @param entityId null: the hub's first selling entity, where a question is about no account or order */
export async function readAuthorityMoney(
  db: Db,
  entityId: string | null,
  now: string,
): Promise<AuthorityMoney> {
  const entity = (await db('selling_entity')
    .modify((q) => entityId !== null && q.where({ id: entityId }))
    .orderBy('id')
    .first('currency', 'time_zone')) as { currency: string; time_zone: string };
  const today = localDateIn(now, entity.time_zone);
  const stored = await readRules(db, exchangeRateRule, now, hasBegunBy(`'${today}'`));
  return {
    entityCurrency: entity.currency,
    today,
    rates: ratesOn(
      stored.map((rule) => ({ ...rule, kind: 'exchange-rate' })),
      today,
    ),
  };
}
