import type { Tx } from '../../db/connection';
import { periodAt } from '../../domain/order/call-off-periods';
import type { HoldRequest } from '../../domain/order/hold-types';
import type {
  LineDestination,
  LineSchedule,
  OrderRequest,
  Party,
  PostalAddress,
} from '../../domain/order/order-request';
import { requestedDays } from '../../domain/order/requested-days';
import { addDays, type LocalDate } from '../../domain/shared/dates';
import { lineAmountMinor } from '../../domain/shared/money';
import { toBaseUnits } from '../../domain/shared/quantity';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { ResolvedLine } from './resolve-lines';

/** Where a part of a line goes: shipped there, or packed and marked for it while it goes to the order's ship-to. */
export interface PartDestination {
  readonly as: 'ship-to' | 'mark-for';
  readonly party: Party;
}

interface Store {
  readonly qualifier: string;
  readonly code: string;
  readonly name: string;
  readonly address: PostalAddress;
}

export interface SplitLines {
  readonly lines: readonly ResolvedLine[];
  readonly holds: readonly HoldRequest[];
  /** Every line has places of its own to go to: the order itself needs none. */
  readonly needsNoShipTo: boolean;
}

/**
 * Splits every line with destinations (SDQ) or deliveries (SCH) into parts, each with its own quantity, stock and
 * shipment.
 * The first part keeps the line's number; the others follow after the order's last. The price is that of the whole
 * line, so that stores share its tier; each part's amount is rounded by itself, as its invoice will be.
 */
export async function splitLines(
  tx: Tx,
  request: Pick<OrderRequest, 'customerId' | 'parties' | 'type'>,
  lines: readonly ResolvedLine[],
  policy: CustomerPolicy,
  currency: string,
  today: LocalDate,
): Promise<SplitLines> {
  const isWhole = ({ request: { destinations, schedules } }: ResolvedLine) =>
    destinations === undefined && schedules === undefined;
  // A blanket order goes nowhere: its places and days are kept with it, the releases say their own.
  if (request.type === 'blanket')
    return { lines, holds: [], needsNoShipTo: !request.parties.some((party) => party.role === 'ST') };
  if (lines.every(isWhole)) return { lines, holds: [], needsNoShipTo: false };
  const ids = lines.flatMap((line) => line.request.destinations?.map(({ id }) => id) ?? []);
  const stores = await readStores(tx, request.customerId, ids);
  const isMarked =
    policy.storeQuantities === 'mark-for' ||
    (policy.storeQuantities === 'by-ship-to' && request.parties.some((party) => party.role === 'ST'));
  const asOf = (one: LineDestination) => (isMarked && one.isShipTo !== true ? 'mark-for' : 'ship-to');
  let next = Math.max(...lines.map((line) => line.lineNumber)) + 1;
  const holds: HoldRequest[] = [];
  const others: ResolvedLine[] = [];
  const heads = lines.map((line) => {
    const { destinations = [], schedules = [] } = line.request;
    if (isWhole(line) || line.rejection || line.item === null) return line;
    const parts = [
      ...destinations.map((one) => partFor(line, one, asOf(one), stores, currency)),
      ...schedules.map((one) => deliveryOf(line, one, policy, currency, today)),
    ];
    const unfit = parts.find((part) => typeof part === 'string');
    if (unfit !== undefined) {
      holds.push(holdOf(line, 'content', 'part-not-whole', unfit as string));
      return line;
    }
    const [head, ...rest] = parts as ResolvedLine[];
    const unknown = (parts as ResolvedLine[]).filter((part) => !isKnown(part));
    if (unknown.length > 0) holds.push(unknownStores(line, unknown));
    for (const part of rest) {
      others.push({ ...part, lineNumber: next, splitFrom: line.lineNumber, holds: [] });
      next += 1;
    }
    return head as ResolvedLine;
  });
  const needsNoShipTo = lines.every((line) =>
    line.request.destinations?.every((one) => asOf(one) === 'ship-to'),
  );
  return { lines: [...heads, ...others], holds, needsNoShipTo };
}

