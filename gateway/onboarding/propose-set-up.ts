import type { Db } from '../../db/connection';
import { readArrivalBytes } from '../../db/repositories/arrivals';
import { interchangeById } from '../../db/repositories/interchanges';
import type { Separators } from '../../edi/x12/model';
import { SegmentScanner } from '../../edi/x12/scanner';
import { interchangePolicy } from '../agreement';
import { interchangeIn } from '../intake/split-arrival';
import { type PartnerSetUp, partnerSetUp, type SetUpDocument } from './partner-set-up';

/** What is answered to a set that a partner sends, where nothing else was agreed. */
const answersTo: Readonly<Record<string, readonly string[]>> = {
  '850': ['855', '856', '810'],
  '860': ['865'],
};

interface Seen {
  readonly documents: readonly SetUpDocument[];
  readonly name: string | null;
}

/**
 * How the sender of an interchange would be set up, from what its file says: both ends, separators, GS ids, sets and
 * versions, and the answers that are usual. For an operator to look at and complete.
 * @returns null where there is no such inbound interchange, or nothing can be read in it
 */
export async function proposeSetUp(db: Db, interchangeId: string): Promise<PartnerSetUp | null> {
  const row = await interchangeById(db, interchangeId);
  if (!row || row.sender_id === '') return null;
  const bytes = await readArrivalBytes(db, row.arrival_id, row.byte_offset, row.byte_length);
  const { interchange } = interchangeIn(bytes, row);
  const separators = interchange?.header.separators;
  if (!interchange || !separators) return null;
  const seen = readSets(interchange.bytes, separators);
  const known = await db('interchange_agreement as a')
    .join('partner as p', 'p.id', 'a.partner_id')
    .where({ 'a.partner_isa_id': row.sender_id })
    .orderByRaw('a.partner_qualifier = ? desc, a.id', [row.sender_qualifier])
    .first('p.id', 'p.name', 'p.customer_id', 'a.channel_id');
  const channel = known && (await db('channel').where({ id: known.channel_id }).first('id', 'kind'));
  const id = known?.id ?? codeFrom(row.sender_id);
  const usage = row.usage === 'T' ? 'T' : 'P';
  return partnerSetUp.parse({
    partner: {
      id,
      name: known?.name ?? seen.name ?? row.sender_id,
      customerId: known?.customer_id ?? null,
    },
    channel: { id: channel?.id ?? `${id}-mailbox`, kind: channel?.kind ?? 'https-mailbox' },
    agreement: {
      id: `${id}-${codeFrom(row.receiver_id)}-${usage}`,
      usage,
      ownQualifier: row.receiver_qualifier,
      ownIsaId: row.receiver_id,
      partnerQualifier: row.sender_qualifier,
      partnerIsaId: row.sender_id,
      policy: policyFrom(separators, interchange.header.elements[11] ?? ''),
      documents: seen.documents,
    },
  });
}

const codeFrom = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'NEW';

/** Its separators where they can be used as they are, and its version of the envelope where it is an older one. */
function policyFrom(separators: Separators, version: string): Record<string, unknown> {
  const { element, component, segment } = separators;
  const repetition = separators.repetition ?? '^';
  const wanted = { element, component, repetition, segment };
  const differs = Object.entries(interchangePolicy.parse({}).separators).some(
    ([role, usual]) => wanted[role as keyof typeof wanted] !== usual,
  );
  const usable =
    differs &&
    Object.values(wanted).every((one) => /^[^A-Za-z0-9 ]$/.test(one)) &&
    new Set(Object.values(wanted)).size === 4;
  return {
    ...(usable && { separators: wanted }),
    ...(/^00[2-4]\d\d$/.test(version) && version !== '00401' && { version }),
  };
}

function readSets(bytes: Uint8Array, separators: Separators): Seen {
  const scanner = new SegmentScanner(bytes, separators, 0);
  const documents = new Map<string, SetUpDocument>();
  let ends = { ownGsId: '', partnerGsId: '', version: '' };
  let name: string | null = null;
  const add = (direction: 'in' | 'out', set: string) => {
    const key = direction === 'out' ? set : [set, ...Object.values(ends)].join('/');
    documents.set(`${direction}/${key}`, {
      direction,
      set,
      ...ends,
      guide: null,
      wanted: true,
      options: {},
      ackDeadlineMinutes: null,
    });
  };
  while (scanner.next()) {
    if (scanner.id === 'GS')
      ends = {
        partnerGsId: scanner.text(2).trim(),
        ownGsId: scanner.text(3).trim(),
        version: scanner.text(8).trim(),
      };
    else if (scanner.id === 'ST' && /^\d{3}$/.test(scanner.text(1).trim())) {
      const set = scanner.text(1).trim();
      add('in', set);
      for (const answer of answersTo[set] ?? []) add('out', answer);
    } else if (
      scanner.id === 'N1' &&
      (scanner.text(1) === 'BY' || (name === null && scanner.text(1) === 'BT'))
    )
      name ??= scanner.text(2).trim().slice(0, 80) || null;
  }
  // Where documents go out, acknowledgements of them come in.
  if ([...documents.values()].some(({ direction }) => direction === 'out')) add('in', '997');
  return { documents: [...documents.values()], name };
}
