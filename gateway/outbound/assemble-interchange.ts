import type { DocumentKey } from '../../edi/archive/document-keys';
import type { Guide } from '../../edi/guides/guide';
import type { Finding } from '../../edi/validate/finding';
import type { DocumentDraft, DraftSegment, Separators } from '../../edi/x12/model';
import {
  type InterchangeToWrite,
  writeInterchange,
  writeTransactionSet,
  X12WriteError,
} from '../../edi/x12/writer';
import type { InterchangeAgreement } from '../agreement';
import { type ScannedSet, scanEnvelope } from '../envelope-scan';
import { type OwnVerdict, validateOwn } from './own-validation';
import { readBack } from './read-back';

/** A request that has become a draft, with what its group needs to know. */
export interface DraftedDocument {
  readonly requestId: number;
  /** GS01 of its group. */
  readonly functionalId: string;
  readonly ownGsId: string;
  readonly partnerGsId: string;
  /** GS08. */
  readonly version: string;
  readonly draft: DocumentDraft;
  /** the partner's guide, which it must keep */
  readonly guide: Guide | null;
}

export interface EnvelopeNumbers {
  readonly interchange: number;
  /** One for each group, in the order of `groupsOf`. */
  readonly groups: readonly number[];
}

/** Local to the selling entity (X12 leaves the zone of ISA09/10 to the partners; ours is the entity's). */
export interface WrittenAt {
  /** CCYYMMDD */
  readonly date: string;
  /** HHMM */
  readonly time: string;
}

export interface AssembledGroup {
  readonly functionalId: string;
  readonly ownGsId: string;
  readonly partnerGsId: string;
  readonly version: string;
  readonly controlNumber: number;
  readonly sets: readonly {
    readonly requestId: number;
    readonly set: string;
    readonly controlNumber: string;
    readonly byteOffset: number;
    readonly byteLength: number;
    readonly keys: readonly DocumentKey[];
    readonly findings: readonly Finding[];
  }[];
}

export interface AssembledInterchange {
  readonly content: Buffer;
  readonly isaVersion: string;
  readonly groups: readonly AssembledGroup[];
  /** Why it must not leave as it is; requestId null where all of it is at fault. */
  readonly mismatches: readonly { readonly requestId: number | null; readonly text: string }[];
}

/** Documents that share GS01, both codes and the version travel in one group, in the order they were asked for. */
export function groupsOf(documents: readonly DraftedDocument[]): readonly (readonly DraftedDocument[])[] {
  const groups = new Map<string, DraftedDocument[]>();
  for (const document of documents) {
    const key = [document.functionalId, document.ownGsId, document.partnerGsId, document.version].join(
      '\u0001',
    );
    const group = groups.get(key);
    if (group) group.push(document);
    else groups.set(key, [document]);
  }
  return [...groups.values()];
}

/** 005010 and later travel in 00501, which has the repetition separator; the rest in what was agreed. */
export function isaVersionFor(agreement: InterchangeAgreement, groupVersion: string): string {
  return groupVersion >= '005010' ? '00501' : agreement.policy.version;
}

export function separatorsFor(agreement: InterchangeAgreement, isaVersion: string): Separators {
  const { element, component, repetition, segment } = agreement.policy.separators;
  return { element, component, segment, repetition: isaVersion >= '00402' ? repetition : null };
}

/** Writes one set alone, so that a value which X12 cannot carry holds its own document and not its neighbours. */
export function unwritable(agreement: InterchangeAgreement, document: DraftedDocument): string | null {
  const separators = separatorsFor(agreement, isaVersionFor(agreement, document.version));
  try {
    writeTransactionSet('0001', document.draft, separators);
    return null;
  } catch (error) {
    if (error instanceof X12WriteError) return error.message;
    throw error;
  }
}

function setNumber(at: number): string {
  return String(at + 1).padStart(4, '0');
}

