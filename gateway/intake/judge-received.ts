import { raiseException } from '../../application/raise-exception';
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
import { addSeconds } from '../../domain/shared/dates';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import type { Judgement } from '../../edi/judge/judgement';
import { type InterchangeAgreement, notExchanged, parseAgreement } from '../agreement';
import { scanEnvelope } from '../envelope-scan';
import { guidesInForce } from '../guides';
import { agreementView, viewOfStrangers } from './agreement-view';
import { mayCarry } from './receive-arrival';
import { type Seen, seenNumbers } from './seen-numbers';
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
  let agreements: readonly InterchangeAgreement[] | null = null;
  for (let judged = 0; judged < round.most; judged += 1) {
    const row = await oldestReceived(tx, named, round.reader.heldChunk);
    if (!row) return 'done';
    if (row.overtakes) return 'busy';
    if (judged > 0 && row.byte_length > SMALL_BYTES) break;
    round.current = row;
    agreements ??= (await agreementsBetween(tx, endsOf(row))).map(parseAgreement);
    await judgeOne(tx, row, { agreements, reader: round.reader }, clock());
    if (row.byte_length > SMALL_BYTES) break;
  }
  return 'more';
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
  row: WaitingRow,
  {
    agreements,
    reader,
  }: { readonly agreements: readonly InterchangeAgreement[]; readonly reader: ArrivalReader },
  now: string,
): Promise<void> {
  const refuse = (
    status: Rejection['status'],
    exception: string,
    problem: string,
    by: InterchangeAgreement | null = null,
  ) => storeRejection(tx, row, by, null, { status, exception, problem }, now);
  if (row.byte_length > INTERCHANGE_LIMIT_BYTES)
    return refuse('rejected', 'interchange-too-large', tooLarge(row));
  const bytes = await reader.read(tx, row, row.chunk);
  const { interchange, error } = interchangeIn(bytes, row);
  if (!interchange) return refuse('rejected', 'arrival-unreadable', error ?? 'no interchange was found');
  if (!mayCarry(row.allowed_isa_ids, row.sender_qualifier, row.sender_id)) {
    const problem = `it came by a door that may not carry ${row.sender_qualifier}:${row.sender_id}`;
    return refuse('quarantined', 'quarantine', problem);
  }
  const { bytes: interchangeBytes, header } = interchange;
  const scan = scanEnvelope(interchangeBytes, header.separators, header.length);
  const agreement = agreements.find(({ usage }) => usage === row.usage) ?? null;
  // One that covers at least the ends tells the judge that only ISA15 is wrong.
  const near = agreement ?? agreements[0] ?? null;
  const seen: Seen = agreement
    ? await seenNumbers(
        tx,
        agreement,
        { controlNumber: row.control_number, sha256: row.sha256, groupNumbers: scan.groupNumbers },
        now,
      )
    : { numbers: nothingSeen, holder: undefined };
  const shut = agreement && notExchanged(agreement);
  if (agreement && shut) {
    // Nobody is answered: whether the partner may send is for us to settle, and what it sent is not at fault.
    const problem = `${shut}; the interchange is kept: replay it when that is settled`;
    return refuse('quarantined', 'quarantine', problem, agreement);
  }
  const guides = near ? await guidesInForce(tx, near, now) : null;
  const view =
    near && guides ? agreementView(near, guides) : viewOfStrangers(row, await knownEnds(tx, endsOf(row)));
  const judgement = judgeInterchange(interchange, view, seen.numbers);
  if (agreement && judgement.duplicate && seen.holder) {
    await storeDuplicate(tx, row, agreement, judgement, seen.holder.interchange_id, now);
  } else if (!agreement || !guides || judgement.ta1.code === 'R') {
    await storeRejection(tx, row, near, judgement, rejectionOf(row, agreement, judgement), now);
  } else {
    // Where the bytes had to be joined before they could be read, places in them are none in the archive.
    const placed = !interchange.deviations.includes('wrapped');
    const judged: Judged = { row, agreement, guides, judgement, sets: scan.sets, placed };
    await storeJudgement(tx, judged, now);
  }
}

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
