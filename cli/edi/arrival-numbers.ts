import { createHash } from 'node:crypto';
import type { InterchangeKey, SeenNumbers } from '../../edi/judge/agreement';
import { interchangeKey } from '../../edi/judge/envelope';
import type { Judgement } from '../../edi/judge/judgement';

/** Files named together are one arrival: what was seen is what the earlier interchanges of it brought. */
export class ArrivalNumbers implements SeenNumbers {
  private readonly interchanges = new Map<string, string>();
  private readonly groups = new Set<string>();
  private lastHash = '';

  interchange(key: InterchangeKey, bytes: Uint8Array): 'new' | 'same-bytes' | 'other-bytes' {
    this.lastHash = createHash('sha256').update(bytes).digest('hex');
    const known = this.interchanges.get(keyText(key));
    if (known === undefined) return 'new';
    return known === this.lastHash ? 'same-bytes' : 'other-bytes';
  }

  group(senderCode: string, receiverCode: string, functionalId: string, controlNumber: string): boolean {
    return this.groups.has([senderCode, receiverCode, functionalId, controlNumber].join('\n'));
  }

  /** Only what was answered A or E occupies its numbers: a rejected interchange may come again. */
  record(judgement: Judgement): void {
    if (judgement.ta1.code === 'R' || judgement.duplicate) return;
    this.interchanges.set(keyText(interchangeKey(judgement.envelope)), this.lastHash);
    for (const group of judgement.groups) {
      const number = /^\d+$/.test(group.controlNumber)
        ? String(Number(group.controlNumber))
        : group.controlNumber;
      this.groups.add([group.senderCode, group.receiverCode, group.functionalId, number].join('\n'));
    }
  }
}

function keyText(key: InterchangeKey): string {
  return Object.values(key).join('\n');
}
