import fc from 'fast-check';
import { readIsa } from '../../edi/x12/isa';

/** What happens to a file on its way, or is done to it on purpose. */
export type Mutation = (bytes: Buffer) => Buffer;

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const pick = <Value>(values: readonly Value[], where: number): Value =>
  values[Math.floor(where * values.length)] as Value;
const at = (bytes: Buffer, where: number): number => Math.floor(where * bytes.length);
const splice = (bytes: Buffer, from: number, to: number, between: string): Buffer =>
  Buffer.concat([bytes.subarray(0, from), Buffer.from(between, 'latin1'), bytes.subarray(to)]);

/** The segments of a file as texts, and what they were separated by; a file without a header has its usual ones. */
function taken(bytes: Buffer): {
  readonly segments: string[];
  readonly element: string;
  readonly end: string;
} {
  const isa = bytes.indexOf('ISA');
  const separators = isa < 0 ? null : readIsa(bytes, isa).separators;
  const end = separators?.segment || '~';
  return { segments: bytes.toString('latin1').split(end), element: separators?.element || '*', end };
}

/** Changes the segments of a file as a person with an editor would. */
function segments(change: (segments: string[], element: string) => string[]): Mutation {
  return (bytes) => {
    const { segments: all, element, end } = taken(bytes);
    return Buffer.from(change(all, element).join(end), 'latin1');
  };
}

/** One element of one segment. */
function element(where: number, which: number, change: (value: string) => string): Mutation {
  return segments((all, separator) => {
    const index = Math.floor(where * all.length);
    const parts = (all[index] ?? '').split(separator);
    const n = Math.floor(which * (parts.length + 1));
    while (parts.length <= n) parts.push('');
    parts[n] = change(parts[n] as string);
    return all.with(index, parts.join(separator));
  });
}

const hostileTexts = [
  '~',
  '*',
  '>',
  '^',
  '~~',
  '\r\n',
  ' ',
  '\x00',
  '\x1a',
  'ISA*',
  'IEA*',
  'GS*',
  'SE*1*0001~',
  'ST*850*1~',
  'LS*LDT~',
  'BIN*99999999*',
  '-',
  '9'.repeat(30),
  'é',
  '\xff',
];

const values = [
  '',
  ' ',
  '0',
  '-1',
  '.',
  '1.2.3',
  '1E99',
  `1${'0'.repeat(30)}`,
  '20261332',
  '2400',
  'ZZ',
  'A'.repeat(120),
  '>',
  'a>b>c',
  '^',
  'x^y',
  '\x07',
  'É',
  '999999999',
  '850',
  '997',
  '005010',
  '003040',
  '004010VICS',
  '009999',
];

const bytewise = fc.oneof(
  fc.tuple(share, fc.nat({ max: 255 })).map(
    ([where, byte]): Mutation =>
      (bytes) =>
        bytes.length === 0
          ? bytes
          : splice(bytes, at(bytes, where), at(bytes, where) + 1, String.fromCharCode(byte)),
  ),
  share.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  fc.tuple(share, fc.nat({ max: 40 })).map(
    ([where, length]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), Math.min(bytes.length, at(bytes, where) + length), ''),
  ),
  fc.tuple(share, fc.constantFrom(...hostileTexts)).map(
    ([where, text]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), at(bytes, where), text),
  ),
);

const structured = fc.oneof(
  fc
    .tuple(share, share, fc.constantFrom(...values))
    .map(([where, which, value]) => element(where, which, () => value)),
  fc
    .tuple(share, share, fc.nat({ max: 9 }))
    .map(([where, which, digit]) =>
      element(where, which, (value) => (/^\d+$/.test(value) ? value.slice(0, -1) + digit : value + digit)),
    ),
  // A segment is left out, comes twice, comes somewhere else, or several change places.
  share.map((where) => segments((all) => all.toSpliced(Math.floor(where * all.length), 1))),
  fc
    .tuple(share, share)
    .map(([from, to]) => segments((all) => all.toSpliced(Math.floor(to * all.length), 0, pick(all, from)))),
  fc.tuple(share, fc.integer({ min: 2, max: 6 })).map(([where, length]) =>
    segments((all) => {
      const from = Math.floor(where * all.length);
      return all.toSpliced(from, length, ...all.slice(from, from + length).reverse());
    }),
  ),
  // Part of the file again: a set, a group, a run of lines.
  fc.tuple(share, share).map(([one, other]) =>
    segments((all) => {
      const from = Math.floor(Math.min(one, other) * all.length);
      const to = Math.floor(Math.max(one, other) * all.length);
      return all.toSpliced(to, 0, ...all.slice(from, to));
    }),
  ),
  fc.tuple(fc.nat({ max: 15 }), fc.constantFrom(...values)).map(([which, value]) =>
    segments((all, separator) => {
      const parts = (all[0] ?? '').split(separator);
      if (parts.length > which + 1) parts[which + 1] = value.padEnd((parts[which + 1] as string).length);
      return all.with(0, parts.join(separator));
    }),
  ),
);

/** Other separators all over, legal or not: as if the sender had always used them. */
const separated = fc
  .tuple(
    fc.constantFrom('*', '|', '^', '\x1d', 'A', ' ', '~'),
    fc.constantFrom('~', '\n', '\r\n', '!', '|', '\x1c', ' '),
  )
  .map(
    ([separator, terminator]): Mutation =>
      (bytes) => {
        const { segments: all, element: old } = taken(bytes);
        return Buffer.from(all.map((one) => one.replaceAll(old, separator)).join(terminator), 'latin1');
      },
  );

const whole = fc.oneof(
  fc.constant<Mutation>((bytes) => Buffer.concat([bytes, bytes])),
  fc.constant<Mutation>((bytes) => Buffer.concat([Buffer.from('\xef\xbb\xbf', 'latin1'), bytes])),
  fc.integer({ min: 20, max: 120 }).map(
    (width): Mutation =>
      (bytes) =>
        Buffer.from(bytes.toString('latin1').replace(new RegExp(`.{${width}}`, 'gs'), '$&\r\n'), 'latin1'),
  ),
);

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: bytewise, weight: 4 },
  { arbitrary: structured, weight: 8 },
  { arbitrary: separated, weight: 1 },
  { arbitrary: whole, weight: 1 },
);
