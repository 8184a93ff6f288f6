import type { AllowedChangesView } from '../../../api/contract/changes';
import type { OrderLineView } from '../../../api/contract/orders';

export interface Days {
  readonly deliverBy?: string;
  readonly shipNotBefore?: string;
  readonly cancelAfter?: string;
}
export interface LineDraft extends Days {
  readonly quantity?: string;
  readonly delete?: true;
}
export interface AddedLine {
  readonly key: number;
  readonly item: string;
  readonly quantity: string;
  readonly unit: string;
}
export interface ShipToDraft {
  readonly id: string;
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
}

/** What somebody has typed so far of a change; nothing of it is asked before it is sent. */
export interface ChangeDraft {
  readonly days: Days;
  readonly shipTo: ShipToDraft;
  readonly note: string;
  readonly lines: Readonly<Record<number, LineDraft>>;
  readonly added: readonly AddedLine[];
}

export const noShipTo: ShipToDraft = {
  id: '',
  name: '',
  street: '',
  city: '',
  region: '',
  postalCode: '',
  country: '',
};
export const nothingDrafted: ChangeDraft = { days: {}, shipTo: noShipTo, note: '', lines: {}, added: [] };

export type Cell = AllowedChangesView['header'][number];
export type LineCells = AllowedChangesView['lines'][number];

/** Whether the rules let it through at all; what they pass over is not offered either. */
export const isAllowed = (cells: readonly Cell[], type: Cell['type']): boolean =>
  cells.some((cell) => cell.type === type && (cell.verdict === 'allow' || cell.verdict === 'recall'));

/** What of the line is still wanted, in its unit. */
export const standingQuantity = ({ counts, unitFactor }: OrderLineView): string =>
  String((counts.ordered - counts.cancelled) / unitFactor);

export const isQuantity = (text: string) => /^\d{1,12}(\.\d{1,6})?$/.test(text) && /[1-9]/.test(text);

/** Why a quantity cannot be sent; undefined where it can. */
export function quantityProblem(text: string, line: OrderLineView, cells: LineCells): string | undefined {
  if (!isQuantity(text)) return 'A number above zero';
  const more = Number(text) - Number(standingQuantity(line));
  if (more > 0 && !isAllowed(cells.types, 'quantity-up')) return 'Not more than now';
  if (more < 0 && !isAllowed(cells.types, 'quantity-down')) return 'Not less than now';
  return undefined;
}

const filled = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;

function linesOf(draft: ChangeDraft, lines: readonly OrderLineView[]) {
  return Object.entries(draft.lines).flatMap(([number, asked]) => {
    const lineNumber = Number(number);
    if (asked.delete) return [{ lineNumber, delete: true as const }];
    const line = lines.find((one) => one.lineNumber === lineNumber);
    const { quantity, ...days } = asked;
    const differs = line !== undefined && quantity !== undefined && quantity !== standingQuantity(line);
    const wanted = filled({ ...days, ...(differs && { quantity }) });
    return Object.keys(wanted).length === 0 ? [] : [{ lineNumber, ...wanted }];
  });
}

function shipToOf({ id, name, street, ...rest }: ShipToDraft) {
  const address = { ...(street.trim() !== '' && { lines: [street.trim()] }), ...filled(rest) };
  const shipTo = filled({ id: id.trim(), name: name.trim() });
  const whole = { ...shipTo, ...(Object.keys(address).length > 0 && { address }) };
  return Object.keys(whole).length === 0 ? {} : { shipTo: whole };
}

/** The draft as the API takes it; null while it asks for nothing. */
export function bodyOf(draft: ChangeDraft, lines: readonly OrderLineView[]) {
  const changed = linesOf(draft, lines);
  const add = draft.added
    .filter(({ item, quantity }) => item.trim() !== '' && quantity.trim() !== '')
    .map(({ item, quantity, unit }) => ({
      item: item.trim(),
      quantity: quantity.trim(),
      unit: unit.trim() || 'EA',
    }));
  const body = {
    ...filled(draft.days),
    ...shipToOf(draft.shipTo),
    ...(draft.note.trim() !== '' && { notes: [draft.note.trim()] }),
    ...(changed.length > 0 && { lines: changed }),
    ...(add.length > 0 && { add }),
  };
  return Object.keys(body).length === 0 ? null : body;
}

/** Whether everything typed can be sent. */
export function isSendable(
  draft: ChangeDraft,
  lines: readonly OrderLineView[],
  allowed: AllowedChangesView,
): boolean {
  const linesAreRight = lines.every((line) => {
    const asked = draft.lines[line.lineNumber];
    const cells = allowed.lines.find((one) => one.lineNumber === line.lineNumber);
    if (asked?.quantity === undefined || asked.delete || cells === undefined) return true;
    return quantityProblem(asked.quantity, line, cells) === undefined;
  });
  const addedAreRight = draft.added.every(
    ({ item, quantity }) => item.trim() !== '' && isQuantity(quantity.trim()),
  );
  return linesAreRight && addedAreRight;
}
