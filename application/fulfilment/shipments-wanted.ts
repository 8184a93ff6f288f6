import type { Tx } from '../../db/connection';
import { shipmentsThatLeave, stayingLines } from '../../domain/allocation/leave-together';
import type { OrderTerms } from '../../domain/allocation/order-terms';
import type { FulfilmentMethod } from '../../domain/fulfilment/store-task';
import { type OrderRequest, type Party, pickupOf } from '../../domain/order/order-request';
import { startOfLocalDay } from '../../domain/shared/dates';
import type { CustomerPolicy } from '../customer/customer-policy';
import { ACTIVE, headNumber, type OrderLineRow, type OrderRow, waitingUnits } from '../order/order-record';
import { addressed } from '../order/split-lines';
import { recordEvents } from '../record/keep-history';
import { readLeaveTerms } from '../sourcing/leave-together';
import { togetherOf } from '../sourcing/order-to-source';

export interface ReservationRow {
  readonly id: string;
  readonly order_line_id: string;
  readonly item_id: string;
  readonly node_id: string;
  readonly quantity: number;
  /** Its class of goods, where that may not share a shipment with others. */
  readonly apart: string | null;
  /** Who ships it, where it is no node of the company. */
  readonly supplier_partner: string | null;
  /** Its node is open. */
  readonly active: boolean;
}

/** A shipment that is to be planned: what leaves one node for one place and one day. */
export interface WantedShipment {
  readonly nodeId: string;
  readonly method: FulfilmentMethod;
  /** null: the order's own. */
  readonly shipTo: Party | null;
  readonly deliverBy: string | null;
  /** The partner that ships it, where it is no node of the company. */
  readonly supplier: string | null;
  readonly reservations: readonly ReservationRow[];
  readonly lines: readonly {
    readonly order_line_id: string;
    readonly line_number: number;
    readonly item_id: string;
    readonly quantity: number;
  }[];
}

interface LeavingFacts {
  readonly policy: CustomerPolicy;
  readonly zone: string;
  /** Head numbers of lines that a hold keeps. */
  readonly heldLines: ReadonlySet<number>;
}

/**
 * The shipments that an order's reservations make which may leave now: not those that are on hold, early or at a closed
 * node, and nothing that has to wait for them or for what is missing.
 * @param lines all lines of the order
 */
export async function shipmentsWanted(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  { policy, zone, heldLines }: LeavingFacts,
  now: string,
): Promise<readonly WantedShipment[]> {
  const reservations = (await tx('reservation as r')
    .join('node as n', 'n.id', 'r.node_id')
    .where({ 'r.order_id': order.id, 'r.shipment_id': null })
    .whereRaw(`r.${ACTIVE} and r.quantity > 0`)
    .orderBy(['r.node_id', 'r.order_line_id'])
    .forUpdate('r')
    .select('r.*', 'n.supplier_partner', 'n.active')) as ReservationRow[];
  const byId = new Map(lines.map((line) => [line.id, line]));
  const lineOf = (row: ReservationRow) => byId.get(row.order_line_id) as OrderLineRow;
  const isHeld = (line: OrderLineRow) => heldLines.has(headNumber(line));
  const isEarly = ({ ship_not_before: day }: OrderLineRow) =>
    day !== null && startOfLocalDay(day, zone) > now;
  // What lies at a node that was closed meanwhile is sourced again first: see close-node.
  const isFree = (row: ReservationRow) => row.active && !isHeld(lineOf(row)) && !isEarly(lineOf(row));
  const free = reservations.filter(isFree);
  if (free.length === 0) return [];
  const closed = new Set(reservations.filter((row) => !row.active).map((row) => row.order_line_id));
  const isMissing = (line: OrderLineRow) => waitingUnits(line) > 0 || isHeld(line) || closed.has(line.id);
  const open = lines.filter((line) => line.rejection_code === null && waitingUnits(line) + line.reserved > 0);
  const terms = open.some((line) => isMissing(line) || isEarly(line))
    ? await readLeaveTerms(tx, order, policy, lines)
    : null;
  const staying = terms === null ? nobody : waitingFor(order, terms, open, { isMissing, isEarly });
  const leaving = free.filter((row) => !staying.has(lineOf(row).line_number));
  const groups = groupsOf(order, leaving, lineOf);
  const maximum = terms?.constraints.order.maximumShipments ?? null;
  const isMissingSome = open.some((line) => waitingUnits(line) > 0);
  const held = reservations.filter((row) => row.active && isHeld(lineOf(row)) && !isEarly(lineOf(row)));
  const within =
    maximum === null || (!isMissingSome && held.length === 0)
      ? groups
      : await withinMaximum(
          tx,
          order,
          groups,
          {
            lineOf,
            maximum,
            isMissing: isMissingSome,
            isBesideHeld: sharedWith(order, leaving, held, lineOf),
            later: groupsOf(
              order,
              reservations.filter((row) => !leaving.includes(row)),
              lineOf,
            ).length,
          },
          now,
        );
  const wanted: WantedShipment[] = [];
  for (const rows of within) wanted.push(await shipmentOf(tx, order, rows, lineOf));
  return wanted;
}

