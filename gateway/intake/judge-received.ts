import { raiseException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { agreementsBetween, knownEnds } from '../../db/repositories/agreements';
import { ArrivalReader } from '../../db/repositories/arrivals';
import {
  interchangeById,
  isUnjudged,
  lockEndsOf,
  oldestReceived,
  type ReceivedRow,
  updateInterchange,
  type WaitingRow,
} from '../../db/repositories/interchanges';
import { WriteTogether } from '../../db/repositories/write-together';
import { addSeconds } from '../../domain/shared/dates';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import type { Judgement } from '../../edi/judge/judgement';
import { type InterchangeAgreement, notExchanged, parseAgreement } from '../agreement';
import { scanEnvelope } from '../envelope-scan';
import { guidesInForce } from '../guides';
import { agreementView, viewOfStrangers } from './agreement-view';
import { mayCarry } from './receive-arrival';
import { claimsOf, type Seen, UsedNumbers } from './seen-numbers';
import { interchangeIn } from './split-arrival';
import { splitLargeArrival } from './split-large-arrival';
import {
  type Judged,
  type Rejection,
  storeDuplicate,
  storeJudgement,
  storeRejection,
} from './store-judgement';

/** After so many faults of ours an interchange is set aside, so that those behind it are not held up for ever. */
const ATTEMPTS = 5;

/**
 * So many small interchanges share a transaction: its fixed cost is most of theirs. Few, since everything that touches
 * the same partner's jobs waits for its end.
 */
const TOGETHER = 10;
/** A larger interchange has enough of its own to do. */
const SMALL_BYTES = 64 * 1024;

/** What a judge carries from one interchange to the next. */
interface Round {
  readonly reader: ArrivalReader;
  /** How many may be judged in one transaction; one by one after a fault, so that only the faulty one fails. */
  most: number;
  current: WaitingRow | undefined;
}

/**
 * Judges what came between the two ends of an interchange, oldest first, until nothing is left. What is judged is
 * stored in the same transaction, under the lock of its ends; running it twice does no harm.
 * @returns busy: another judge is at work between these ends, or what came before is still being taken apart. It takes
 *   this one along, unless it was just finishing: whoever is told so must look again a little later
 */
export async function judgeReceived(
  db: Db,
  interchangeId: string,
  clock: () => string,
): Promise<'done' | 'busy'> {
  if (!(await isUnjudged(db, interchangeId))) return 'done';
  const round: Round = { reader: new ArrivalReader(), most: TOGETHER, current: undefined };
  for (;;) {
    round.current = undefined;
    try {
      const next = await db.transaction((tx) => judgeSome(tx, interchangeId, round, clock));
      if (next === 'done' || next === 'busy') return next;
      if (next === 'split') await splitOrSetAside(db, interchangeId, clock);
    } catch (error) {
      if (round.current && round.most > 1) round.most = 1;
      else if (!round.current || !(await setAsideAfter(db, round.current, error, clock()))) throw error;
    }
  }
}

async function judgeSome(
  tx: Tx,
  interchangeId: string,
  round: Round,
  clock: () => string,
): Promise<'done' | 'busy' | 'split' | 'more'> {
  const named = await lockEndsOf(tx, interchangeId);
  if (!named) return 'done';
  if (!named.locked) return named.status === 'received' || named.status === 'splitting' ? 'busy' : 'done';
  if (named.status === 'splitting') return 'split';
  const rows = takenTogether(await oldestReceived(tx, named, round.reader.heldChunk, round.most));
  const [first] = rows;
  if (!first) return 'done';
  const agreements = (await agreementsBetween(tx, endsOf(first))).map(parseAgreement);
  const opened: Opened[] = [];
  for (const row of rows) {
    if (row.overtakes) break;
    round.current = row;
    opened.push(await openArchived(tx, row, round.reader, agreements));
  }
  const together: Together = { agreements, writes: new WriteTogether(), used: new Map() };
  for (const one of opened) {
    round.current = one.row;
    await judgeOne(tx, one, opened, together, clock());
  }
  await together.writes.run(tx);
  return opened.length < rows.length ? 'busy' : 'more';
}

/** A larger one goes alone. */
function takenTogether(rows: readonly WaitingRow[]): readonly WaitingRow[] {
  const large = rows.findIndex((row) => row.byte_length > SMALL_BYTES);
  return large < 0 ? rows : rows.slice(0, Math.max(large, 1));
}

/** What interchanges that are judged in one transaction share. */
interface Together {
  readonly agreements: readonly InterchangeAgreement[];
  /** What follows from them all is written at once. */
  readonly writes: WriteTogether;
  /** By agreement. */
  readonly used: Map<string, UsedNumbers>;
}

interface Opened {
  readonly row: WaitingRow;
  readonly agreement: InterchangeAgreement | null;
  /** null where it is too large to be read, or its bytes are none: `error` */
  readonly interchange: ReturnType<typeof interchangeIn>['interchange'] | null;
  readonly error: string | null;
  readonly scan: ReturnType<typeof scanEnvelope> | null;
}

async function openArchived(
  tx: Tx,
  row: WaitingRow,
  reader: ArrivalReader,
  agreements: readonly InterchangeAgreement[],
): Promise<Opened> {
  const agreement = agreements.find(({ usage }) => usage === row.usage) ?? null;
  if (row.byte_length > INTERCHANGE_LIMIT_BYTES)
    return { row, agreement, interchange: null, error: null, scan: null };
  const { interchange, error } = interchangeIn(await reader.read(tx, row, row.chunk), row);
  if (!interchange) return { row, agreement, interchange: null, error: error ?? null, scan: null };
  const { bytes, header } = interchange;
  return {
    row,
    agreement,
    interchange,
    error: null,
    scan: scanEnvelope(bytes, header.separators, header.length),
  };
}

const spokenBy = ({ row, scan }: Opened) => ({
  controlNumber: row.control_number,
  sha256: row.sha256,
  groupNumbers: scan?.groupNumbers ?? [],
});

/** Read once for all that are judged together. */
async function numbersUsed(
  tx: Tx,
  agreement: InterchangeAgreement,
  opened: readonly Opened[],
  { used }: Together,
  now: string,
): Promise<UsedNumbers> {
  const known = used.get(agreement.id);
  if (known) return known;
  const ofIt = opened.filter((one) => one.agreement === agreement);
  const read = await UsedNumbers.read(tx, agreement, ofIt.map(spokenBy), now);
  used.set(agreement.id, read);
  return read;
}

/** An interchange is judged as a whole, in memory: one that is larger than this is kept, and somebody is told. */
export const INTERCHANGE_LIMIT_BYTES = 50 * 1024 * 1024;

function tooLarge(row: ReceivedRow): string {
  const megabytes = Math.ceil(row.byte_length / 1024 / 1024);
  return `it is ${megabytes} MB long, and at most 50 MB are judged as one: ask the sender for smaller interchanges`;
}

/** What cannot be taken apart must not hold up what came after it for ever. */
async function splitOrSetAside(db: Db, interchangeId: string, clock: () => string): Promise<void> {
  try {
    await splitLargeArrival(db, interchangeId);
  } catch (error) {
    const row = await interchangeById(db, interchangeId);
    if (!row || !(await setAsideAfter(db, row, error, clock()))) throw error;
  }
}

/** @returns whether it was set aside, so that the next one may be judged */
async function setAsideAfter(db: Db, row: ReceivedRow, error: unknown, now: string): Promise<boolean> {
  const attempts = row.attempts + 1;
  const problem = error instanceof Error ? error.message : String(error);
  return db.transaction(async (tx) => {
    const failed = attempts >= ATTEMPTS;
    await updateInterchange(tx, row.id, { attempts, problem, ...(failed ? { status: 'failed' } : {}) });
    if (failed) {
      await raiseException(tx, {
        kind: 'interchange-failed',
        subjectKey: row.id,
        text: `Interchange ${row.control_number} of ${row.sender_qualifier}:${row.sender_id} could not be processed (${problem}). Its bytes are kept: replay it when the cause is gone.`,
        ownerRole: 'operations',
        dueAt: addSeconds(now, 3600),
        priority: 1,
        data: { interchangeId: row.id },
      });
    }
    return failed;
  });
}

async function judgeOne(
  tx: Tx,
  one: Opened,
  opened: readonly Opened[],
  together: Together,
  now: string,
): Promise<void> {
  const { row, agreement, interchange, scan } = one;
  const { agreements, writes } = together;
  const reject = async (...of: Rejecting) => {
    // What came before it is written before it.
    await writes.run(tx);
    const [by, judgement, rejection] = of;
    return storeRejection(tx, row, by, judgement, rejection, now);
  };
  const refuse = (status: Rejection['status'], exception: string, problem: string) =>
    reject(null, null, { status, exception, problem });
  if (row.byte_length > INTERCHANGE_LIMIT_BYTES)
    return refuse('rejected', 'interchange-too-large', tooLarge(row));
  if (!interchange || !scan)
    return refuse('rejected', 'arrival-unreadable', one.error ?? 'no interchange was found');
  if (row.sender_id === '')
    return refuse('rejected', 'arrival-unreadable', 'ISA06 names no sender: nobody could be answered');
  if (!mayCarry(row.allowed_isa_ids, row.sender_qualifier, row.sender_id)) {
    const problem = `it came by a door that may not carry ${row.sender_qualifier}:${row.sender_id}`;
    return refuse('quarantined', 'quarantine', problem);
  }
  // One that covers at least the ends tells the judge that only ISA15 is wrong.
  const near = agreement ?? agreements[0] ?? null;
  const used = agreement ? await numbersUsed(tx, agreement, opened, together, now) : null;
  const seen: Seen = used?.seenBy(spokenBy(one)) ?? { numbers: nothingSeen, holder: undefined };
  const shut = agreement && notExchanged(agreement);
  if (shut) {
    // Nobody is answered: whether the partner may send is for us to settle, and what it sent is not at fault.
    const problem = `${shut}; the interchange is kept: replay it when that is settled`;
    return reject(agreement, null, { status: 'quarantined', exception: 'quarantine', problem });
  }
  const guides = near ? await guidesInForce(tx, near, now) : null;
  const view =
    near && guides ? agreementView(near, guides) : viewOfStrangers(row, await knownEnds(tx, endsOf(row)));
  const judgement = judgeInterchange(interchange, view, seen.numbers);
  if (agreement && judgement.duplicate && seen.holder) {
    await writes.run(tx);
    await storeDuplicate(tx, row, agreement, judgement, seen.holder.interchange_id, now);
  } else if (!agreement || !guides || judgement.ta1.code === 'R') {
    await reject(near, judgement, rejectionOf(row, agreement, judgement));
  } else {
    // Where the bytes had to be joined before they could be read, places in them are none in the archive.
    const placed = !interchange.deviations.includes('wrapped');
    const judged: Judged = { row, agreement, guides, judgement, sets: scan.sets, placed };
    await storeJudgement(tx, writes, judged, now);
    used?.occupy(row.id, row.sha256, claimsOf(judgement));
  }
}

type Rejecting = readonly [InterchangeAgreement | null, Judgement | null, Rejection];

const endsOf = (row: ReceivedRow) => ({
  senderQualifier: row.sender_qualifier,
  senderId: row.sender_id,
  receiverQualifier: row.receiver_qualifier,
  receiverId: row.receiver_id,
});

const strangerNotes = new Set(['005', '006', '007', '008', '009', '020']);

function rejectionOf(row: ReceivedRow, agreement: InterchangeAgreement | null, judgement: Judgement) {
  const { note } = judgement.ta1;
  const ends = `${row.sender_qualifier}:${row.sender_id} to ${row.receiver_qualifier}:${row.receiver_id}, ISA15 ${row.usage}`;
  if (!agreement && strangerNotes.has(note)) {
    const problem = `no agreement covers ${ends} (TA1 ${note}); set the partner up and replay it`;
    return { status: 'quarantined', exception: 'quarantine', problem } as const;
  }
  if (note === '025') {
    const problem = `its number ${row.control_number} was used before by other bytes (TA1 025)`;
    return { status: 'rejected', exception: 'duplicate-number', problem } as const;
  }
  return {
    status: 'rejected',
    exception: 'interchange-rejected',
    problem: `the envelope is at fault: TA1 ${note} (${ends})`,
  } as const;
}
