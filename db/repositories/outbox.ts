import type { Db, Tx } from '../connection';
import { exchanged } from './exchanged';

export interface UnsentInterchange {
  readonly id: string;
  readonly control_number: string;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly content: Buffer;
}

/** What is for a partner that is suspended stays; others behind the same channel do not wait for it. */
export async function oldestUnsent(tx: Tx, channelId: string): Promise<UnsentInterchange | undefined> {
  const { rows } = await tx.raw<{ rows: UnsentInterchange[] }>(
    `select id, control_number, sender_qualifier, sender_id, receiver_qualifier, receiver_id, content from interchange i
     where channel_id = ? and direction = 'out' and status = 'pending' and ${exchanged('i')}
     order by sequence limit 1`,
    [channelId],
  );
  return rows[0];
}

/** Channels on which something waits for a partner; a mailbox is emptied by the partner. */
export async function channelsWaitingFor(tx: Tx, partnerId: string): Promise<readonly string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `select c.id from channel c where c.kind <> 'https-mailbox'
       and exists (select 1 from interchange i where i.channel_id = c.id and i.status = 'pending' and i.direction = 'out' and i.partner_id = ?)
     order by c.id`,
    [partnerId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Delivery of an interchange is delivery of every document in it. 'sent' is less than what an asynchronous receipt
 * says, which may have been faster: it changes only what still waits.
 */
export async function markTransmitted(
  db: Db,
  id: string,
  outcome: 'sent' | 'delivered' | 'undeliverable' | 'pending',
  at: string,
): Promise<void> {
  const changed = await db('interchange')
    .where({ id, direction: 'out', ...(outcome === 'sent' ? { status: 'pending' } : {}) })
    .update({
      status: outcome,
      ...(outcome === 'pending' ? {} : { transmissions: db.raw('transmissions + 1') }),
      ...(outcome === 'delivered' ? { delivered_at: at } : {}),
    });
  if (changed > 0) await db('document').where({ interchange_id: id }).update({ delivery: outcome });
}

/** Whose mailbox: the partner of the key, or (a VAN) the ISA ids it is allowed. */
export interface MailboxOwner {
  readonly partnerId: string | null;
  /** 'ZZ:ACME' or 'ACME'. */
  readonly isaIds: readonly string[];
}

export interface MailboxItem {
  readonly id: string;
  readonly sequence: number;
  readonly control_number: string;
  readonly usage: string;
  readonly status: string;
  readonly byte_length: number;
  readonly created_at: string;
  readonly delivered_at: string | null;
  readonly documents: unknown;
}

/** While its partner is suspended, what was not taken yet is not offered. */
const OFFERED = `(i.status = 'delivered' or ${exchanged('i')})`;

const OWNED = `i.direction = 'out' and ch.kind = 'https-mailbox' and (
  i.partner_id = :partnerId or '*' = any(:isaIds) or i.receiver_id = any(:isaIds) or i.receiver_qualifier || ':' || i.receiver_id = any(:isaIds))`;

export async function mailboxPage(
  db: Db,
  owner: MailboxOwner,
  page: { readonly status: string | null; readonly after: number; readonly limit: number },
): Promise<readonly MailboxItem[]> {
  const { rows } = await db.raw<{ rows: MailboxItem[] }>(
    `select i.id, i.sequence, i.control_number, i.usage, i.status, i.byte_length, i.created_at, i.delivered_at,
            coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'set', d.set_id, 'groupControlNumber', d.group_control_number,
              'controlNumber', d.control_number, 'purchaseOrderNumber', d.purchase_order_number) order by d.ordinal)
              from document d where d.interchange_id = i.id), '[]') as documents
     from interchange i join channel ch on ch.id = i.channel_id
     where ${OWNED} and ${OFFERED} and i.sequence > :after and (cast(:status as text) is null or i.status = :status)
     order by i.sequence limit :limit`,
    {
      partnerId: owner.partnerId,
      isaIds: [...owner.isaIds],
      after: page.after,
      status: page.status,
      limit: page.limit,
    },
  );
  return rows;
}

/** The interchange itself, or the one that carries the document of this id. */
export async function mailboxInterchange(
  db: Db,
  owner: MailboxOwner,
  id: string,
): Promise<
  | {
      readonly id: string;
      readonly status: string;
      /** false: it waits until its partner is no longer suspended. */
      readonly offered: boolean;
      readonly content: Buffer;
      readonly sha256: Buffer;
      readonly control_number: string;
    }
  | undefined
> {
  const { rows } = await db.raw(
    `select i.id, i.status, ${OFFERED} as offered, i.content, i.sha256, i.control_number from interchange i join channel ch on ch.id = i.channel_id
     where ${OWNED} and i.id = coalesce((select d.interchange_id from document d where d.id = cast(:id as uuid)), cast(:id as uuid))`,
    { partnerId: owner.partnerId, isaIds: [...owner.isaIds], id },
  );
  return rows[0];
}
