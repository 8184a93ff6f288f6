import { answerTo } from '../../edi/judge/answer';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { writeInterchange } from '../../edi/x12/writer';
import { ArrivalNumbers } from './arrival-numbers';
import { readEdiFile } from './read-file';

/** `hub edi ack`: the interchanges with TA1 and 997 that would go back, one a line; numbers count from 1. */
export async function acknowledgeFile(file: string): Promise<0 | 1 | 2> {
  const read = await readEdiFile(file);
  const arrival = 'error' in read ? { interchanges: [], error: read.error } : readArrival(read.bytes);
  if (arrival.error !== null) {
    console.error(`${file}: ${arrival.error}`);
    return 2;
  }
  const now = new Date().toISOString();
  const numbers = new ArrivalNumbers();
  let rejected = false;
  let controlNumber = 1;
  let groupControlNumber = 1;
  for (const interchange of arrival.interchanges) {
    const judgement = judgeInterchange(interchange, null, numbers, { keepsDocuments: false });
    numbers.record(judgement);
    rejected ||=
      judgement.ta1.code === 'R' || judgement.groups.some((group) => group.ack === 'R' || group.ack === 'P');
    const stamp = {
      date: now.slice(0, 10).replaceAll('-', ''),
      time: now.slice(11, 16).replace(':', ''),
      controlNumber,
      groupControlNumber,
    };
    const answer = answerTo(judgement, stamp);
    if (answer === null) {
      console.error(`${file}: nothing is to be answered to interchange ${judgement.envelope.controlNumber}`);
      continue;
    }
    controlNumber += 1;
    groupControlNumber += answer.groups.length;
    process.stdout.write(`${writeInterchange(answer)}\n`);
  }
  return rejected ? 1 : 0;
}
