import { beOf, countOf } from '../shared/count';
import type { LocalDate } from '../shared/dates';
import { toBaseUnits } from '../shared/quantity';
import type { SupplierLineStatus } from './supplier-documents';

/** What a supplier says to a line, in base units. */
export interface SupplierVerdict {
  readonly accepted: number;
  /** Comes later, from the supplier. */
  readonly backordered: number;
  /** Does not come. */
  readonly refused: number;
  /** The last day that it names for what comes; null: none. */
  readonly promisedOn: LocalDate | null;
  /** What nobody can act on by itself. */
  readonly remarks: readonly string[];
}

type SaidOfUnits = 'accepted' | 'backordered' | 'refused';

/** THE table of line statuses (element 668) that a supplier's answer may have. */
const statusMeaning: Readonly<Record<string, SaidOfUnits>> = {
  IA: 'accepted',
  AC: 'accepted',
  AR: 'accepted',
  DR: 'accepted',
  IC: 'accepted',
  IE: 'accepted',
  IF: 'accepted',
  IP: 'accepted',
  IQ: 'accepted',
  SP: 'accepted',
  // What is shipped now; the balance is on backorder.
  BP: 'accepted',
  IB: 'backordered',
  ID: 'refused',
  IR: 'refused',
  R1: 'refused',
  R2: 'refused',
  R3: 'refused',
  R4: 'refused',
  R5: 'refused',
  R6: 'refused',
};

const QUANTITY_CHANGED = 'IQ';
const PART_SHIPS = 'BP';

/** Element 587: of the whole order, where its lines say nothing. */
export const acknowledgmentMeaning: Readonly<Record<string, 'accepted' | 'refused' | 'waits'>> = {
  AC: 'accepted',
  AD: 'accepted',
  AE: 'accepted',
  AK: 'accepted',
  AP: 'accepted',
  AT: 'accepted',
  AH: 'waits',
  RD: 'refused',
  RF: 'refused',
  RJ: 'refused',
  RO: 'refused',
};

interface AnsweredLine {
  readonly lineNumber: number;
  readonly unit: string;
  readonly unitFactor: number;
  /** Base units still to come. */
  readonly open: number;
  /** Base units that have left, and that do not come any more. */
  readonly shipped: number;
  readonly cancelled: number;
}

/**
 * One line of a supplier's answer against what is still to come of it. Units beyond that are left out with a remark; what
 * its statuses do not name is refused where the quantity was changed (IQ), on backorder where a part ships (BP), and otherwise
 * stays as it was.
 */
export function readVerdict(line: AnsweredLine, statuses: readonly SupplierLineStatus[]): SupplierVerdict {
  const remarks: string[] = [];
  const units = { accepted: 0, backordered: 0, refused: 0 };
  const days: string[] = [];
  let room = line.open;
  const again = saidAgain(line, statuses);
  for (const { code, quantity, unit, date, dates } of statuses) {
    const meaning = statusMeaning[code];
    if (meaning === undefined) {
      remarks.push(`line ${line.lineNumber} is answered ${code}, which nobody can act on by itself`);
      continue;
    }
    const named = unitsOf(line, quantity, unit);
    if (typeof named === 'string') {
      remarks.push(named);
      continue;
    }
    const known = Math.min(again[meaning], named ?? 0);
    again[meaning] -= known;
    const said = named === undefined ? undefined : named - known;
    if (code === PART_SHIPS && (said ?? line.open) >= line.open) {
      remarks.push(
        `line ${line.lineNumber} ships in part (BP), and it does not say how much of it is on backorder`,
      );
      continue;
    }
    const counted = Math.min(room, said ?? room);
    if (said !== undefined && said > room)
      remarks.push(
        `line ${line.lineNumber} is answered for ${countOf(said, 'base unit')}, ${room} ${beOf(room)} still to come`,
      );
    units[meaning] += counted;
    room -= counted;
    const day = date ?? dates.find((one) => one.date !== undefined)?.date;
    if (day !== undefined && meaning !== 'refused') days.push(day);
  }
  const rest = (code: string) =>
    remarks.length === 0 && statuses.some((status) => status.code === code) ? room : 0;
  const refused = rest(QUANTITY_CHANGED);
  return {
    ...units,
    refused: units.refused + refused,
    backordered: units.backordered + (refused > 0 ? 0 : rest(PART_SHIPS)),
    promisedOn: days.sort().at(-1) ?? null,
    remarks,
  };
}

/**
 * An answer that names more than is still to come speaks of the whole line: of what it accepts has left what has left, and
 * of what it does not ship is gone already what is gone. Base units that say nothing new, by what is said of them.
 */
function saidAgain(line: AnsweredLine, statuses: readonly SupplierLineStatus[]): Record<SaidOfUnits, number> {
  const named = { accepted: 0, backordered: 0, refused: 0 };
  for (const { code, quantity, unit } of statuses) {
    const meaning = statusMeaning[code];
    const units = unitsOf(line, quantity, unit);
    if (meaning !== undefined && typeof units === 'number') named[meaning] += units;
  }
  const all = named.accepted + named.backordered + named.refused;
  let beyond = Math.max(0, all - line.open);
  const known = (units: number, atMost: number) => {
    const counted = Math.min(beyond, units, atMost);
    beyond -= counted;
    return counted;
  };
  const says = (wanted: string) => statuses.some(({ code }) => code === wanted);
  // A changed quantity is the line's from now on, with what has left of it; all that is open would be no change. The part
  // that ships is the one that has left, where so much has.
  const changed =
    (all >= line.open && says(QUANTITY_CHANGED)) || (named.accepted <= line.shipped && says(PART_SHIPS));
  const accepted = changed ? Math.min(named.accepted, line.shipped) : known(named.accepted, line.shipped);
  if (changed) beyond = Math.max(0, beyond - accepted);
  const refused = known(named.refused, line.cancelled);
  return { accepted, refused, backordered: known(named.backordered, line.cancelled - refused) };
}

function unitsOf(
  line: AnsweredLine,
  quantity: string | undefined,
  unit: string | undefined,
): number | undefined | string {
  if (quantity === undefined) return undefined;
  if (unit !== undefined && unit !== '' && unit !== line.unit)
    return `line ${line.lineNumber} is answered in ${unit}, ordered was in ${line.unit}`;
  const read = toBaseUnits({ value: quantity, unit: line.unit }, { [line.unit]: line.unitFactor });
  return read.kind === 'converted' && read.baseUnits >= 0
    ? read.baseUnits
    : `line ${line.lineNumber} is answered for ${quantity} ${line.unit}, which is no whole number of units`;
}
