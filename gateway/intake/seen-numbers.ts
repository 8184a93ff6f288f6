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

/** An interchange's numbers: its own, and those of its groups. */
export interface SpokenNumbers {
  readonly controlNumber: string;
  readonly sha256: Buffer;
  readonly groupNumbers: readonly string[];
}

/**
 * What the partner used within its window, as far as some interchanges speak of it. Read under the lock of their ends,
 * so that it is still true when the judgements are stored; what they occupy themselves is added as they are judged.
 */
export class UsedNumbers {
  private readonly used: UsedNumber[];

  private constructor(used: readonly UsedNumber[]) {
    this.used = [...used];
  }

  static async read(
    tx: Tx,
    agreement: InterchangeAgreement,
    interchanges: readonly SpokenNumbers[],
    now: string,
  ): Promise<UsedNumbers> {
    const since = new Date(Date.parse(now) - agreement.policy.duplicateWindowDays * 86_400_000).toISOString();
    const numbers = interchanges.flatMap(({ controlNumber, groupNumbers }) => [
      comparable(controlNumber),
      ...groupNumbers.filter((number) => /^\d{1,9}$/.test(number)).map(comparable),
    ]);
    return new UsedNumbers(await usedNumbers(tx, agreement.id, [...new Set(numbers)], since));
  }

  occupy(interchangeId: string, sha256: Buffer, claims: readonly NumberClaim[]): void {
    this.used.push(...claims.map((claim) => ({ ...claim, interchange_id: interchangeId, sha256 })));
  }

  seenBy({ controlNumber, sha256 }: SpokenNumbers): Seen {
    const own = comparable(controlNumber);
    const holder = this.used.find((one) => one.kind === 'interchange' && one.number === own);
    const groups = new Set(
      this.used.flatMap((one) => (one.kind === 'group' ? [`${one.scope}/${one.number}`] : [])),
    );
    const again = holder?.sha256?.equals(sha256) === true;
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
