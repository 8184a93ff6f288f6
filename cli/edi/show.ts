import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { showInterchange } from '../../edi/show/show-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { paint } from '../paint';
import { ArrivalNumbers } from './arrival-numbers';
import { readEdiFile } from './read-file';

/** `hub edi show`: a file for people. */
export async function showFile(file: string): Promise<0 | 2> {
  const read = await readEdiFile(file);
  const arrival = 'error' in read ? { interchanges: [], error: read.error } : readArrival(read.bytes);
  if (arrival.error !== null) {
    console.error(`${file}: ${arrival.error}`);
    return 2;
  }
  const numbers = new ArrivalNumbers();
  for (const interchange of arrival.interchanges) {
    const judgement = judgeInterchange(interchange, null, numbers);
    numbers.record(judgement);
    for (const line of showInterchange(interchange, judgement, paint)) console.log(line);
  }
  return 0;
}
