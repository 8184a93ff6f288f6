import { type InterchangeToJudge, judgeInterchange } from '../../edi/judge/judge-interchange';
import type { JudgedGroup } from '../../edi/judge/judgement';
import { segmentLines } from '../../edi/show/show-text';
import { shownSegments } from '../../edi/show/shown-segments';
import { paint } from '../paint';
import { ArrivalNumbers, type InterchangeNumbers } from './arrival-numbers';
import { checkedGroup, checkedInterchange, checkedOrder, checkedTransaction } from './check-result';
import { type FoundInterchange, interchangesOf, UnreadableInput } from './edi-input';
import type { SpooledGroup } from './group-spool';
import { Output } from './output';
import { TextPrinter } from './print-check';

/** More than a person reads on a page; the rest is there with --all. */
const USUALLY_SHOWN = 3_000;

/** `hub edi show`: a file for people, one interchange in memory at a time. */
export async function showFile(file: string, options: { readonly all?: boolean }): Promise<0 | 2> {
  const numbers = new ArrivalNumbers(false);
  let left = options.all === true ? Number.POSITIVE_INFINITY : USUALLY_SHOWN;
  try {
    for await (const found of interchangesOf(file)) {
      left = await showInterchange(held(found), numbers.seenBy(found.hash), left);
      if (left > 0) continue;
      console.log(
        paint.yellow(
          `\nOnly the first ${USUALLY_SHOWN} segments are shown: --all shows the rest, hub edi check says what is wrong in it.`,
        ),
      );
      return 0;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    console.error(`${file}: ${error.message}`);
    return 2;
  }
}

/** People read one interchange at a time; it lies in memory while they do. */
function held({ interchange }: FoundInterchange): InterchangeToJudge & { readonly bytes: Uint8Array } {
  const { bytes } = interchange;
  return { ...interchange, bytes: bytes instanceof Uint8Array ? bytes : bytes.read(0, bytes.length) };
}

/** @returns how many segments may still be shown */
async function showInterchange(
  interchange: ReturnType<typeof held>,
  numbers: InterchangeNumbers,
  most: number,
): Promise<number> {
  const judgement = judgeInterchange(interchange, null, numbers);
  for (const group of judgement.groups) numbers.groupEnds(group);
  numbers.ends(judgement);
  for (const { code, text } of judgement.deviations) console.log(paint.yellow(`! ${code}: ${text}`));
  let left = most;
  if (judgement.separators === null) console.log(paint.red('! the separators cannot be read'));
  else
    for (const segment of shownSegments(interchange.bytes, judgement.separators, 0, judgement)) {
      if (left <= 0) break;
      left -= 1;
      await print(segmentLines(segment, paint));
    }
  console.log(paint.bold('\nWhat the hub answers'));
  const output = new Output('utf8');
  new TextPrinter(output).interchange(checkedInterchange(judgement), judgement.groups.map(shownGroup));
  output.add('\n');
  output.flush();
  return left;
}

function shownGroup(group: JudgedGroup): SpooledGroup {
  return {
    group: checkedGroup(group),
    transactions: () =>
      group.transactions.map((one) => ({
        transaction: checkedTransaction(one, () => []),
        order: checkedOrder(one),
      })),
    functionalAck: () => null,
  };
}

/** Waits for a pipe that is slower than we are, so that a large file does not pile up in memory. */
async function print(lines: readonly string[]): Promise<void> {
  if (process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