function toWrite(
  agreement: InterchangeAgreement,
  content: { readonly documents: readonly DraftedDocument[]; readonly ta1?: DraftSegment },
  isaVersion: string,
  numbers: EnvelopeNumbers,
  at: WrittenAt,
): InterchangeToWrite {
  const groups = groupsOf(content.documents);
  const acknowledgementsOnly = content.documents.every(({ functionalId }) => functionalId === 'FA');
  return {
    envelope: {
      separators: separatorsFor(agreement, isaVersion),
      characterSet: agreement.policy.characterSet,
      isa: {
        senderQualifier: agreement.ownQualifier,
        senderId: agreement.ownIsaId,
        receiverQualifier: agreement.partnerQualifier,
        receiverId: agreement.partnerIsaId,
        date: at.date.slice(2),
        time: at.time,
        version: isaVersion,
        controlNumber: numbers.interchange,
        usage: agreement.usage,
        // An acknowledgement is never acknowledged.
        ackRequested: agreement.policy.requestTa1 && !acknowledgementsOnly,
      },
    },
    ...(content.ta1 ? { ta1: [content.ta1] } : {}),
    groups: groups.map((documents, index) => {
      const [first] = documents as [DraftedDocument];
      return {
        functionalId: first.functionalId,
        senderCode: first.ownGsId,
        receiverCode: first.partnerGsId,
        date: first.version >= '004010' ? at.date : at.date.slice(2),
        time: at.time,
        controlNumber: numbers.groups[index] ?? 0,
        version: first.version,
        sets: documents.map(({ draft }, place) => ({ controlNumber: setNumber(place), draft })),
      };
    }),
  };
}

/**
 * The final bytes of an interchange, read back by an independent reader and judged as a partner would judge them.
 * @throws X12WriteError where the envelope itself cannot be written: the agreement's ids are at fault
 */
export async function assembleInterchange(
  agreement: InterchangeAgreement,
  content: { readonly documents: readonly DraftedDocument[]; readonly ta1?: DraftSegment },
  isaVersion: string,
  numbers: EnvelopeNumbers,
  at: WrittenAt,
): Promise<AssembledInterchange> {
  const interchange = toWrite(agreement, content, isaVersion, numbers, at);
  const { separators } = interchange.envelope;
  const encoding = agreement.policy.characterSet === 'utf-8' ? 'utf8' : 'latin1';
  const text = writeInterchange(interchange);
  const bytes = Buffer.from(text, encoding);
  const { sets } = scanEnvelope(bytes, separators, 0);
  const ordered = groupsOf(content.documents);
  const flat = ordered.flat();
  const mismatches = await readBack(bytes, {
    controlNumber: numbers.interchange,
    sender: agreement.ownIsaId.trim(),
    receiver: agreement.partnerIsaId.trim(),
    repetition: separators.repetition,
    component: separators.component,
    encoding,
    ta1: content.ta1 ?? null,
    groups: ordered.map((documents, index) => ({
      controlNumber: numbers.groups[index] ?? 0,
      sets: documents.map(({ draft }, place) => ({
        controlNumber: setNumber(place),
        set: draft.set,
        segments: draft.segments,
      })),
    })),
  });
  const verdicts = validateOwn(
    bytes,
    flat.map(({ guide }) => guide),
  );
  return {
    content: bytes,
    isaVersion,
    groups: assembledGroups(ordered, numbers, sets, verdicts),
    mismatches: [
      ...mismatches.map(({ setIndex, text: problem }) => ({
        requestId: setIndex === null ? null : (flat[setIndex]?.requestId ?? null),
        text: `read back differently: ${problem}`,
      })),
      ...verdicts.flatMap(({ problem }, index) =>
        problem === null ? [] : [{ requestId: flat[index]?.requestId ?? null, text: problem }],
      ),
    ],
  };
}

function assembledGroups(
  groups: readonly (readonly DraftedDocument[])[],
  numbers: EnvelopeNumbers,
  scanned: readonly ScannedSet[],
  verdicts: readonly OwnVerdict[],
): readonly AssembledGroup[] {
  let place = -1;
  return groups.map((documents, index) => {
    const [first] = documents as [DraftedDocument];
    const { functionalId, ownGsId, partnerGsId, version } = first;
    const sets = documents.map((document, within) => {
      place += 1;
      const { offset = 0, length = 0, keys = [] } = scanned[place] ?? {};
      return {
        requestId: document.requestId,
        set: document.draft.set,
        controlNumber: setNumber(within),
        byteOffset: offset,
        byteLength: length,
        keys,
        findings: verdicts[place]?.findings ?? [],
      };
    });
    return { functionalId, ownGsId, partnerGsId, version, controlNumber: numbers.groups[index] ?? 0, sets };
  });
}
