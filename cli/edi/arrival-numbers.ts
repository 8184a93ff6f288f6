import type { InterchangeKey, SeenNumbers } from '../../edi/judge/agreement';
import { interchangeKey } from '../../edi/judge/envelope';
import type { GroupOutcome, JudgedEnvelope } from '../../edi/judge/judgement';
import { UsedNumbers } from '../../edi/judge/used-numbers';

/** What the earlier interchanges of an arrival brought; hundreds of thousands of them take some megabytes. */
interface Seen {
  /** the ends and usage -> control number -> hash of the bytes */
  readonly interchanges: Map<string, Map<string, string>>;
  /** interchanges in which a group's number had been used before -> those groups */
  readonly repeatedGroups: Map<string, ReadonlySet<string>>;
  readonly groups: Map<string, UsedNumbers>;
}

/**
 * Files named together are one arrival: what was seen is what the earlier interchanges of it brought. Numbers of groups
 * are unique per agreement; where none is checked, those of several interchanges may come from anybody.
 */
export class ArrivalNumbers {
  private readonly seen: Seen = { interchanges: new Map(), repeatedGroups: new Map(), groups: new Map() };
  private readonly agreed: boolean;

  constructor(agreed: boolean) {
    this.agreed = agreed;
  }

  /** What the interchange with these bytes finds used. */
  seenBy(hash: Uint8Array): InterchangeNumbers {
    return new InterchangeNumbers(this.seen, Buffer.from(hash).toString('latin1'), this.agreed);
  }
}

/** The numbers that one interchange finds, and those that it takes. */
export class InterchangeNumbers implements SeenNumbers {
  private readonly seen: Seen;
  private readonly hash: string;
  private readonly repeatedGroups = new Set<string>();
  private readonly ownGroups = new Map<string, UsedNumbers>();
  private readonly agreed: boolean;
  private original: ReadonlySet<string> | null = null;
  /** the ends and usage: what stands for the agreement */
  private between = '';

  constructor(seen: Seen, hash: string, agreed: boolean) {
    this.seen = seen;
    this.hash = hash;
    this.agreed = agreed;
  }

  interchange(key: InterchangeKey): 'new' | 'same-bytes' | 'other-bytes' {
    this.between = endsText(key);
    const known = this.seen.interchanges.get(this.between)?.get(key.controlNumber);
    if (known === undefined) return 'new';
    if (known !== this.hash) return 'other-bytes';
    // When the bytes come again, their groups are judged as they were.
    this.original = this.seen.repeatedGroups.get(keyText(key)) ?? new Set();
    return 'same-bytes';
  }

  group(senderCode: string, receiverCode: string, functionalId: string, controlNumber: string): boolean {
    if (!this.agreed) return false;
    const scope = this.scope(senderCode, receiverCode, functionalId);
    const name = `${scope}\n${controlNumber}`;
    if (this.original !== null) return this.original.has(name);
    const used = this.seen.groups.get(scope)?.has(controlNumber) ?? false;
    if (used) this.repeatedGroups.add(name);
    return used;
  }

  /** A rejected group may come again with its number. */
  groupEnds({ senderCode, receiverCode, functionalId, controlNumber, ack }: GroupOutcome): void {
    if (ack === 'R' || !this.agreed) return;
    const scope = this.scope(senderCode, receiverCode, functionalId);
    const used = this.ownGroups.get(scope) ?? new UsedNumbers();
    used.add(controlNumber);
    this.ownGroups.set(scope, used);
  }

  /** Only what was answered A or E occupies its numbers: a rejected interchange may come again. */
  ends({ envelope, ta1, duplicate }: JudgedEnvelope): void {
    if (ta1.code === 'R' || duplicate) return;
    const { interchanges, repeatedGroups, groups } = this.seen;
    const key = interchangeKey(envelope);
    const numbers = interchanges.get(this.between) ?? new Map<string, string>();
    numbers.set(key.controlNumber, this.hash);
    interchanges.set(this.between, numbers);
    if (this.repeatedGroups.size > 0) repeatedGroups.set(keyText(key), this.repeatedGroups);
    for (const [scope, numbers] of this.ownGroups) {
      const used = groups.get(scope);
      if (used === undefined) groups.set(scope, numbers);
      else used.addAll(numbers);
    }
  }

  private scope(senderCode: string, receiverCode: string, functionalId: string): string {
    return [this.between, senderCode, receiverCode, functionalId].join('\n');
  }
}

function endsText({ controlNumber: _, ...ends }: InterchangeKey): string {
  return Object.values(ends).join('\n');
}

function keyText(key: InterchangeKey): string {
  return `${endsText(key)}\n${key.controlNumber}`;
}
