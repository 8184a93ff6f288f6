import { Readable } from 'node:stream';
import { X12Parser } from 'node-x12';
import { X12parser } from 'x12-parser';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange, judgeWith } from '../../edi/judge/judge-interchange';
import { GroupCollector } from '../../edi/judge/judge-listener';
import type { JudgedTransaction } from '../../edi/judge/judgement';
import { mapPurchaseOrder } from '../../edi/mapping/purchase-order';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';
import type { Separators } from '../../edi/x12/model';
import { SegmentScanner } from '../../edi/x12/scanner';

export interface Measured {
  readonly milliseconds: number;
  readonly megabytesPerSecond: number;
  readonly peakMegabytes: number;
}

type Work = (bytes: Buffer) => number | Promise<number>;

const measuredRuns = 3;

/** Runs the work once to warm up, then tells the median of some; what was counted is looked at, so that it is done. */
function timed(work: Work): (bytes: Buffer) => Promise<Measured> {
  return async (bytes) => {
    await work(bytes);
    const runs: number[] = [];
    for (let run = 0; run < measuredRuns; run += 1) {
      const start = performance.now();
      if ((await work(bytes)) === 0) throw new Error('nothing was read');
      runs.push(performance.now() - start);
    }
    const milliseconds = runs.sort((one, other) => one - other)[Math.floor(measuredRuns / 2)] as number;
    return {
      milliseconds,
      megabytesPerSecond: bytes.length / 1e6 / (milliseconds / 1000),
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  };
}

const first = (bytes: Buffer): ArrivedInterchange => readArrival(bytes).interchanges[0] as ArrivedInterchange;

/** Every element of every segment as a string, as the readers beside it give them. */
function segments(bytes: Buffer): number {
  const { header } = first(bytes);
  const scanner = new SegmentScanner(bytes, header.separators as Separators, 0);
  let characters = 0;
  while (scanner.next()) {
    characters += scanner.id.length;
    for (let at = 1; at <= scanner.count; at += 1) characters += scanner.text(at).length;
  }
  return characters;
}

function judged(bytes: Buffer): number {
  const judgement = judgeInterchange(first(bytes), null, nothingSeen, { keepsDocuments: false });
  const [group] = judgement.groups;
  if (group?.ack !== 'A' || group.functionalAck === null) throw new Error('not accepted');
  return group.accepted;
}

/** Lets go of each order once it is counted, as whoever reads a large interchange does. */
class LineCounter extends GroupCollector {
  lines = 0;

  override transaction(transaction: JudgedTransaction): void {
    if (transaction.document === null) return;
    const context = { usage: 'P', entityId: '', customerId: '', partnerId: '' } as const;
    const order = mapPurchaseOrder(transaction.document, context);
    if (order.kind === 'order') this.lines += order.request.lines.length;
  }
}

function mapped(bytes: Buffer): number {
  const counter = new LineCounter();
  judgeWith(counter, first(bytes), null, nothingSeen);
  const [group] = counter.groups;
  if (group?.ack !== 'A' || group.functionalAck === null) throw new Error('not accepted');
  return counter.lines;
}

async function streamed(parser: NodeJS.ReadWriteStream, bytes: Buffer): Promise<number> {
  let count = 0;
  const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, at) =>
    bytes.subarray(at * 65_536, (at + 1) * 65_536),
  );
  for await (const _ of Readable.from(chunks).pipe(parser)) count += 1;
  return count;
}

function splitTwice(bytes: Buffer): number {
  let count = 0;
  for (const segment of bytes.toString('latin1').split('~')) count += segment.split('*').length;
  return count;
}

export const readers: Readonly<Record<string, (bytes: Buffer, file: string) => Promise<Measured>>> = {
  segments: timed(segments),
  validated: timed(judged),
  mapped: timed(mapped),
  'x12-parser': timed((bytes) => streamed(new X12parser() as unknown as NodeJS.ReadWriteStream, bytes)),
  'node-x12-stream': timed((bytes) => streamed(new X12Parser() as unknown as NodeJS.ReadWriteStream, bytes)),
  'node-x12-parse': timed((bytes) => {
    const parsed = new X12Parser().parse(bytes.toString('latin1'));
    return Object.keys(parsed).length;
  }),
  'split-limit': timed(splitTwice),
  large: timed(mapped),
};
