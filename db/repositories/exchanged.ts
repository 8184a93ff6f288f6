/**
 * SQL that is true where documents are exchanged with the partner of a row now, as `notExchanged` says it of an
 * agreement. A partner that nobody knows keeps nothing back.
 * @param row alias of a row with partner_id and usage
 */
export const exchanged = (row: string): string =>
  `not exists (select 1 from partner x where x.id = ${row}.partner_id and (x.status = 'suspended' or (x.status = 'onboarding' and ${row}.usage = 'P')))`;
