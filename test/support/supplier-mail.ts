import type { Db } from '../../db/connection';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { NOW } from './company';

/** All that was written for a partner under its agreement, one list of segments a transaction set. */
export async function readAllDrafts(db: Db, partnerId: string): Promise<readonly (readonly string[])[]> {
  await renderDocuments(db, `${partnerId}-P`, () => NOW);
  const rows = (await db('interchange')
    .where({ direction: 'out', partner_id: partnerId })
    .orderBy('sequence')
    .pluck('content')) as Buffer[];
  return rows.flatMap((content) =>
    content
      .toString('latin1')
      .split(/(?<=~)(?=ST\*)/)
      .slice(1)
      .map((set) => set.split('~').slice(0, set.split('~').findIndex((one) => one.startsWith('SE*')) + 1)),
  );
}
