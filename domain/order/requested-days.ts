import { addDays, type LocalDate } from '../shared/dates';
import type { ModificationType } from './modification-matrix';
import type { RequestDate } from './order-request';

/** What the dates of an order, or of a line, ask for (element 374). */
export interface RequestedDays {
  readonly shipNotBefore: LocalDate | null;
  readonly deliverBy: LocalDate | null;
  /** The last day: what is open after it is cancelled. */
  readonly cancelAfter: LocalDate | null;
}

/**
 * 037 ship not before, 010 requested ship, 064 do not deliver before (leaves no earlier than the lead days before it);
 * 002 delivery requested, 063 do not deliver after; 001 cancel after, 061 cancel if not delivered by, 038 ship no later.
 */
const qualifiers = {
  '037': 'ship-not-before',
  '010': 'ship-not-before',
  '064': 'ship-not-before',
  '002': 'requested-date',
  '063': 'requested-date',
  '001': 'cancel-after',
  '061': 'cancel-after',
  '038': 'cancel-after',
} as const satisfies Readonly<Record<string, ModificationType>>;

export const datesWithRule: ReadonlySet<string> = new Set(Object.keys(qualifiers));

/** Which kind of change a date is; undefined where it has no rule. */
export const typeOfDate = (qualifier: string): ModificationType | undefined =>
  (qualifiers as Readonly<Record<string, ModificationType>>)[qualifier];

/** @param leadDays days that goods are on their way, at most */
export function requestedDays(dates: readonly RequestDate[], leadDays: number): RequestedDays {
  const of = (qualifier: string) => dates.find((date) => date.qualifier === qualifier)?.date;
  const deliverFrom = of('064');
  const from = [of('037') ?? of('010'), deliverFrom && addDays(deliverFrom, -leadDays)];
  const last = [of('001'), of('061'), of('038')];
  return {
    shipNotBefore:
      from
        .filter((day) => day !== undefined)
        .sort()
        .at(-1) ?? null,
    deliverBy: of('002') ?? of('063') ?? null,
    cancelAfter: last.filter((day) => day !== undefined).sort()[0] ?? null,
  };
}