/** The part of a line for one location, or why there is none. */
function partFor(
  line: ResolvedLine,
  destination: LineDestination,
  as: PartDestination['as'],
  stores: readonly Store[],
  currency: string,
): ResolvedLine | string {
  const part = partOf(line, destination.quantity, `location ${destination.id}`, currency);
  return typeof part === 'string'
    ? part
    : { ...part, destination: { as, party: partyOf(destination, as, stores) } };
}

/**
 * The part of a line for one delivery: where only the day it is wanted on is known, it leaves a few days before, but
 * not before today.
 */
function deliveryOf(
  line: ResolvedLine,
  { quantity, dates }: LineSchedule,
  policy: CustomerPolicy,
  currency: string,
  today: LocalDate,
): ResolvedLine | string {
  const part = partOf(line, quantity, `the delivery of ${dates[0]?.date ?? ''}`, currency);
  if (typeof part === 'string') return part;
  const { shipNotBefore, deliverBy, cancelAfter } = requestedDays(dates, policy.deliveryLeadDays);
  const wanted = deliverBy ?? shipNotBefore;
  const leaves = shipNotBefore ?? (deliverBy && addDays(deliverBy, -policy.deliveryLeadDays));
  return {
    ...part,
    request: { ...part.request, dates },
    ...(line.blanketPeriod !== null &&
      wanted && { blanketPeriod: periodAt(line.periods, wanted)?.from ?? null }),
    shipNotBefore: leaves !== null && leaves < today ? today : leaves,
    deliverBy,
    cancelAfter: cancelAfter ?? line.cancelAfter,
  };
}

function partOf(line: ResolvedLine, quantity: string, what: string, currency: string): ResolvedLine | string {
  const base = toBaseUnits({ value: quantity, unit: line.request.unit }, line.item?.factors ?? {});
  if (base.kind !== 'converted')
    return `${quantity} ${line.request.unit} for ${what} is not a whole number of the item's base units`;
  return {
    ...line,
    request: { ...line.request, quantity },
    baseUnits: base.baseUnits,
    amountMinor:
      line.unitPrice === null ? 0 : lineAmountMinor(quantity, line.unitPrice, currency, line.priceBasis),
  };
}

function partyOf(
  { id, idQualifier }: LineDestination,
  as: PartDestination['as'],
  stores: readonly Store[],
): Party {
  const store = findStore(stores, id, idQualifier);
  return {
    role: as === 'ship-to' ? 'ST' : 'Z7',
    id,
    idQualifier: idQualifier ?? store?.qualifier ?? '92',
    ...(store && { name: store.name, address: store.address }),
  };
}

function findStore(stores: readonly Store[], id: string, qualifier: string | undefined): Store | undefined {
  return stores.find((one) => one.code === id && (qualifier === undefined || one.qualifier === qualifier));
}

const isKnown = ({ destination }: ResolvedLine) =>
  destination === null || destination.as === 'mark-for' || destination.party.address !== undefined;

function unknownStores(line: ResolvedLine, unknown: readonly ResolvedLine[]): HoldRequest {
  const ids = unknown.map(({ destination }) => destination?.party.id ?? '').join(', ');
  const text = `${unknown.length === 1 ? 'Location' : 'Locations'} ${ids} of line ${line.lineNumber} ${unknown.length === 1 ? 'is' : 'are'} not among the customer's: add what is missing and release the hold, or reject the line`;
  return holdOf(line, 'ship-to', 'unknown-location', text);
}

function holdOf(line: ResolvedLine, type: 'content' | 'ship-to', code: string, text: string): HoldRequest {
  return { type, lineNumber: line.lineNumber, reason: { code, text } };
}

/** A retailer has thousands of locations: only those that are named are read. */
async function readStores(tx: Tx, customerId: string, ids: readonly string[]): Promise<readonly Store[]> {
  return (await tx('ship_to')
    .where({ customer_id: customerId })
    .whereIn('code', [...new Set(ids)])
    .select('qualifier', 'code', 'name', 'address')) as Store[];
}

/** A destination with its address as the record has it now: its location may have been added since the order came. */
export async function addressed(tx: Tx, customerId: string, { party }: PartDestination): Promise<Party> {
  if (party.address !== undefined) return party;
  const id = party.id ?? '';
  const store = findStore(await readStores(tx, customerId, [id]), id, party.idQualifier);
  return store ? { ...party, name: store.name, address: store.address } : party;
}
