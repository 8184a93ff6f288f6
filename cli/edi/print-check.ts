import { codeName } from '../../edi/show/names';
import { paint } from '../paint';
import type { CheckedGroup, CheckedInterchange, CheckedOrder, CheckedTransaction } from './check-result';
import type { SpooledGroup } from './group-spool';
import type { Output } from './output';

/** One object a file on a line of its own, written as it becomes known. */
export class JsonPrinter {
  private readonly output: Output;
  private interchanges = 0;

  constructor(output: Output) {
    this.output = output;
  }

  fileBegins(file: string): void {
    this.interchanges = 0;
    this.add(`{"file":${JSON.stringify(file)},"interchanges":[`);
  }

  interchange(checked: CheckedInterchange, groups: Iterable<SpooledGroup>): void {
    if (this.interchanges > 0) this.add(',');
    this.interchanges += 1;
    this.add(`${open(shape(checked))},"groups":[`);
    let count = 0;
    for (const group of groups) {
      this.add(`${count > 0 ? ',' : ''}${open(group.group)},"transactions":[`);
      count += 1;
      let at = 0;
      for (const { transaction, order } of group.transactions()) {
        this.add(`${at > 0 ? ',' : ''}${JSON.stringify({ ...transaction, order })}`);
        at += 1;
      }
      this.add('],"functionalAck":');
      const pieces = group.functionalAck();
      if (pieces === null) this.add('null}');
      else {
        this.add('"');
        for (const piece of pieces) this.add(JSON.stringify(piece).slice(1, -1));
        this.add('"}');
      }
    }
    this.add(']}');
  }

  fileEnds(error: string | null): void {
    this.add(error === null ? ']}\n' : `],"error":${JSON.stringify(error)}}\n`);
  }

  /** Many readers of lines take these for the end of one; only texts can hold them. */
  private add(json: string): void {
    this.output.add(
      json.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
  }
}

/** What became of a deviation is for people; the shape names it and says what it is. */
const shape = (checked: CheckedInterchange): object => ({
  ...checked,
  deviations: checked.deviations.map(({ code, text }) => ({ code, text })),
});

/** An object's text without its last brace. */
const open = (value: object): string => JSON.stringify(value).slice(0, -1);

const verdicts: Readonly<Record<string, string>> = {
  A: 'accepted',
  E: 'accepted, errors noted',
  P: 'accepted in part',
  R: 'rejected',
};

/** The result for people: one line an interchange, group and set, findings under their set. */
export class TextPrinter {
  private readonly output: Output;

  constructor(output: Output) {
    this.output = output;
  }

  fileBegins(file: string): void {
    this.line(paint.bold(shown(file)));
  }

  interchange(checked: CheckedInterchange, groups: Iterable<SpooledGroup>): void {
    const { ta1, duplicate } = checked;
    const why = ta1.note === '000' ? '' : `: ${codeName('I18', ta1.note) ?? ''}`;
    const verdict = `TA1 ${ta1.code} ${ta1.note} ${verdicts[ta1.code] ?? ''}${why}${duplicate ? ', a duplicate' : ''}`;
    this.line(
      `  interchange ${shown(checked.controlNumber)}  ${shown(checked.sender)} -> ${shown(checked.receiver)}  ${mark(ta1.code, verdict)}`,
    );
    for (const { code, text, policy } of checked.deviations) {
      const said = `    deviation ${code} (${policy}): ${text}`;
      this.line(policy === 'accept' ? paint.dim(said) : paint.yellow(said));
    }
    for (const one of groups) {
      this.group(one.group);
      for (const { transaction, order } of one.transactions()) this.transaction(transaction, order);
      for (const _ of one.functionalAck() ?? []);
    }
  }

  fileEnds(error: string | null): void {
    if (error !== null) this.line(paint.red(`  cannot be read: ${error}`));
  }

  private group(group: CheckedGroup): void {
    const verdict = `${group.ack} ${verdicts[group.ack] ?? ''}${named('AK905', '716', group.errors)}`;
    this.line(
      `    group ${shown(group.functionalId)} ${shown(group.controlNumber)} ${shown(group.version)}  ${mark(group.ack, verdict)}: ${group.accepted} of ${group.received} sets`,
    );
  }

  private transaction(transaction: CheckedTransaction, order: CheckedOrder): void {
    const about =
      order === null ? '' : `  purchase order ${shown(order.purchaseOrder)}, ${order.lines} lines`;
    const verdict = `${transaction.ack} ${verdicts[transaction.ack] ?? ''}${named('AK502', '718', transaction.errors)}`;
    this.line(
      `      ${shown(transaction.set)} ${shown(transaction.controlNumber)}  ${mark(transaction.ack, verdict)}${about}`,
    );
    for (const finding of transaction.findings) {
      const element = finding.element === null ? '' : String(finding.element).padStart(2, '0');
      const code = `${finding.segmentError}${finding.elementError === null ? '' : `/${finding.elementError}`}`;
      this.line(
        `        ${`${shown(finding.segment)}${element}`.padEnd(6)} segment ${String(finding.position).padStart(4)}  ${code.padEnd(5)} ${shown(finding.text)}`,
      );
    }
  }

  private line(text: string): void {
    this.output.add(`${text}\n`);
  }
}

/** ` AK905 4 (...), 5 (...)`: each code with its name; nothing where there is none. */
function named(place: string, element: string, codes: readonly string[]): string {
  if (codes.length === 0) return '';
  return ` ${place} ${codes.map((code) => `${code} (${codeName(element, code) ?? '?'})`).join(', ')}`;
}

/** What a partner sent must not steer the terminal. */
const shown = (text: string): string => text.replace(/\p{Cc}/gu, '\u00b7').slice(0, 300);

const mark = (code: string, text: string): string =>
  code === 'R' || code === 'P' ? paint.red(text) : code === 'E' ? paint.yellow(text) : paint.green(text);
