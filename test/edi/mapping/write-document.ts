import { Readable } from 'node:stream';
import { X12parser } from 'x12-parser';
import { nothingSeen } from '../../../edi/judge/agreement';
import { functionalIdOf } from '../../../edi/judge/functional-groups';
import { judgeArrival } from '../../../edi/judge/judge-interchange';
import type { Rendered } from '../../../edi/mapping/rendering';
import type { DocumentDraft } from '../../../edi/x12/model';
import { writeInterchange } from '../../../edi/x12/writer';

export const versions = ['004010', '005010'] as const;
export type Version = (typeof versions)[number];

export const separators = { element: '*', component: '>', repetition: '^', segment: '~' };

export function draftOf(rendered: Rendered): DocumentDraft {
  if (rendered.kind === 'refused') throw new Error(JSON.stringify(rendered.problems));
  return rendered.draft;
}

/** "where: text" of every reason why a document was not written. */
export function problemsOf(rendered: Rendered): string[] {
  return rendered.kind === 'rendered' ? [] : rendered.problems.map(({ where, text }) => `${where}: ${text}`);
}

/** Segments as one would read them in a file, without terminators. */
export function linesOf(rendered: Rendered): string[] {
  return draftOf(rendered).segments.map((segment) => segment.map(String).join('*').replace(/\*+$/, ''));
}

export function write(draft: DocumentDraft, version: Version): Buffer {
  const text = writeInterchange({
    envelope: {
      separators,
      isa: {
        senderQualifier: 'ZZ',
        senderId: 'ORDERHUB',
        receiverQualifier: 'ZZ',
        receiverId: 'NORTHBEND',
        date: '261121',
        time: '0930',
        version: version === '005010' ? '00501' : '00401',
        controlNumber: 7,
        usage: 'P',
        ackRequested: false,
      },
    },
    groups: [
      {
        functionalId: functionalIdOf(draft.set),
        senderCode: 'ORDERHUB',
        receiverCode: 'NORTHBEND',
        date: '20261121',
        time: '0930',
        controlNumber: 7,
        version,
        sets: [{ controlNumber: '0001', draft }],
      },
    ],
  });
  return Buffer.from(text, 'latin1');
}

/** What the hub itself would answer to its own document: nothing may be wrong with it. */
export function judged(bytes: Buffer): { ack: string | undefined; findings: string[] } {
  const { judgements } = judgeArrival(bytes, null, nothingSeen);
  const transactions = judgements.flatMap((one) => one.groups.flatMap((group) => group.transactions));
  return {
    ack: transactions[0]?.ack,
    findings: transactions.flatMap((one) => one.findings.map((finding) => finding.text)),
  };
}

/** The segments between ST and SE as an independent reader sees them. */
export async function readByOthers(bytes: Buffer): Promise<string[]> {
  const segments: string[] = [];
  const parser = new X12parser('latin1');
  for await (const segment of Readable.from([bytes]).pipe(parser)) {
    const { name, ...elements } = segment as Record<string, string>;
    const values: string[] = [];
    for (const [number, value] of Object.entries(elements)) values[Number(number) - 1] = value;
    segments.push([name, ...Array.from(values, (value) => value ?? '')].join('*').replace(/\*+$/, ''));
  }
  const first = segments.findIndex((segment) => segment.startsWith('ST*'));
  return segments.slice(
    first + 1,
    segments.findIndex((segment) => segment.startsWith('SE*')),
  );
}

/** Written, judged and read by an independent reader: the three must agree in every version. */
export async function expectRight(render: (version: Version) => Rendered): Promise<void> {
  for (const version of versions) {
    const rendered = render(version);
    const bytes = write(draftOf(rendered), version);
    expect({ version, ...judged(bytes) }).toEqual({ version, ack: 'A', findings: [] });
    expect(await readByOthers(bytes)).toEqual(linesOf(rendered));
  }
}
