import type { Db } from '../connection';

export interface DocumentLinkRow {
  readonly id: string;
  readonly set_id: string;
  readonly control_number: string;
  readonly interchange_control_number: string;
  readonly delivery: string;
  readonly created_at: string;
  readonly relation: 'answered-by' | 'acknowledged-by' | 'reissue-of' | 'reissue';
}

/** The documents that a document's page links to. */
export async function linkedDocuments(db: Db, documentId: string): Promise<readonly DocumentLinkRow[]> {
  const { rows } = await db.raw<{ rows: DocumentLinkRow[] }>(
    `with this as (select id, direction, interchange_id, acknowledged_by, reissue_of from document where id = ?),
     linked as (
       select r.document_id as id, 'answered-by' as relation from this join document_request r on r.answers_id = this.interchange_id
         where this.direction = 'in' and r.document_id is not null
       union all select acknowledged_by, 'acknowledged-by' from this where acknowledged_by is not null
       union all select reissue_of, 'reissue-of' from this where reissue_of is not null
       union all select d.id, 'reissue' from this join document d on d.reissue_of = this.id)
     select d.id, d.set_id, d.control_number, n.control_number as interchange_control_number, d.delivery, d.created_at, linked.relation
     from linked join document d on d.id = linked.id join interchange n on n.id = d.interchange_id order by d.id limit 100`,
    [documentId],
  );
  return rows;
}

export interface DocumentHistoryRow {
  readonly at: string;
  readonly aspect: 'arrival' | 'validation' | 'delivery' | 'acknowledgement' | 'exception';
  readonly status: string;
  readonly text: string | null;
}

/** What became of a document and when: what is known of its start, each change of a status, and its exceptions. */
export async function documentHistory(db: Db, documentId: string): Promise<readonly DocumentHistoryRow[]> {
  const { rows } = await db.raw<{ rows: DocumentHistoryRow[] }>(
    `with this as (
       select d.id, d.direction, d.created_at, d.interchange_id, n.created_at as received_at, n.judged_at, a.source,
              -- What it was before its statuses changed for the first time.
              case d.direction when 'in' then d.validation else 'pending' end as first_status
       from document d join interchange n on n.id = d.interchange_id left join arrival a on a.id = n.arrival_id where d.id = ?)
     select received_at as at, 'arrival' as aspect, 'received' as status, source as text from this where direction = 'in'
     union all select judged_at, 'validation', first_status, null from this where direction = 'in' and judged_at is not null
     union all select created_at, 'delivery', first_status, null from this where direction = 'out'
     union all select r.rendered_at, 'acknowledgement', 'answered', r.set_id from this join document_request r on r.answers_id = this.interchange_id
       where this.direction = 'in' and r.rendered_at is not null
     union all select c.at, c.aspect, c.status, null from document_status_change c where c.document_id = ?
     union all select x.opened_at, 'exception', x.kind, x.text from exception x where x.document_id = ?
     union all select x.resolved_at, 'exception', 'resolved', x.resolution from exception x where x.document_id = ? and x.resolved_at is not null
     order by at limit 200`,
    [documentId, documentId, documentId, documentId],
  );
  return rows;
}

/** What could be done with a document as it stands. */
export async function possibleActions(
  db: Db,
  documentId: string,
): Promise<{ readonly replay: boolean; readonly retransmit: boolean; readonly reissue: boolean }> {
  const { rows } = await db.raw<{ rows: { replay: boolean; retransmit: boolean; reissue: boolean }[] }>(
    `select d.direction = 'in' and (n.status in ('quarantined', 'failed')
              or exists (select 1 from order_inbox b where b.document_id = d.id and b.status = 'set-aside')
              or exists (select 1 from received_content c where c.document_id = d.id and c.state = 'set-aside')) as replay,
            d.direction = 'out' and n.status <> 'pending' as retransmit,
            d.direction = 'out' and exists (select 1 from document_request r where r.document_id = d.id and r.answers_id is null) as reissue
     from document d join interchange n on n.id = d.interchange_id where d.id = ?`,
    [documentId],
  );
  return rows[0] ?? { replay: false, retransmit: false, reissue: false };
}
