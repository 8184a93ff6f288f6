import type { Db } from '../db/connection';
import { findGuide } from '../db/repositories/guides';
import { type Instant, localDateIn } from '../domain/shared/dates';
import { applyGuide, type GuideBreach } from '../edi/guides/apply-guide';
import { type Guide, parseGuide } from '../edi/guides/guide';
import { separatorBreaches } from '../edi/guides/separator-breaches';
import type { TransactionSet } from '../edi/x12/model';
import {
  type DocumentAgreement,
  type GuideDates,
  type InterchangeAgreement,
  inboundAgreement,
} from './agreement';

/** The version of a guide that is in force, by which a document is judged or shaped. */
export interface GuideInForce {
  readonly name: string;
  readonly version: number;
  readonly guide: Guide;
}

/** `missing`: the agreement names a guide of which no version is in force. */
export type NamedGuide = GuideInForce | { readonly missing: string } | null;

/** The guides of an agreement as they are in force on one day. */
export class GuidesInForce {
  private readonly agreement: InterchangeAgreement;
  private readonly byName: ReadonlyMap<string, GuideInForce>;
  private readonly judged = new WeakMap<object, readonly GuideBreach[]>();

  constructor(agreement: InterchangeAgreement, byName: ReadonlyMap<string, GuideInForce>) {
    this.agreement = agreement;
    this.byName = byName;
  }

  of(terms: DocumentAgreement | undefined): NamedGuide {
    if (!terms || terms.guide === null) return null;
    return this.byName.get(terms.guide) ?? { missing: terms.guide };
  }

  inbound(set: string, version: string): NamedGuide {
    return this.of(inboundAgreement(this.agreement, set, version));
  }

  /** What of an inbound document its guide does not take; the same document is looked at once. */
  breachesOf(document: TransactionSet): readonly GuideBreach[] {
    const known = this.judged.get(document.root);
    if (known) return known;
    const named = this.inbound(document.set, document.version);
    const breaches =
      named && 'guide' in named
        ? [...separatorBreaches(document, named.guide), ...applyGuide(document, named.guide)]
        : [];
    this.judged.set(document.root, breaches);
    return breaches;
  }

  /** The agreement with the separators and the ISA12 that the partner's guides of outbound sets name. */
  shapes(agreement: InterchangeAgreement): InterchangeAgreement {
    const wanted = agreement.documents.flatMap((terms) => {
      const named = terms.direction === 'out' ? this.of(terms) : null;
      return named && 'guide' in named ? [named.guide.interchange] : [];
    });
    const separators = wanted.find((one) => one.separators)?.separators;
    const version = wanted.find((one) => one.version !== undefined && one.version < '00501')?.version;
    const { policy } = agreement;
    return {
      ...agreement,
      policy: {
        ...policy,
        ...(version === undefined ? {} : { version }),
        separators: separators
          ? { ...separators, repetition: separators.repetition ?? freeSeparator(policy, separators) }
          : policy.separators,
      },
    };
  }

  /** What the guides of inbound sets say about acknowledgements. */
  acknowledgements(): readonly Guide['acknowledgement'][] {
    return this.agreement.documents.flatMap((terms) => {
      const named = terms.direction === 'in' ? this.of(terms) : null;
      return named && 'guide' in named ? [named.guide.acknowledgement] : [];
    });
  }
}

/** One that is not taken by the guide's own: 00501 asks for four. */
function freeSeparator(
  policy: InterchangeAgreement['policy'],
  taken: { readonly element: string; readonly component: string; readonly segment: string },
): string {
  const used = [taken.element, taken.component, taken.segment];
  return [policy.separators.repetition, '^', '!', '`'].find((one) => !used.includes(one)) ?? '^';
}

/** A version never changes once it is saved, so it is read from the record once. */
const read = new Map<string, GuideInForce>();
const MOST_KEPT = 1000;

/** @throws Error when a stored guide is none: it was saved by a newer hub, or by hand */
export async function guidesInForce(
  db: Db,
  agreement: InterchangeAgreement,
  now: Instant,
): Promise<GuidesInForce> {
  const byName = new Map<string, GuideInForce>();
  if (agreement.guides.length > 0) {
    const today = localDateIn(now, agreement.partnerTimeZone);
    for (const dates of agreement.guides) {
      const { name, from, until } = dates;
      const isInForce = from <= today && (until === null || until >= today);
      // The highest version comes first.
      if (isInForce && !byName.has(name)) byName.set(name, await readGuideVersion(db, dates));
    }
  }
  return new GuidesInForce(agreement, byName);
}

async function readGuideVersion(db: Db, { id, name, version }: GuideDates): Promise<GuideInForce> {
  const known = read.get(id);
  if (known) return known;
  const row = await findGuide(db, name, version);
  const parsed = parseGuide(row?.body);
  if (parsed.kind === 'refused')
    throw new Error(`guide ${name} version ${version} cannot be read: ${parsed.problems[0]?.text ?? ''}`);
  const found = { name, version, guide: parsed.guide };
  if (read.size >= MOST_KEPT) read.clear();
  read.set(id, found);
  return found;
}
