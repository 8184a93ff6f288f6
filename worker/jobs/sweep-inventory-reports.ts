import { reportInventory } from '../../application/stock/report-inventory';
import type { Sweep } from './job';

/** Every partner that takes an 846 gets one a day. */
export const sweepInventoryReports: Sweep = async ({ db }) => {
  const { rows } = await db.raw<{ rows: { partnerId: string; usage: 'P' | 'T' }[] }>(
    `select distinct i.partner_id as "partnerId", i.usage from interchange_agreement i
     join document_agreement d on d.agreement_id = i.id and d.direction = 'out' and d.set_id = '846' and d.wanted
     join partner p on p.id = i.partner_id and p.status = 'live'
     where i.active order by 1, 2`,
  );
  for (const partner of rows) {
    await db.transaction((tx) => reportInventory(tx, partner, new Date().toISOString()));
  }
};
