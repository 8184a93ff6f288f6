import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import type { Guide } from '../../edi/guides/guide';
import type { AgreementView } from '../../edi/judge/agreement';
import { judgeWith } from '../../edi/judge/judge-interchange';
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
  const agreement = options.partner === undefined ? null : await readPartnerAgreement(options.partner);
  const guides = options.guide === undefined ? [] : await readGuides(options.guide);
  const output = new Output('utf8');
  const printer = options.json === true ? new JsonPrinter(output) : new TextPrinter(output);
  const spool = new GroupSpool((document) => furtherFindings(document, guides));
  const numbers = new ArrivalNumbers();
  let exit: CheckExit = 0;
  try {
    for (const file of files) {
      printer.fileBegins(file);
      const found = await checkFile(file, { agreement, numbers, spool, printer });
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
  readonly numbers: ArrivalNumbers;
  readonly spool: GroupSpool;
  readonly printer: JsonPrinter | TextPrinter;
}

/** @returns whether everything in the file is accepted, or why it cannot be read */
async function checkFile(
  file: string,
  { agreement, numbers, spool, printer }: Check,
): Promise<boolean | string> {
  let accepted = true;
  try {
    for await (const { interchange, hash } of interchangesOf(file)) {
      const seen = numbers.seenBy(hash);
      spool.begin(seen);
      const judged = judgeWith(spool, interchange, agreement, seen);
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

/** What is no matter of a 997: breaches of a guide that was named, and what the document says of itself and is not so. */
function furtherFindings(document: TransactionSet, guides: readonly Guide[]): readonly Finding[] {
  return [
    ...guides.flatMap((guide) => applyGuide(document, guide).map(({ finding }) => finding)),
    ...businessFindings(document).map(({ finding }) => finding),
  ];
}
