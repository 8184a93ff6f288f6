import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface PartnerRow {
  readonly id: string;
  readonly name: string;
  readonly status: 'onboarding' | 'live' | 'suspended';
  readonly customer_id: string | null;
  readonly agreements: readonly {
    readonly id: string;
    readonly usage: 'P' | 'T';
    readonly own: string;
    readonly partner: string;
    readonly channel: string;
    readonly active: boolean;
    readonly policy: Readonly<Record<string, unknown>>;
    readonly documents: readonly {
      direction: 'in' | 'out';
      setId: string;
      version: string;
      guide: string | null;
    }[];
  }[];
  /** The newest first. */
  readonly history: readonly {
    readonly at: string;
    readonly by: string;
    readonly kind: 'set-up' | 'status' | 'key' | 'guide';
    readonly detail: Readonly<Record<string, string | null>>;
  }[];
}

/** That many of what was decided about a partner are shown with it. */
const HISTORY = 50;

const select = `select p.id, p.name, p.status, p.customer_id,
  coalesce((select json_agg(json_build_object('id', a.id, 'usage', a.usage, 'own', a.own_qualifier || ':' || trim(a.own_isa_id),
    'partner', a.partner_qualifier || ':' || trim(a.partner_isa_id), 'channel', a.channel_id, 'active', a.active, 'policy', a.policy,
    'documents', coalesce((select json_agg(json_build_object('direction', d.direction, 'setId', d.set_id, 'version', d.version, 'guide', d.guide)
      order by d.direction, d.set_id) from document_agreement d where d.agreement_id = a.id), '[]')) order by a.id)
    from interchange_agreement a where a.partner_id = p.id), '[]') as agreements,
  coalesce((select json_agg(json_build_object('at', e.done_at, 'by', e.done_by, 'kind', e.kind, 'detail', e.detail) order by e.id desc)
    from (select * from partner_event where partner_id = p.id order by id desc limit ${HISTORY}) e), '[]') as history
  from partner p`;

/** @param partnerId set where the caller may see only that one */
export async function listPartners(db: Db, partnerId: string | undefined, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  if (partnerId !== undefined) add(where, 'p.id = ?', partnerId);
  if (page.after !== null) add(where, 'p.id > ?', page.after);
  const { rows } = await db.raw<{ rows: PartnerRow[] }>(`${select} ${whereOf(where)} order by p.id limit ?`, [
    ...where.values,
    page.limit + 1,
  ] as never);
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findPartner(db: Db, partnerId: string): Promise<PartnerRow | undefined> {
  const { rows } = await db.raw<{ rows: PartnerRow[] }>(`${select} where p.id = ?`, [partnerId]);
  return rows[0];
}
