import { applyGuide, type Guide, guideSchema } from '../../edi/guides/guide';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { ArrivalNumbers } from './arrival-numbers';
import { type CheckedFile, checkedInterchange, isAccepted } from './check-result';
import { readPartnerAgreement } from './partner-agreement';
import { printCheck } from './print-check';
import { readEdiFile } from './read-file';

/** 0 everything is accepted, 1 something is rejected, 2 a file cannot be read at all. */
export type CheckExit = 0 | 1 | 2;

/** `hub edi check`: what the hub would answer. Files named together are one arrival. */
export async function checkFiles(
  files: readonly string[],
  options: { readonly guide?: string; readonly partner?: string; readonly json?: boolean },
): Promise<CheckExit> {
  const guide = options.guide === undefined ? null : await readGuide(options.guide);
  const agreement = options.partner === undefined ? null : await readPartnerAgreement(options.partner);
  const numbers = new ArrivalNumbers();
  let exit: CheckExit = 0;
  for (const file of files) {
    const checked = await checkFile(file, numbers, agreement, guide);
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
  guide: Guide | null,
): Promise<CheckedFile> {
  const read = await readEdiFile(file);
  if ('error' in read) return { file, interchanges: [], error: read.error };
  const arrival = readArrival(read.bytes);
  if (arrival.error !== null) return { file, interchanges: [], error: arrival.error };
  const interchanges = arrival.interchanges.map((interchange) => {
    const judgement = judgeInterchange(interchange, agreement, numbers);
    numbers.record(judgement);
    return checkedInterchange(judgement, (document) => (guide === null ? [] : applyGuide(document, guide)));
  });
  return { file, interchanges };
}

async function readGuide(path: string): Promise<Guide> {
  const read = await readEdiFile(path);
  if ('error' in read) throw new Error(`The guide ${path}: ${read.error}`);
  const parsed = guideSchema.safeParse(JSON.parse(Buffer.from(read.bytes).toString('utf8')));
  if (!parsed.success) {
    const problems = parsed.error.issues
      .map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
      .join('\n');
    throw new Error(`The guide ${path} is not right:\n${problems}`);
  }
  return parsed.data;
}
