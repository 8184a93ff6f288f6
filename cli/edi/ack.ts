import { AnswerWriter, type TextSpool } from '../../edi/judge/answer';
import { judgeWith } from '../../edi/judge/judge-interchange';
import type { JudgeListener } from '../../edi/judge/judge-listener';
import { ArrivalNumbers, type InterchangeNumbers } from './arrival-numbers';
import { ByteSpool } from './byte-spool';
import { interchangesOf, UnreadableInput } from './edi-input';
import { Output } from './output';

const readBytes = 256 * 1024;

/** `hub edi ack`: the interchanges with TA1 and 997 that would go back, one a line; numbers count from 1. */
export async function acknowledgeFile(file: string): Promise<0 | 1 | 2> {
  const output = new Output('latin1');
  const spool = new ByteSpool();
  const numbers = new ArrivalNumbers(false);
  const now = new Date().toISOString();
  const moment = { date: now.slice(0, 10).replaceAll('-', ''), time: now.slice(11, 16).replace(':', '') };
  let accepted = true;
  let controlNumber = 1;
  let groupControlNumber = 1;
  try {
    for await (const { interchange, hash } of interchangesOf(file)) {
      spool.cutBackTo(0);
      const seen = numbers.seenBy(hash);
      const answer = new AnswerWriter(new AnswerText(spool), {
        ...moment,
        controlNumber,
        groupControlNumber,
      });
      const verdict = new Verdict(seen);
      const judged = judgeWith(both(answer, verdict), interchange, null, seen, { keepsDocuments: false });
      seen.ends(judged);
      accepted &&= judged.ta1.code !== 'R' && verdict.accepted;
      const frame = answer.finish(judged);
      if (frame === null) {
        output.flush();
        console.error(`${file}: nothing is to be answered to interchange ${judged.envelope.controlNumber}`);
        continue;
      }
      controlNumber += 1;
      groupControlNumber += frame.groups;
      output.add(frame.head);
      for (let at = 0; at < spool.length; at += readBytes)
        output.add(spool.read(at, at + readBytes).toString('latin1'));
      output.add(`${frame.tail}\n`);
    }
    return accepted ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    output.flush();
    console.error(`${file}: ${error.message}`);
    return 2;
  } finally {
    output.flush();
    spool.close();
  }
}

/** X12 in bytes: one for each character. */
class AnswerText implements TextSpool {
  private readonly bytes: ByteSpool;

  constructor(bytes: ByteSpool) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  add(text: string): void {
    this.bytes.add(Buffer.from(text, 'latin1'));
  }

  cutBackTo(length: number): void {
    this.bytes.cutBackTo(length);
  }
}

/** Whether every set is accepted; it also notes the groups' numbers. */
class Verdict {
  accepted = true;
  private readonly numbers: InterchangeNumbers;

  constructor(numbers: InterchangeNumbers) {
    this.numbers = numbers;
  }

  groupEnds(...[outcome]: Parameters<JudgeListener['groupEnds']>): void {
    if (outcome.ack === 'R' || outcome.ack === 'P') this.accepted = false;
    this.numbers.groupEnds(outcome);
  }
}

function both(answer: AnswerWriter, verdict: Verdict): JudgeListener {
  return {
    groupBegins: (group, ack) => answer.groupBegins(group, ack),
    transaction: () => answer.transaction(),
    acknowledgement: (segments) => answer.acknowledgement(segments),
    groupEnds: (outcome, answered) => {
      verdict.groupEnds(outcome, answered);
      answer.groupEnds(outcome, answered);
    },
  };
}
