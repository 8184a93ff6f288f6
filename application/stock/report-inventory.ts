import type { Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import type { AdviceItem, InventoryAdvice } from '../../domain/fulfilment/inventory-advice';
import type { ProductId } from '../../domain/order/order-request';
import { localDateIn, localTimeIn } from '../../domain/shared/dates';
import { customerPolicySchema } from '../customer/customer-policy';
import { availableToBuyer } from './show-availability';

/** A LIN loop stands 10,000 times in an 846; what is more goes in another one. */
const ITEMS_PER_REPORT = 10_000;
/** LIN has room for fifteen ids. */
const IDS_PER_ITEM = 15;

interface Buyer {
  readonly customer_id: string;
  readonly price_list_id: string;
  readonly entity_id: string;
  readonly entity_name: string;
  readonly time_zone: string;
  readonly policy: unknown;
}

interface AvailableItem {
  readonly item_id: string;
  readonly description: string;
  readonly base_unit: string;
  readonly available: number;
  readonly ids: readonly ProductId[];
}

/**
 * 846 out: what a buyer or marketplace can have of each item that it knows or has a price for, once a day of the
 * selling entity; a buyer who is told only whether there is any is told no more here. Available is what it could order by EDI now: without what others wait for or have kept, with what
 * is kept for it, so that nothing is offered twice.
 * @returns how many reports this call left; 0: that day's are there already, or the partner buys nothing
 */
export async function reportInventory(
  tx: Tx,
  { partnerId, usage }: { readonly partnerId: string; readonly usage: 'P' | 'T' },
  now: string,
): Promise<number> {
  const buyer = (await tx('partner as p')
    .join('customer as c', 'c.id', 'p.customer_id')
    .join('selling_entity as e', 'e.id', 'c.entity_id')
    .where({ 'p.id': partnerId, 'c.active': true })
    .first(
      'c.id as customer_id',
      'c.price_list_id',
      'e.id as entity_id',
      'e.name as entity_name',
      'e.time_zone',
      'c.policy',
    )) as Buyer | undefined;
  if (!buyer) return 0;
  const day = localDateIn(now, buyer.time_zone);
  const subject = (part: number) => `inventory/${partnerId}/${usage}/${day}/${part}`;
  if (
    await tx('document_request')
      .where({ subject: subject(1) })
      .first('id')
  )
    return 0;
  const items = await availableTo(tx, buyer, usage, now);
  const reports = Math.ceil(items.length / ITEMS_PER_REPORT);
  for (let part = 1; part <= reports; part += 1) {
    const own = items.slice((part - 1) * ITEMS_PER_REPORT, part * ITEMS_PER_REPORT);
    const payload = reportOf(buyer, own, { day, part, time: localTimeIn(now, buyer.time_zone) });
    await requestDocument(tx, { subject: subject(part), partnerId, set: '846', usage, payload });
  }
  return reports;
}

function reportOf(
  buyer: Buyer,
  items: readonly AvailableItem[],
  { day, part, time }: { readonly day: string; readonly part: number; readonly time: string },
): InventoryAdvice {
  const saysLevels = customerPolicySchema.parse(buyer.policy).availability === 'quantities';
  return {
    kind: 'inventory-advice',
    purpose: '00',
    reportType: 'SI',
    reference: `${day.replaceAll('-', '')}-${part}`,
    date: day,
    time,
    dates: [],
    references: [],
    contacts: [],
    parties: [{ role: 'SE', name: buyer.entity_name, idQualifier: '91', id: buyer.entity_id, contacts: [] }],
    items: items.map((item, index) => itemOf(item, index, saysLevels)),
    lineCount: String(items.length),
  };
}

/**
 * Who is told only whether there is any gets no quantity but that of nothing: any other would be taken for a level. What
 * is there has none, and says so in words.
 */
function itemOf(item: AvailableItem, index: number, saysLevels: boolean): AdviceItem {
  const quantity = {
    // 33: available for sale.
    qualifier: '33',
    quantity: String(item.available),
    unit: item.base_unit,
    dates: [],
    schedules: [],
  };
  const words = saysLevels ? [] : [item.available > 0 ? 'IN STOCK' : 'OUT OF STOCK'];
  const texts = [...(item.description === '' ? [] : [item.description]), ...words];
  return {
    lineNumber: String(index + 1),
    productIds: [...item.ids, { qualifier: 'VN', value: item.item_id }].slice(-IDS_PER_ITEM),
    descriptions: texts.map((text) => ({ form: 'F', text })),
    dates: [],
    references: [],
    quantities: saysLevels || item.available === 0 ? [quantity] : [],
    parties: [],
  };
}

/** Items whose availability is read together. */
const ITEMS_AT_ONCE = 2000;

/** The buyer's own numbers stand first, then those that hold for everyone. */
async function availableTo(
  tx: Tx,
  buyer: Buyer,
  usage: 'P' | 'T',
  now: string,
): Promise<readonly AvailableItem[]> {
  const { rows } = await tx.raw<{ rows: Omit<AvailableItem, 'available'>[] }>(
    `select i.id as item_id, i.description, i.base_unit,
       coalesce((select jsonb_agg(jsonb_build_object('qualifier', r.qualifier, 'value', r.value) order by r.customer_id nulls last, r.qualifier, r.value)
         from item_cross_reference r where r.item_id = i.id and (r.customer_id is null or r.customer_id = :customerId)), '[]') as ids
     from item i
     where i.active and (
       exists (select from item_cross_reference r where r.item_id = i.id and r.customer_id = :customerId)
       or exists (select from price p where p.item_id = i.id and (p.price_list_id = :priceListId or p.customer_id = :customerId)))
     order by i.id`,
    { customerId: buyer.customer_id, priceListId: buyer.price_list_id },
  );
  const viewer = { customerId: buyer.customer_id, channel: 'edi' };
  const items: AvailableItem[] = [];
  for (let at = 0; at < rows.length; at += ITEMS_AT_ONCE) {
    const some = rows.slice(at, at + ITEMS_AT_ONCE);
    const ids = some.map((row) => row.item_id);
    const available = await availableToBuyer(tx, ids, { usage, now, viewer });
    items.push(...some.map((row) => ({ ...row, available: available.get(row.item_id) ?? 0 })));
  }
  return items;
}
