import { businessFindings } from '../../edi/business/business-findings';
import { applyGuide } from '../../edi/guides/apply-guide';
import type { Guide } from '../../edi/guides/guide';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { ArrivalNumbers } from './arrival-numbers';
import { type CheckedFile, checkedInterchange, isAccepted } from './check-result';
import { readPartnerAgreement } from './partner-agreement';
import { printCheck } from './print-check';
import { readEdiFile } from './read-file';
import { readGuides } from './read-guide';

/** 0 everything is accepted, 1 something is rejected, 2 a file cannot be read at all. */
export type CheckExit = 0 | 1 | 2;

/** `hub edi check`: what the hub would answer. Files named together are one arrival. */
export async function checkFiles(
  files: readonly string[],
  options: { readonly guide?: string; readonly partner?: string; readonly json?: boolean },
): Promise<CheckExit> {
  const guides = options.guide === undefined ? [] : await readGuides(options.guide);
  const agreement = options.partner === undefined ? null : await readPartnerAgreement(options.partner);
  const numbers = new ArrivalNumbers();
  let exit: CheckExit = 0;
  for (const file of files) {
    const checked = await checkFile(file, numbers, agreement, guides);
    if (checked.error !== undefined) exit = 2;
    else if (exit === 0 && !checked.interchanges.every(isAccepted)) exit = 1;
    if (options.json === true) process.stdout.write(`${JSON.stringify(checked)}\n`);
    else printCheck(checked);
  }
  return exit;
}

async function checkFile(
  file: string,
  numbers: ArrivalNumbers,
  agreement: Parameters<typeof judgeInterchange>[1],
  guides: readonly Guide[],
): Promise<CheckedFile> {
  const read = await readEdiFile(file);
  if ('error' in read) return { file, interchanges: [], error: read.error };
  const arrival = readArrival(read.bytes);
  if (arrival.error !== null) return { file, interchanges: [], error: arrival.error };
  const interchanges = arrival.interchanges.map((interchange) => {
    const judgement = judgeInterchange(interchange, agreement, numbers);
    numbers.record(judgement);
    return checkedInterchange(judgement, (document) => [
      ...guides.flatMap((guide) => applyGuide(document, guide).map(({ finding }) => finding)),
      ...businessFindings(document).map(({ finding }) => finding),
    ]);
  });
  return { file, interchanges };
}
