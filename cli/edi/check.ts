import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide, isAcknowledged } from '../../edi/guides/apply-guide';
import type { Guide } from '../../edi/guides/guide';
import { separatorBreaches } from '../../edi/guides/separator-breaches';
import type { AgreementView } from '../../edi/judge/agreement';
import { envelopeValues } from '../../edi/judge/envelope';
import { type InterchangeToJudge, judgeWith } from '../../edi/judge/judge-interchange';
import type { Finding } from '../../edi/validate/finding';
import type { TransactionSet } from '../../edi/x12/model';
import { ArrivalNumbers } from './arrival-numbers';
import { checkedInterchange } from './check-result';
import { interchangesOf, UnreadableInput } from './edi-input';
import { GroupSpool } from './group-spool';
import { Output } from './output';
import { readPartnerAgreement } from './partner-agreement';
import { JsonPrinter, TextPrinter } from './print-check';
import { readGuides } from './read-guide';

/** 0 everything is accepted, 1 something is rejected, 2 a file cannot be read at all. */
export type CheckExit = 0 | 1 | 2;

export interface CheckOptions {
  readonly guide?: string;
  readonly partner?: string;
  readonly json?: boolean;
}

/** `hub edi check`: what the hub would answer. Files named together are one arrival. */
export async function checkFiles(files: readonly string[], options: CheckOptions): Promise<CheckExit> {
  const partner = options.partner === undefined ? null : await readPartnerAgreement(options.partner);
  const agreement = partner?.view ?? null;
  const guides = options.guide === undefined ? (partner?.guides ?? []) : await readGuides(options.guide);
  const output = new Output('utf8');
  const printer = options.json === true ? new JsonPrinter(output) : new TextPrinter(output);
  const spool = new GroupSpool((document) => furtherFindings(document, guides));
  const numbers = new ArrivalNumbers(agreement !== null);
  let exit: CheckExit = 0;
  try {
    for (const file of files) {
      printer.fileBegins(file);
      const found = await checkFile(file, { agreement, guides, numbers, spool, printer });
      if (typeof found === 'string') exit = 2;
      else if (exit === 0 && !found) exit = 1;
      printer.fileEnds(typeof found === 'string' ? found : null);
      output.flush();
    }
  } finally {
    spool.close();
  }
  return exit;
}

interface Check {
  readonly agreement: AgreementView | null;
  readonly guides: readonly Guide[];
  readonly numbers: ArrivalNumbers;
  readonly spool: GroupSpool;
  readonly printer: JsonPrinter | TextPrinter;
}

/** @returns whether everything in the file is accepted, or why it cannot be read */
async function checkFile(
  file: string,
  { agreement, guides, numbers, spool, printer }: Check,
): Promise<boolean | string> {
  let accepted = true;
  try {
    for await (const { interchange, hash } of interchangesOf(file)) {
      const seen = numbers.seenBy(hash);
      spool.begin(seen);
      const judged = judgeWith(spool, interchange, withGuides(agreement, guides, interchange), seen);
      seen.ends(judged);
      const rejected = judged.ta1.code === 'R';
      accepted &&= !rejected && spool.accepted;
      printer.interchange(checkedInterchange(judged), rejected ? [] : spool.read());
    }
    return accepted;
  } catch (error) {
    if (error instanceof UnreadableInput) return error.message;
    throw error;
  }
}

/** Guides that make their breaches the acknowledgement's matter are judged with; without an agreement, for whoever it is from. */
function withGuides(
  agreement: AgreementView | null,
  guides: readonly Guide[],
  interchange: InterchangeToJudge,
): AgreementView | null {
  const judging = guides.filter(({ acknowledgement }) => acknowledgement.breaches === 'acknowledge');
  if (judging.length === 0) return agreement;
  return {
    ...(agreement ?? viewOfAnybody(interchange)),
    ...(judging.some(({ acknowledgement }) => acknowledgement.form === '999') && { functionalAck: '999' }),
    guideBreaches: 'acknowledge',
    guideFindings: (document) =>
      judging.flatMap((guide) =>
        applyGuide(document, guide)
          .filter((breach) => isAcknowledged(breach, guide))
          .map(({ finding }) => finding),
      ),
  };
}

function viewOfAnybody({ header }: InterchangeToJudge): AgreementView {
  const values = envelopeValues(header.elements);
  return {
    ownIds: [`${values.receiverQualifier}:${values.receiverId}`],
    partnerIds: [`${values.senderQualifier}:${values.senderId}`],
    usage: values.usage === 'T' ? 'T' : 'P',
    ta1: 'on-request',
    ackDetail: 'all',
    functionalAck: '997',
    tolerated: new Set(),
    leniency: {},
  };
}

/** What is no matter of a 997: breaches of a guide that was named, and what the document says of itself and is not so. */
function furtherFindings(document: TransactionSet, guides: readonly Guide[]): readonly Finding[] {
  return [
    ...guides.flatMap((guide) =>
      [...separatorBreaches(document, guide), ...applyGuide(document, guide)]
        .filter((breach) => !isAcknowledged(breach, guide))
        .map(({ finding }) => finding),
    ),
    ...businessFindings(document).map(({ finding }) => finding),
  ];
}
