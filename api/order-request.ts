import type { CustomerRow } from '../application/customer/customer-record';
import type {
  OrderRequest,
  OrderRequestLine,
  Party,
  PostalAddress,
  ProductId,
} from '../domain/order/order-request';
import { localDateIn } from '../domain/shared/dates';
import type { CreateOrderBody } from './contract/orders';

/** Element 374. */
const dateQualifiers = {
  deliverBy: '002',
  shipNotBefore: '037',
  shipNoLater: '038',
  cancelAfter: '001',
  validFrom: '092',
  validTo: '093',
} as const;

/** Drops what is undefined: the domain's optional fields are absent, not undefined. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

type AddressBody = NonNullable<CreateOrderBody['shipTo']>['address'];
const addressOf = (address: AddressBody): PostalAddress | undefined =>
  address ? (present(address) as PostalAddress) : undefined;

function partiesOf(body: CreateOrderBody): readonly Party[] {
  const parties = body.parties.map(
    (party) => present({ ...party, address: addressOf(party.address) }) as Party,
  );
  if (!body.shipTo) return parties;
  return [shipToParty(body.shipTo), ...parties.filter((party) => party.role !== 'ST')];
}

export const shipToParty = ({
  id,
  idQualifier,
  name,
  address,
}: NonNullable<CreateOrderBody['shipTo']>): Party =>
  present({
    role: 'ST',
    name,
    idQualifier: id === undefined ? undefined : idQualifier,
    id,
    address: addressOf(address),
  }) as Party;

export function lineRequestOf(line: CreateOrderBody['lines'][number]): OrderRequestLine {
  const {
    item,
    productIds,
    quantity,
    unit,
    unitPrice,
    buyerLineNumber,
    description,
    dates,
    references,
    periods,
    shipTogether,
    pickupAt,
  } = line;
  // VP is the vendor's part number: what the seller calls the item.
  const ids: readonly ProductId[] = [
    ...(item === undefined ? [] : [{ qualifier: 'VP', value: item }]),
    ...(productIds ?? []),
  ];
  return present({
    buyerLineNumber,
    productIds: ids,
    quantity,
    unit,
    unitPrice,
    description,
    dates,
    references: references.map((reference) => present(reference)),
    periods,
    shipTogether,
    pickupAt,
  }) as OrderRequestLine;
}

export interface OrderSource {
  readonly channel: 'api' | 'portal';
  readonly buyer: CustomerRow;
  readonly partnerId: string | null;
  /** Null where a system orders. */
  readonly person: string | null;
  /** The caller is of the buyer's own company. */
  readonly isBuyer: boolean;
  readonly now: string;
}

/** A call's body as the same order request that every other channel makes. */
export function orderRequestOf(body: CreateOrderBody, source: OrderSource): OrderRequest {
  const dates = Object.entries(dateQualifiers).flatMap(([name, qualifier]) => {
    const date = body[name as keyof typeof dateQualifiers];
    return date === undefined ? [] : [{ qualifier, date }];
  });
  return present({
    channel: source.channel,
    usage: body.usage,
    type: body.type,
    entityId: source.buyer.entity_id,
    customerId: source.buyer.id,
    partnerId: source.partnerId ?? undefined,
    cart: body.cartId,
    fill: body.fill,
    pickupAt: body.pickupAt,
    notify: body.notify,
    purchaseOrderNumber: body.purchaseOrderNumber,
    releaseNumber: body.releaseNumber,
    purchaseOrderDate: body.purchaseOrderDate ?? localDateIn(source.now, source.buyer.time_zone),
    currency: body.currency,
    parties: partiesOf(body),
    dates,
    references: body.references.map((reference) => present(reference)),
    notes: body.notes,
    lines: body.lines.map(lineRequestOf),
    shipping: body.shipping,
    unhandled: [],
    externalReference: body.externalReference,
    placedBy: source.person ?? undefined,
    buyer:
      source.isBuyer && source.person !== null
        ? present({ person: source.person, costCentre: body.costCentre })
        : undefined,
  }) as OrderRequest;
}
