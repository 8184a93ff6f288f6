import type { Db } from '../connection';

export interface AgreementRow {
  readonly id: string;
  readonly partner_id: string;
  readonly partner_status: 'onboarding' | 'live' | 'suspended';
  readonly customer_id: string | null;
  readonly entity_id: string | null;
  readonly time_zone: string | null;
  readonly partner_time_zone: string | null;
  readonly own_qualifier: string;
  readonly own_isa_id: string;
  readonly partner_qualifier: string;
  readonly partner_isa_id: string;
  readonly usage: 'P' | 'T';
  readonly channel_id: string;
  readonly channel_kind: string;
  readonly policy: unknown;
  readonly documents: unknown;
  /** When which version of the guides that the documents name is in force. */
  readonly guides: unknown;
}

const SELECT = `
  select a.id, a.partner_id, p.status as partner_status, p.customer_id, coalesce(a.entity_id, c.entity_id) as entity_id, e.time_zone, c.time_zone as partner_time_zone,
         a.own_qualifier, a.own_isa_id, a.partner_qualifier, a.partner_isa_id, a.usage, a.channel_id, ch.kind as channel_kind, a.policy,
         coalesce((select jsonb_agg(jsonb_build_object(
           'direction', d.direction, 'set', d.set_id, 'ownGsId', d.own_gs_id, 'partnerGsId', d.partner_gs_id, 'version', d.version,
           'guide', d.guide, 'wanted', d.wanted, 'options', d.options, 'ackDeadlineMinutes', d.ack_deadline_minutes) order by d.id)
           from document_agreement d where d.agreement_id = a.id), '[]') as documents,
         coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'version', g.version, 'from', g.effective_from, 'until', g.effective_until)
             order by g.name, g.version desc)
           from guide g where g.name in (select d.guide from document_agreement d where d.agreement_id = a.id)), '[]') as guides
  from interchange_agreement a
  join partner p on p.id = a.partner_id
  join channel ch on ch.id = a.channel_id
  left join customer c on c.id = p.customer_id
  left join selling_entity e on e.id = coalesce(a.entity_id, c.entity_id)
  where a.active`;

/** The agreements, one a usage, between the two ends of an inbound interchange. */
export async function agreementsBetween(
  db: Db,
  ends: {
    readonly senderQualifier: string;
    readonly senderId: string;
    readonly receiverQualifier: string;
    readonly receiverId: string;
  },
): Promise<readonly AgreementRow[]> {
  const { rows } = await db.raw<{ rows: AgreementRow[] }>(
    `${SELECT} and a.partner_qualifier = ? and a.partner_isa_id = ? and a.own_qualifier = ? and a.own_isa_id = ? order by a.usage`,
    [ends.senderQualifier, ends.senderId, ends.receiverQualifier, ends.receiverId],
  );
  return rows;
}

export async function agreementById(db: Db, id: string): Promise<AgreementRow | undefined> {
  const { rows } = await db.raw<{ rows: AgreementRow[] }>(`${SELECT} and a.id = ?`, [id]);
  return rows[0];
}

/** Which half of an unknown pair is known: says whether TA1 names the sender or the receiver. */
export async function knownEnds(
  db: Db,
  ends: {
    readonly senderQualifier: string;
    readonly senderId: string;
    readonly receiverQualifier: string;
    readonly receiverId: string;
  },
): Promise<{
  readonly sender: boolean;
  readonly senderId: boolean;
  readonly receiver: boolean;
  readonly receiverId: boolean;
}> {
  const { rows } = await db.raw<{
    rows: { sender: boolean; sender_id: boolean; receiver: boolean; receiver_id: boolean }[];
  }>(
    `select coalesce(bool_or(partner_isa_id = :si and partner_qualifier = :sq), false) as sender, coalesce(bool_or(partner_isa_id = :si), false) as sender_id,
            coalesce(bool_or(own_isa_id = :ri and own_qualifier = :rq), false) as receiver, coalesce(bool_or(own_isa_id = :ri), false) as receiver_id
     from interchange_agreement where active and (partner_isa_id = :si or own_isa_id = :ri)`,
    { si: ends.senderId, sq: ends.senderQualifier, ri: ends.receiverId, rq: ends.receiverQualifier },
  );
  const [row] = rows;
  return {
    sender: row?.sender ?? false,
    senderId: row?.sender_id ?? false,
    receiver: row?.receiver ?? false,
    receiverId: row?.receiver_id ?? false,
  };
}
