import fc from 'fast-check';
import { X12Parser } from 'node-x12';
import { X12parser } from 'x12-parser';
import type { Separators } from '../../edi/x12/model';
import { SegmentScanner } from '../../edi/x12/scanner';
import { beg, interchange, set } from './interchange-text';

const separators: Separators = { element: '*', component: '>', repetition: null, segment: '~' };

/** Trailing empty elements say nothing; the readers keep or drop them as they like. */
const trimmed = (elements: string[]): string[] => {
  const kept = [...elements];
  while (kept.length > 1 && kept.at(-1) === '') kept.pop();
  return kept;
};

function ours(text: string): string[][] {
  const scanner = new SegmentScanner(Buffer.from(text, 'latin1'), separators, 0);
  const segments: string[][] = [];
  while (scanner.next()) {
    segments.push(
      trimmed([scanner.id, ...Array.from({ length: scanner.count }, (_, at) => scanner.text(at + 1))]),
    );
  }
  return segments;
}

async function x12Parser(text: string): Promise<string[][]> {
  const parser = new X12parser('latin1');
  parser.end(Buffer.from(text, 'latin1'));
  const segments: string[][] = [];
  for await (const segment of parser) {
    const { name, ...values } = segment as Record<string, string>;
    const elements: string[] = [];
    for (const [key, value] of Object.entries(values)) {
      const [at, component] = key.split('-').map(Number) as [number, number?];
      elements[at] = component === undefined ? value : `${elements[at]}>${value}`;
    }
    segments.push(trimmed([name as string, ...Array.from(elements, (value) => value ?? '').slice(1)]));
  }
  return segments;
}

function nodeX12(text: string): string[][] {
  const parsed = new X12Parser(true).parse(text) as unknown as {
    header: Line;
    trailer: Line;
    functionalGroups: {
      header: Line;
      trailer: Line;
      transactions: { header: Line; segments: Line[]; trailer: Line }[];
    }[];
  };
  const groups = parsed.functionalGroups.flatMap((group) => [
    group.header,
    ...group.transactions.flatMap(({ header, segments, trailer }) => [header, ...segments, trailer]),
    group.trailer,
  ]);
  return [parsed.header, ...groups, parsed.trailer].map(({ tag, elements }) =>
    trimmed([tag, ...elements.map(({ value }) => value)]),
  );
}
interface Line {
  readonly tag: string;
  readonly elements: readonly { readonly value: string }[];
}

/** Clean content that all three can hold: no leading or trailing blanks, no separators, no line breaks. */
const value = fc
  .array(
    fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-/#()+'.split('')),
    {
      maxLength: 20,
    },
  )
  .map((characters) => characters.join(''));
const body = fc
  .array(
    fc.tuple(
      fc.constantFrom('REF', 'MSG', 'PID', 'N1', 'PO1', 'DTM'),
      fc.array(value, { minLength: 1, maxLength: 12 }).filter((values) => values.at(-1) !== ''),
    ),
    { maxLength: 30 },
  )
  .map((segments) => beg + segments.map(([id, values]) => `${id}*${values.join('*')}~`).join(''));

describe('on clean input the tokenizer reads what other readers read', () => {
  test('x12-parser', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const bytes = interchange([set('850', text)]);
        // It trims the padding of ISA.
        const padded = ours(bytes).map((segment) => segment.map((element) => element.trim()));
        expect((await x12Parser(bytes)).map((segment) => segment.map((element) => element.trim()))).toEqual(
          padded,
        );
      }),
      { numRuns: 100 },
    );
  });

  test('node-x12', () => {
    fc.assert(
      fc.property(body, (text) => {
        const bytes = interchange([set('850', text)]);
        // It keeps the interchange's control number as a number.
        const plain = ours(bytes).map((segment) => segment.map((one) => (one === '000000001' ? '1' : one)));
        expect(nodeX12(bytes)).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });
});
