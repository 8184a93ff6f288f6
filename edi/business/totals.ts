import type { Loop, TransactionSet } from '../x12/model';
import { at, type BusinessNotes, everySegment, loopsNamed, segmentsIn } from './business-finding';
import { compare, readDecimal, show, sum } from './exact-decimal';

/** What CTT01 of a set counts, and of which elements CTT02 may be the sum. */
const counted: Readonly<
  Record<string, { readonly loop: string; readonly quantities: readonly (readonly [string, number])[] }>
> = {
  '810': { loop: 'IT1', quantities: [['IT1', 2]] },
  '846': { loop: 'LIN', quantities: [] },
  '850': { loop: 'PO1', quantities: [['PO1', 2]] },
  '855': {
    loop: 'PO1',
    quantities: [
      ['PO1', 2],
      ['ACK', 2],
    ],
  },
  '856': { loop: 'HL', quantities: [['SN1', 2]] },
  '860': {
    loop: 'POC',
    quantities: [
      ['POC', 3],
      ['POC', 4],
    ],
  },
  '865': {
    loop: 'POC',
    quantities: [
      ['POC', 3],
      ['POC', 4],
      ['ACK', 2],
    ],
  },
};

/** CTT: the count of lines (of an 856: of HL), and the hash total of quantities. */
export function checkCounts({ set, root }: TransactionSet, notes: BusinessNotes): void {
  const rule = counted[set];
  if (!rule) return;
  for (const ctt of segmentsIn(root, 'CTT')) {
    const loops = loopsNamed(root, rule.loop).length;
    const count = readDecimal(at(ctt, 1));
    if (count !== null && compare(count, { units: BigInt(loops), places: 0 }) !== 0)
      notes.add('line-count', ctt, 1, '354', `it counts ${show(count)}, there are ${loops} ${rule.loop}`);
    const hash = at(ctt, 2);
    if (hash === '' || readDecimal(hash) === null || rule.quantities.length === 0) continue;
    const sums = rule.quantities.map(([id, element]) =>
      everySegment(root, id).map((segment) => at(segment, element)),
    );
    if (sums.some((values) => isHashOf(hash, values))) continue;
    const [first = []] = sums;
    const total = sum(first.filter((value) => value !== ''));
    const is = total === null ? '' : `, the lines sum to ${show(total)}`;
    notes.add('hash-total', ctt, 2, '347', `it says ${hash}${is}`);
  }
}

/**
 * Element 347: the values are summed without regard to decimal points and signs, and the leftmost digits of a sum
 * that is too long are cut off. Most partners sum the quantities as they are: both count as right.
 */
function isHashOf(hash: string, values: readonly string[]): boolean {
  const given = values.filter((value) => value !== '');
  const said = readDecimal(hash);
  const plain = sum(given);
  if (said === null || plain === null) return true;
  if (compare(said, plain) === 0) return true;
  const digits = given
    .reduce((total, value) => total + BigInt(value.replace(/\D/g, '') || '0'), 0n)
    .toString();
  const own = hash.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  return own === digits || (digits.length > 10 && digits.endsWith(own) && own.length >= 9);
}

/** Totals of units of warehouse documents: where they stand, and of what they are the sum. */
const unitTotals: Readonly<
  Record<
    string,
    {
      readonly total: readonly [string, number, string];
      readonly lines: readonly [string, number];
    }
  >
> = {
  '940': { total: ['W76', 1, '330'], lines: ['W01', 1] },
  '943': { total: ['W03', 1, '382'], lines: ['W04', 1] },
  '944': { total: ['W14', 1, '413'], lines: ['W07', 1] },
  '945': { total: ['W03', 1, '382'], lines: ['W12', 3] },
};

export function checkUnitTotal({ set, root }: TransactionSet, notes: BusinessNotes): void {
  const rule = unitTotals[set];
  if (!rule) return;
  const [id, element, reference] = rule.total;
  const total = sum(
    everySegment(root, rule.lines[0])
      .map((segment) => at(segment, rule.lines[1]))
      .filter((value) => value !== ''),
  );
  for (const segment of segmentsIn(root, id)) {
    const said = readDecimal(at(segment, element));
    if (said === null || total === null || compare(said, total) === 0) continue;
    notes.add(
      'unit-total',
      segment,
      element,
      reference,
      `it says ${show(said)}, the lines sum to ${show(total)}`,
    );
  }
}

/** Line by line: store quantities, schedules and statuses against the quantity; numbers that are used twice. */
export function checkLines({ set, root }: TransactionSet, notes: BusinessNotes): void {
  if (set !== '850' && set !== '855' && set !== '860') return;
  const seen = new Map<string, number>();
  for (const line of loopsNamed(root, set === '860' ? 'POC' : 'PO1')) {
    const [opening] = line.segments;
    if (!opening) continue;
    const number = at(opening, 1);
    const before = seen.get(number);
    if (set === '850' && number !== '' && before !== undefined)
      notes.add('line-number', opening, 1, '350', `line ${number} stands at ${before} already`);
    if (before === undefined) seen.set(number, opening.position);
    if (set === '860') continue;
    checkSums(line, notes);
  }
}

function checkSums(line: Loop, notes: BusinessNotes): void {
  const opening = line.segments[0];
  const ordered = opening && readDecimal(at(opening, 2));
  if (!opening || !ordered) return;
  const unit = at(opening, 3);
  const stores = segmentsIn(line, 'SDQ');
  const [firstStore] = stores;
  if (firstStore && stores.every((segment) => unit === '' || at(segment, 1) === unit)) {
    const quantities = stores.flatMap((segment) =>
      Array.from({ length: 10 }, (_, pair) => at(segment, 4 + pair * 2)).filter((value) => value !== ''),
    );
    const total = sum(quantities);
    if (total !== null && compare(total, ordered) !== 0)
      notes.add(
        'destination-sum',
        firstStore,
        4,
        '380',
        `SDQ sum to ${show(total)}, PO102 orders ${show(ordered)}`,
      );
  }
  const schedules = segmentsIn(line, 'SCH');
  const [firstSchedule] = schedules;
  if (firstSchedule && schedules.every((segment) => unit === '' || at(segment, 2) === unit)) {
    const total = sum(schedules.map((segment) => at(segment, 1)));
    if (total !== null && compare(total, ordered) > 0)
      notes.add(
        'schedule-sum',
        firstSchedule,
        1,
        '380',
        `SCH sum to ${show(total)}, PO102 orders ${show(ordered)}`,
      );
  }
  const statuses = segmentsIn(line, 'ACK');
  const [firstStatus] = statuses;
  if (firstStatus && statuses.every((segment) => at(segment, 2) !== '' && at(segment, 3) === unit)) {
    const total = sum(statuses.map((segment) => at(segment, 2)));
    // IQ: accepted in another quantity than was ordered.
    const isChanged = statuses.some((segment) => at(segment, 1) === 'IQ');
    if (total !== null && !isChanged && compare(total, ordered) !== 0)
      notes.add(
        'status-sum',
        firstStatus,
        2,
        '380',
        `ACK sum to ${show(total)}, PO102 says ${show(ordered)}`,
      );
  }
}