const nobody: ReadonlySet<number> = new Set();

/** Whether a shipment of what leaves now would be one with something on hold, if that could leave, too. */
function sharedWith(
  order: OrderRow,
  leaving: readonly ReservationRow[],
  held: readonly ReservationRow[],
  lineOf: LineOf,
): (rows: readonly ReservationRow[]) => boolean {
  const withHeld = groupsOf(order, [...leaving, ...held], lineOf).filter((rows) =>
    rows.some((row) => held.includes(row)),
  );
  const shared = new Set(withHeld.flat());
  return (rows) => rows.some((row) => shared.has(row));
}

interface Within {
  readonly lineOf: LineOf;
  readonly maximum: number;
  readonly isMissing: boolean;
  readonly isBesideHeld: (rows: readonly ReservationRow[]) => boolean;
  /** Shipments that what is reserved and may not leave yet will be. */
  readonly later: number;
}

/** Those that leave although some of the order is missing or on hold; what could join the rest best is what stays. */
async function withinMaximum(
  tx: Tx,
  order: OrderRow,
  groups: readonly (readonly ReservationRow[])[],
  { lineOf, maximum, isMissing, isBesideHeld, later }: Within,
  now: string,
): Promise<readonly (readonly ReservationRow[])[]> {
  const { begun } = (await tx('shipment')
    .where({ order_id: order.id })
    .whereNot({ state: 'cancelled' })
    .first(tx.raw('count(*)::int as begun'))) as { begun: number };
  const besideHeld = groups.filter(isBesideHeld).length;
  const leave = shipmentsThatLeave({ begun, ready: groups.length, besideHeld, later, isMissing }, maximum);
  if (leave < groups.length)
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'last-shipment-kept',
        actor: 'hub',
        text: `${usedOf(begun + leave, maximum)}; what is ready waits for ${isMissing ? 'the rest' : 'what is on hold'}, to leave with it in ${maximum === 1 ? 'that' : 'the last one'}`,
        data: { maximumShipments: maximum, used: begun + leave },
        once: `last-shipment-kept/${maximum}${isMissing ? '' : '/held'}`,
      },
    ]);
  const isShort = (rows: readonly ReservationRow[]) => rows.some((row) => waitingUnits(lineOf(row)) > 0);
  const stays = (rows: readonly ReservationRow[]) => Number(isShort(rows)) * 2 + Number(isBesideHeld(rows));
  return groups.toSorted((a, b) => stays(a) - stays(b)).slice(0, leave);
}

function usedOf(used: number, maximum: number): string {
  if (maximum === 1) return 'The order may have one shipment';
  return used === 0
    ? `None of ${maximum} shipments is used`
    : `${used} of ${maximum} shipments ${used === 1 ? 'is' : 'are'} used`;
}

