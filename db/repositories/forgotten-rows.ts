import type { Db } from '../connection';
import { exchanged } from './exchanged';

const LIMIT = 200;

/** A row whose job is still there is not forgotten; one that was given up is an exception already. */
const noJob = (...keys: readonly string[]) =>
  `not exists (select 1 from graphile_worker.jobs j where j.key in (${keys.join(', ')}))`;

/** A job that Temporal's absence made fail waits longer each time; one that nobody has tried yet is merely in a queue. */
const noFreshJob = (key: string) =>
  `not exists (select 1 from graphile_worker.jobs j where j.key = ${key} and (j.attempts = 0 or j.locked_at is not null))`;

export async function forgottenInterchanges(
  db: Db,
  before: string,
): Promise<readonly { readonly id: string }[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id::text from interchange
     where direction = 'in' and status in ('received', 'splitting') and created_at < ? and ${noJob(`'judge-interchange/' || interchange.id`)}
     order by sequence limit ${LIMIT}`,
    [before],
  );
  return rows;
}

export async function forgottenInbox(
  db: Db,
  before: string,
): Promise<readonly { readonly partnerId: string; readonly purchaseOrderNumber: string }[]> {
  const subject = `'work-order-requests/' || b.partner_id || '/' || b.purchase_order_number`;
  const { rows } = await db.raw<{ rows: { partnerId: string; purchaseOrderNumber: string }[] }>(
    `select distinct b.partner_id as "partnerId", b.purchase_order_number as "purchaseOrderNumber" from order_inbox b
     where b.status = 'waiting' and b.received_at < ? and ${noJob(subject, `${subject} || '/wait/' || b.id`)} limit ${LIMIT}`,
    [before],
  );
  return rows;
}

export async function forgottenContent(
  db: Db,
  before: string,
): Promise<readonly { readonly partnerId: string }[]> {
  const { rows } = await db.raw<{ rows: { partnerId: string }[] }>(
    `select distinct r.partner_id as "partnerId" from received_content r
     where r.state = 'waiting' and r.received_at < ? and ${noJob(`'work-received-content/again/' || r.partner_id`, `'work-received-content/' || (select d.interchange_id from document d where d.id = r.document_id)`)}
     limit ${LIMIT}`,
    [before],
  );
  return rows;
}

export async function forgottenRequests(
  db: Db,
  before: string,
): Promise<readonly { readonly agreementId: string }[]> {
  const { rows } = await db.raw<{ rows: { agreementId: string }[] }>(
    `select distinct r.agreement_id as "agreementId" from document_request r
     where r.status = 'waiting' and r.agreement_id is not null and r.created_at < ? and ${exchanged('r')}
       and ${noJob(`'render-documents/' || r.subject`, `'render-documents/again/' || r.agreement_id`, `'render-documents/window/' || r.agreement_id`)}
     limit ${LIMIT}`,
    [before],
  );
  return rows;
}

export async function forgottenNotices(
  db: Db,
  before: string,
): Promise<readonly { readonly noticeId: string }[]> {
  const { rows } = await db.raw<{ rows: { noticeId: string }[] }>(
    `select n.id as "noticeId" from notice n
     where n.state = 'waiting' and n.at < ? and ${noJob(`'send-notice/' || n.id`)} order by n.at limit ${LIMIT}`,
    [before],
  );
  return rows;
}

export async function forgottenSends(
  db: Db,
  before: string,
): Promise<readonly { readonly channelId: string }[]> {
  const { rows } = await db.raw<{ rows: { channelId: string }[] }>(
    `select distinct i.channel_id as "channelId" from interchange i join channel c on c.id = i.channel_id
     where i.direction = 'out' and i.status = 'pending' and i.created_at < ? and c.kind <> 'https-mailbox' and ${exchanged('i')}
       and ${noJob(`'send-interchanges/' || i.id`, `'send-interchanges/again/' || i.channel_id`)} limit ${LIMIT}`,
    [before],
  );
  return rows;
}

/** Orders without a workflow, placed before then. */
export async function forgottenStarts(db: Db, before: string, open: string): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id from orders where workflow_started_at is null and placed_at < ? and ${open}
       and ${noFreshJob(`'start-order-workflow/' || orders.id`)} order by id limit ${LIMIT}`,
    [before],
  );
  return rows.map(({ id }) => id);
}

/**
 * Orders for which something was written that their workflow has not taken in: a ship confirm that is stored on a
 * shipment, a change that waits. One about which something was written since then has somebody who moves it.
 */
export async function forgottenWakes(db: Db, before: string): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { order_id: string }[] }>(
    `select distinct order_id from (
       select order_id from shipment where state = 'released' and confirm is not null
       union all
       select order_id from order_change where status = 'pending' and received_at < ?
     ) as waiting
     where not exists (select from order_event e where e.order_id = waiting.order_id and e.at >= ?)
       and ${noFreshJob(`'signal-order/' || waiting.order_id`)} limit ${LIMIT}`,
    [before, before],
  );
  return rows.map(({ order_id }) => order_id);
}
