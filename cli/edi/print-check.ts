import { paint } from '../paint';
import type { CheckedFile, CheckedGroup, CheckedInterchange } from './check-result';

const verdicts: Readonly<Record<string, string>> = {
  A: 'accepted',
  E: 'accepted, errors noted',
  P: 'accepted in part',
  R: 'rejected',
};

/** The result for people: one line an interchange, group and set, findings under their set. */
export function printCheck(checked: CheckedFile): void {
  console.log(paint.bold(checked.file));
  if (checked.error !== undefined) console.log(paint.red(`  cannot be read: ${checked.error}`));
  for (const interchange of checked.interchanges) printInterchange(interchange);
}

/** What would be answered to one interchange. */
export function printInterchange(interchange: CheckedInterchange): void {
  const { ta1 } = interchange;
  const verdict = `TA1 ${ta1.code} ${ta1.note} ${verdicts[ta1.code] ?? ''}${interchange.duplicate ? ', a duplicate' : ''}`;
  console.log(
    `  interchange ${interchange.controlNumber}  ${interchange.sender} -> ${interchange.receiver}  ${mark(ta1.code, verdict)}`,
  );
  for (const deviation of interchange.deviations)
    console.log(paint.dim(`    deviation ${deviation.code}: ${deviation.text}`));
  for (const group of interchange.groups) printGroup(group);
}

function printGroup(group: CheckedGroup): void {
  const errors = group.errors.length > 0 ? ` AK905 ${group.errors.join(', ')}` : '';
  const verdict = `${group.ack} ${verdicts[group.ack] ?? ''}${errors}`;
  console.log(
    `    group ${group.functionalId} ${group.controlNumber} ${group.version}  ${mark(group.ack, verdict)}: ${group.accepted} of ${group.received} sets`,
  );
  for (const transaction of group.transactions) {
    const order =
      transaction.order === null
        ? ''
        : `  purchase order ${transaction.order.purchaseOrder}, ${transaction.order.lines} lines`;
    const notes = transaction.errors.length > 0 ? ` AK502 ${transaction.errors.join(', ')}` : '';
    console.log(
      `      ${transaction.set} ${transaction.controlNumber}  ${mark(transaction.ack, `${transaction.ack} ${verdicts[transaction.ack] ?? ''}${notes}`)}${order}`,
    );
    for (const finding of transaction.findings) {
      const element = finding.element === null ? '' : String(finding.element).padStart(2, '0');
      const code = `${finding.segmentError}${finding.elementError === null ? '' : `/${finding.elementError}`}`;
      const value = finding.value === '' ? '' : ` "${finding.value}"`;
      console.log(
        `        ${`${finding.segment}${element}`.padEnd(6)} segment ${String(finding.position).padStart(4)}  ${code.padEnd(5)} ${finding.text}${value}`,
      );
    }
  }
}

const mark = (code: string, text: string): string =>
  code === 'R' || code === 'P' ? paint.red(text) : code === 'E' ? paint.yellow(text) : paint.green(text);
