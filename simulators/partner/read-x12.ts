import { X12Parser as NodeX12 } from 'node-x12';
import { X12parser } from 'x12-parser';

/** A segment as x12-parser gives it: the value of an element, or '' where there is none. */
export class ReadSegment {
  readonly id: string;
  readonly #values: Readonly<Record<string, string>>;
  constructor(values: Readonly<Record<string, string>>) {
    this.id = values['name'] ?? '';
    this.#values = values;
  }
  at(element: number): string {
    return this.#values[String(element)] ?? '';
  }
  /** As one text, components put together again; empty elements at the end say nothing. */
  line(component: string): string {
    const elements: string[] = [this.id];
    for (const [key, value] of Object.entries(this.#values)) {
      if (key === 'name') continue;
      const [element = 0, part] = key.split('-').map(Number);
      elements[element] =
        part === undefined ? value : [elements[element], value].filter(Boolean).join(component);
    }
    return saying(Array.from(elements, (value) => value ?? ''));
  }
}

/** Readers trim padding, and keep or drop what is empty at the end. */
const saying = (elements: readonly string[]): string =>
  elements
    .map((element) => element.trim())
    .join('*')
    .replace(/\*+$/, '');

export interface ReadSet {
  readonly set: string;
  readonly controlNumber: string;
  readonly segments: readonly ReadSegment[];
}
export interface ReadGroup {
  readonly functionalId: string;
  readonly controlNumber: string;
  readonly version: string;
  readonly sets: readonly ReadSet[];
}
export interface ReadInterchange {
  readonly controlNumber: string;
  readonly sender: string;
  readonly receiver: string;
  readonly usage: string;
  readonly ta1: readonly ReadSegment[];
  readonly groups: readonly ReadGroup[];
  /** What is wrong with the envelopes; empty when all is right. */
  readonly problems: readonly string[];
}

/** Reads one interchange with x12-parser, holds its counts and numbers against each other, and its values against node-x12's. */
export async function readInterchange(bytes: Buffer): Promise<ReadInterchange> {
  const segments = await segmentsOf(bytes);
  const problems: string[] = [];
  const expect = (holds: boolean, text: string) => void (holds || problems.push(text));
  const isa = segments[0] ?? new ReadSegment({});
  const iea = segments.at(-1) ?? isa;
  expect(isa.id === 'ISA' && iea.id === 'IEA', 'it does not go from ISA to IEA');
  const groups = groupsOf(segments, expect);
  expect(iea.at(2) === isa.at(13), `IEA02 ${iea.at(2)} is not ISA13 ${isa.at(13)}`);
  expect(Number(iea.at(1)) === groups.length, `IEA01 ${iea.at(1)} counts ${groups.length} groups`);
  problems.push(...readOtherwise(bytes, segments, isa.at(16)));
  return {
    controlNumber: isa.at(13),
    sender: `${isa.at(5)}:${isa.at(6).trim()}`,
    receiver: `${isa.at(7)}:${isa.at(8).trim()}`,
    usage: isa.at(15),
    ta1: segments.filter((segment) => segment.id === 'TA1'),
    groups,
    problems,
  };
}

async function segmentsOf(bytes: Buffer): Promise<readonly ReadSegment[]> {
  const parser = new X12parser();
  parser.end(bytes);
  const segments: ReadSegment[] = [];
  for await (const segment of parser)
    segments.push(new ReadSegment(segment as Readonly<Record<string, string>>));
  return segments;
}

interface NodeX12Segment {
  readonly tag: string;
  readonly elements: readonly { readonly value: string }[];
}
interface NodeX12Interchange {
  readonly functionalGroups: readonly {
    readonly transactions: readonly { readonly segments: readonly NodeX12Segment[] }[];
  }[];
}

/** What node-x12 reads otherwise in the sets; of envelopes it makes numbers of its own. */
function readOtherwise(
  bytes: Buffer,
  segments: readonly ReadSegment[],
  component: string,
): readonly string[] {
  const parsed = new NodeX12(true).parse(bytes.toString('utf8')) as unknown as NodeX12Interchange;
  const theirs = parsed.functionalGroups.flatMap(({ transactions }) =>
    transactions.flatMap((one) =>
      one.segments.map(({ tag, elements }) => saying([tag, ...elements.map(({ value }) => value)])),
    ),
  );
  const envelopes = new Set(['ISA', 'TA1', 'GS', 'ST', 'SE', 'GE', 'IEA']);
  const ours = segments.filter(({ id }) => !envelopes.has(id)).map((segment) => segment.line(component));
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0 && ours.length === theirs.length) return [];
  const place = at < 0 ? ours.length : at;
  return [`two readers read it differently: "${ours[place] ?? ''}" and "${theirs[place] ?? ''}"`];
}

type Expect = (holds: boolean, text: string) => void;

function groupsOf(segments: readonly ReadSegment[], expect: Expect): readonly ReadGroup[] {
  const groups: ReadGroup[] = [];
  for (let at = 0; at < segments.length; at += 1) {
    const gs = segments[at] as ReadSegment;
    if (gs.id !== 'GS') continue;
    const end = segments.findIndex((one, index) => index > at && one.id === 'GE');
    const inner = segments.slice(at + 1, end < 0 ? segments.length : end);
    const ge = segments[end];
    const sets = setsOf(inner, expect);
    expect(ge?.at(2) === gs.at(6), `GE02 ${ge?.at(2)} is not GS06 ${gs.at(6)}`);
    expect(Number(ge?.at(1)) === sets.length, `GE01 ${ge?.at(1)} counts ${sets.length} sets`);
    groups.push({ functionalId: gs.at(1), controlNumber: gs.at(6), version: gs.at(8), sets });
  }
  return groups;
}

function setsOf(segments: readonly ReadSegment[], expect: Expect): readonly ReadSet[] {
  const sets: ReadSet[] = [];
  for (let at = 0; at < segments.length; at += 1) {
    const st = segments[at] as ReadSegment;
    if (st.id !== 'ST') continue;
    const end = segments.findIndex((one, index) => index > at && one.id === 'SE');
    const se = segments[end];
    const inner = segments.slice(at + 1, end < 0 ? segments.length : end);
    expect(se?.at(2) === st.at(2), `SE02 ${se?.at(2)} is not ST02 ${st.at(2)}`);
    expect(Number(se?.at(1)) === inner.length + 2, `SE01 ${se?.at(1)} counts ${inner.length + 2} segments`);
    sets.push({ set: st.at(1), controlNumber: st.at(2), segments: inner });
  }
  return sets;
}
