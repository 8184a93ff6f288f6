import { recordReceivables } from '../../application/record-receivables';
import type { Sweep } from './job';

const OLDER_THAN_SECONDS = 15 * 60;

/**
 * Credit is decided on the ERP's open items, so they are fetched for every account that is used before they grow old.
 * An account whose fetch fails keeps its old figures and their age.
 */
export const refreshReceivables: Sweep = async ({ db, outside, log }) => {
  const accounts = (await db('credit_account as a')
    .leftJoin('receivables_snapshot as s', 's.credit_account_id', 'a.id')
    .whereRaw(`(s.fetched_at is null or s.fetched_at < now() - make_interval(secs => ?))`, [OLDER_THAN_SECONDS])
    .orderByRaw('s.fetched_at nulls first')
    .limit(100)
    .select('a.id')) as { id: string }[];
  for (const { id } of accounts) {
    try {
      const snapshot = await outside.erp.receivables(id);
      await db.transaction((tx) => recordReceivables(tx, snapshot, new Date().toISOString()));
    } catch (error) {
      log.warn({ creditAccountId: id, error: String(error) }, 'the receivables of an account could not be fetched');
    }
  }
};
