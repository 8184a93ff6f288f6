import type { Knex } from 'knex';

/**
 * The archive is searched by what documents say, one index lookup a key in the order of the pages; and a document tells
 * what became of it when.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- No foreign key: keys are written in the statement that writes their document, and a check a key would cost the intake
-- more than the key itself. Ids ascend in time, so that what is too old goes by a range of them.
create table document_key (
  kind text not null, value text not null, document_id uuid not null, primary key (kind, value, document_id)
);
insert into document_key (kind, value, document_id)
  select 'purchase-order', upper(purchase_order_number), id from document where purchase_order_number is not null
  union all select 'invoice', upper(invoice_number), id from document where invoice_number is not null
  union all select 'shipment', upper(shipment_number), id from document where shipment_number is not null;
drop index document_by_po;
drop index document_by_invoice;
drop index document_by_shipment;
drop index document_by_number;
create index document_by_set_number on document (control_number, id);
create index document_by_group_number on document (group_control_number, id);
-- Lists by one property, newest first; what nearly all documents have is found by going through the newest.
create index document_by_set on document (set_id, id);
create index document_by_partner_and_set on document (partner_id, set_id, id);
create index document_in_test on document (id) where usage = 'T';
create index document_not_accepted on document (validation, id) where validation <> 'accepted';
create index document_not_delivered on document (delivery, id) where delivery not in ('received', 'delivered');
create index document_not_acknowledged on document (acknowledgement, id)
  where acknowledgement not in ('answered', 'not-expected', 'accepted');

-- The 997 or 999 that said so.
alter table document add column acknowledged_by uuid references document on delete set null;
create index document_reissued on document (reissue_of) where reissue_of is not null;
create index exception_by_document on exception (document_id) where document_id is not null;
create index interchange_troubled on interchange (status, sequence) where direction = 'in' and status in ('rejected', 'duplicate');

-- What became of a document after it was stored.
create table document_status_change (
  id bigint generated always as identity primary key, document_id uuid not null references document on delete cascade,
  aspect text not null check (aspect in ('validation', 'delivery', 'acknowledgement')), status text not null,
  at timestamptz not null default clock_timestamp()
);
create index document_status_change_by_document on document_status_change (document_id, id);
-- Here and not in the code, since every way to change a status has to be in it.
create function record_document_status() returns trigger language plpgsql as $$
begin
  if new.validation is distinct from old.validation then
    insert into document_status_change (document_id, aspect, status) values (new.id, 'validation', new.validation);
  end if;
  if new.delivery is distinct from old.delivery then
    insert into document_status_change (document_id, aspect, status) values (new.id, 'delivery', new.delivery);
  end if;
  if new.acknowledgement is distinct from old.acknowledgement then
    insert into document_status_change (document_id, aspect, status) values (new.id, 'acknowledgement', new.acknowledgement);
  end if;
  return null;
end $$;
create trigger document_status_changed after update on document for each row
  when ((old.validation, old.delivery, old.acknowledgement) is distinct from (new.validation, new.delivery, new.acknowledgement))
  execute function record_document_status();`);
}
