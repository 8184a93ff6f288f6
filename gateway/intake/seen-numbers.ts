import type { Tx } from '../../db/connection';
import { type NumberClaim, type UsedNumber, usedNumbers } from '../../db/repositories/control-numbers';
import type { SeenNumbers } from '../../edi/judge/agreement';
import type { Judgement } from '../../edi/judge/judgement';
import type { InterchangeAgreement } from '../agreement';

/** Control numbers compare as numbers; what is none compares as it stands. */
export const comparable = (number: string): string =>
  /^\d{1,15}$/.test(number) ? String(Number(number)) : number;

/** A group's number is unique within its id and the two codes that exchange it. */
const groupScope = (functionalId: string, sender: string, receiver: string): string =>
  [functionalId, sender, receiver].join('/');

export interface Seen {
  readonly numbers: SeenNumbers;
  /** The interchange that holds this one's number, if any. */
  readonly holder: UsedNumber | undefined;
}

/**
 * What the partner used within its window, as far as this interchange speaks of it. Read under the lock of its ends,
 * so that it is still true when the judgement is stored.
 */
export async function seenNumbers(
  tx: Tx,
  agreement: InterchangeAgreement,
  interchange: {
    readonly controlNumber: string;
    readonly sha256: Buffer;
    readonly groupNumbers: readonly string[];
  },
  now: string,
): Promise<Seen> {
  const since = new Date(Date.parse(now) - agreement.policy.duplicateWindowDays * 86_400_000).toISOString();
  const own = comparable(interchange.controlNumber);
  const used = await usedNumbers(
    tx,
    agreement.id,
    [own, ...interchange.groupNumbers.filter((number) => /^\d{1,9}$/.test(number)).map(comparable)],
    since,
  );
  const holder = used.find((one) => one.kind === 'interchange' && one.number === own);
  const groups = new Set(used.flatMap((one) => (one.kind === 'group' ? [`${one.scope}/${one.number}`] : [])));
  const again = holder?.sha256?.equals(interchange.sha256) === true;
  return {
    holder,
    numbers: {
      interchange: () => (!holder ? 'new' : again ? 'same-bytes' : 'other-bytes'),
      // The same bytes again hold no number that is used twice: it is their own.
      group: (sender, receiver, functionalId, number) =>
        !again && groups.has(`${groupScope(functionalId, sender, receiver)}/${comparable(number)}`),
    },
  };
}

/** Only what was answered A or E occupies its number; what was rejected may come again with the same one. */
export function claimsOf(judgement: Judgement): readonly NumberClaim[] {
  if (judgement.ta1.code === 'R' || judgement.duplicate) return [];
  return [
    { kind: 'interchange', number: comparable(judgement.envelope.controlNumber), scope: '' },
    ...judgement.groups
      .filter((group) => group.ack !== 'R')
      .map((group) => ({
        kind: 'group' as const,
        number: comparable(group.controlNumber),
        scope: groupScope(group.functionalId, group.senderCode, group.receiverCode),
      })),
  ];
}
