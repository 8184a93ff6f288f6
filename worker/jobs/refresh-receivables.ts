import { recordReceivables } from '../../application/credit/record-receivables';
import type { JobHandler, JobTools, Sweep } from './job';

const OLDER_THAN_SECONDS = 15 * 60;

/** A payment or a new limit: the account's open items are fetched, which wakes its credit-held orders. */
export const refreshReceivables: JobHandler<'refresh-receivables'> = ({ creditAccountId }, tools) =>
  refresh(tools, creditAccountId);

async function refresh({ db, outside }: JobTools, creditAccountId: string): Promise<void> {
  const snapshot = await outside.erp.receivables(creditAccountId);
  await db.transaction((tx) => recordReceivables(tx, snapshot, new Date().toISOString()));
}

/**
 * Credit is decided on the ERP's open items, so they are fetched for every account before they grow old. An account
 * whose fetch fails keeps its old figures and their age.
 */
export const sweepReceivables: Sweep = async (tools) => {
  const accounts = (await tools
    .db('credit_account as a')
    .leftJoin('receivables_snapshot as s', 's.credit_account_id', 'a.id')
    .whereRaw(`(s.fetched_at is null or s.fetched_at < now() - make_interval(secs => ?))`, [
      OLDER_THAN_SECONDS,
    ])
    .orderByRaw('s.fetched_at nulls first')
    .limit(100)
    .select('a.id')) as { id: string }[];
  for (const { id } of accounts) {
    try {
      await refresh(tools, id);
    } catch (error) {
      tools.log.warn(
        { creditAccountId: id, error: String(error) },
        'the receivables of an account could not be fetched',
      );
    }
  }
};