const togetherIn = (order: OrderRow, line: OrderLineRow) =>
  togetherOf(order.request as OrderRequest, headNumber(line));

/** Lines that stay although nothing stands in their own way. */
function waitingFor(
  order: OrderRow,
  { constraints, completeLines }: OrderTerms,
  open: readonly OrderLineRow[],
  { isMissing, isEarly }: Readonly<Record<'isMissing' | 'isEarly', (line: OrderLineRow) => boolean>>,
): ReadonlySet<number> {
  return stayingLines(
    open.map((line) => ({
      lineNumber: line.line_number,
      isBehind: isMissing(line) || isEarly(line),
      isOnlyEarly: !isMissing(line),
      complete: completeLines.has(line.line_number),
      together: togetherIn(order, line),
    })),
    constraints.order,
  );
}

type LineOf = (row: ReservationRow) => OrderLineRow;

const isPickup = (order: OrderRow, line: OrderLineRow) =>
  pickupOf(order.request as OrderRequest, headNumber(line)) !== null;

const destinationOf = ({ destination }: OrderLineRow) => (destination?.as === 'ship-to' ? destination : null);

/** What goes from one node to one place for one day; goods that may not be mixed apart. */
function groupsOf(
  order: OrderRow,
  rows: readonly ReservationRow[],
  lineOf: LineOf,
): readonly (readonly ReservationRow[])[] {
  const dayOf = (row: ReservationRow) => lineOf(row).deliver_by ?? order.deliver_by;
  const wordOf = (row: ReservationRow) => togetherIn(order, lineOf(row));
  // What ships together is there on the first of its days.
  const dayOfWord = new Map(
    [...Map.groupBy(rows, wordOf)].map(([word, alike]) => [word, earliest(alike.map(dayOf))]),
  );
  const byShipment = Map.groupBy(rows, (row) => {
    const line = lineOf(row);
    const party = destinationOf(line)?.party;
    const word = wordOf(row);
    const ownDay = word === null ? dayOf(row) : dayOfWord.get(word);
    // A supplier gets one order for a place, with the day of each line.
    const deliverBy = row.supplier_partner === null ? ownDay : order.deliver_by;
    return JSON.stringify([
      row.node_id,
      party?.idQualifier ?? null,
      party?.id ?? null,
      isPickup(order, line) ? 'pickup' : deliverBy,
    ]);
  });
  return [...byShipment.values()].flatMap(keptApart);
}

async function shipmentOf(
  tx: Tx,
  order: OrderRow,
  rows: readonly ReservationRow[],
  lineOf: LineOf,
): Promise<WantedShipment> {
  const [first] = rows as [ReservationRow];
  const destination = destinationOf(lineOf(first));
  return {
    nodeId: first.node_id,
    method: isPickup(order, lineOf(first)) ? 'pickup' : 'ship',
    shipTo: destination === null ? null : await addressed(tx, order.customer_id, destination),
    deliverBy: first.supplier_partner === null ? earliest(rows.map((row) => lineOf(row).deliver_by)) : null,
    supplier: first.supplier_partner,
    reservations: rows,
    lines: [...Map.groupBy(rows, (row) => row.order_line_id)].map(([id, ofLine]) => ({
      order_line_id: id,
      line_number: lineOf(ofLine[0] as ReservationRow).line_number,
      item_id: (ofLine[0] as ReservationRow).item_id,
      quantity: ofLine.reduce((sum, row) => sum + row.quantity, 0),
    })),
  };
}

const earliest = (days: readonly (string | null)[]) => days.filter((day) => day !== null).sort()[0] ?? null;

/** Goods that may not share a shipment leave in one each; those that may go with any of them leave with the first. */
function keptApart(rows: readonly ReservationRow[]): readonly (readonly ReservationRow[])[] {
  const classes = [...new Set(rows.flatMap((row) => row.apart ?? []))].sort();
  if (classes.length < 2) return [rows];
  return classes.map((name, at) =>
    rows.filter((row) => (row.apart ?? classes[0]) === name || (at === 0 && row.apart === null)),
  );
}
