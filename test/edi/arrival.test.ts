import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArrival } from '../../edi/x12/arrival';
import { deviationRules } from '../../edi/x12/deviation';
import { beg, firstGroup, firstSet, interchange, judge, po1, set } from './interchange-text';

const clean = interchange([set('850', beg + po1)]);
const shortIsa = clean.replace(/ {4,}/g, ' ');
const longNote = `N9*L1*NOTE~MSG*${'deliver to the dock behind the hall, '.repeat(4)}now~`;
const withLongNote = interchange([set('850', beg + po1 + longNote)]);
const withLongNotes = interchange([set('850', beg + po1 + longNote + longNote)]);
/** Every segment on lines of its own, of 80 columns at most; ISA stays whole. */
const wrapLong = (text: string): string =>
  text
    .split('~')
    .map((segment) => (segment.startsWith('ISA') ? segment : segment.replace(/.{80}(?=.)/g, '$&\n')))
    .join('~\n');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const deviationsOf = (text: string | Uint8Array): string[] => judge(text).deviations.map(({ code }) => code);

describe('what partners really send is read, and each deviation recorded', () => {
  test.each([
    ['a byte-order mark', `\xef\xbb\xbf${clean}`, ['bom']],
    ['blanks before ISA', `\r\n\r\n  ${clean}`, ['blanks']],
    ['other data before ISA', `Content-Type: x\r\n\r\n${clean}`, ['leading-data']],
    ['other data after IEA', `${clean}\r\nEND OF FILE`, ['trailing-data']],
    ['line breaks after terminators', clean.replaceAll('~', '~\r\n'), []],
    ['blank lines between segments', clean.replaceAll('~', '~\n\n'), ['blanks']],
    ['blanks before a segment', clean.replace('~BEG', '~  BEG'), ['blanks']],
    ['a line feed as terminator', clean.replaceAll('~', '\n'), []],
    ['a carriage return as terminator', clean.replaceAll('~', '\r'), []],
    ['carriage return and line feed', clean.replaceAll('~', '\r\n'), []],
    ['0x1D as terminator', clean.replaceAll('~', '\x1d'), []],
    [
      'a short ISA',
      clean.replace('ACME           ', 'ACME').replace('HUB            ', 'HUB'),
      ['isa-widths'],
    ],
    ['no ISA16', clean.replace('*P*>~', '*P*~'), ['isa16-missing']],
    ['no ISA16 and no separator for it', clean.replace('*P*>~', '*P~'), ['isa-widths', 'isa16-missing']],
    [
      'no ISA16, terminators with line breaks',
      clean.replace('*P*>~', '*P*~').replaceAll('~', '~\n'),
      ['isa16-missing'],
    ],
    ['U in a 00501', clean.replace('*00401*', '*00501*'), ['isa11-not-separator']],
    ['IEA without its terminator', clean.slice(0, -1), ['iea-unterminated']],
    ['empty segments', clean.replace('~BEG', '~~~BEG'), ['empty-segments']],
    ['bytes above 0x7F', clean.replace('PO9001', 'PO\xe9001'), ['high-bytes']],
    ['a terminator of three bytes', clean.replaceAll('~', '\xe2\x8c\x82'), ['long-terminator', 'high-bytes']],
    ['80 columns', clean.replace(/.{80}/g, '$&\r\n'), ['wrapped']],
    ['80 columns, line feeds only', clean.replace(/.{80}/g, '$&\n'), ['wrapped']],
    ['only long segments wrapped at 80 columns', wrapLong(withLongNotes), ['wrapped']],
    ['one long segment wrapped at 80 columns', wrapLong(withLongNote), ['wrapped']],
    ['ISA alone cut at 72 columns', clean.replaceAll('~', '~\n').replace(/^.{72}/, '$&\n'), ['wrapped']],
    ['a short ISA alone in its line', shortIsa.replace('~', '~\n'), ['isa-widths']],
  ])('%s', (_, text, deviations) => {
    const judgement = judge(text);
    expect(judgement.ta1).toEqual({ code: 'A', note: '000' });
    expect(deviationsOf(text).sort()).toEqual([...deviations].sort());
    expect(firstSet(judgement)).toMatchObject({ ack: 'A', errors: [] });
  });

  test('any characters may be separators', () => {
    for (const [element, component, terminator] of [
      '|>~',
      '^:~',
      '~*!',
      '$!\\',
      '\x1c\x1f\x1d',
      "+:'",
      '*~\n',
      '%\r?',
      '|\n~',
    ]) {
      const text = clean
        .replaceAll('~', '\x00')
        .replaceAll('>', '\x01')
        .replaceAll('*', element as string);
      const all = text.replaceAll('\x01', component as string).replaceAll('\x00', terminator as string);
      const judgement = judge(all);
      expect(judgement.ta1.code).toBe('A');
      expect(judgement.separators).toMatchObject({ element, component, segment: terminator });
      expect(firstSet(judgement).ack).toBe('A');
    }
  });

  test('a line feed may separate repetitions', () => {
    const judgement = judge(interchange([set('850', beg + po1)], { isa: { 11: '\n', 12: '00501' } }));
    expect(judgement.ta1).toEqual({ code: 'A', note: '000' });
    expect(judgement.separators).toMatchObject({ repetition: '\n' });
  });

  test('every interchange of a file has its own separators, and none is dropped', () => {
    const second = clean.replaceAll('*', '|').replaceAll('~', '\n').replace('000000001', '000000002');
    const { interchanges } = readArrival(bytes(`${clean}\r\n${second}${clean}`));
    expect(interchanges.map(({ complete, header }) => [complete, header.separators?.element])).toEqual([
      [true, '*'],
      [true, '|'],
      [true, '*'],
    ]);
  });

  test('the text ISA inside data begins no interchange', () => {
    const text = interchange([set('850', `${beg}REF*DP*ISA~MSG*ISA*~${po1}N9*L1*ISA|x~MSG*see ISA*~`)]);
    expect(readArrival(bytes(text)).interchanges).toHaveLength(1);
  });

  test('half an interchange before another is not mixed up with it', () => {
    const half = clean.slice(0, clean.indexOf('PO1') + 6);
    for (const between of ['', '\r\n', '~']) {
      const { interchanges } = readArrival(bytes(half + between + clean));
      expect(interchanges.map(({ complete }) => complete)).toEqual([false, true]);
    }
  });

  test('offsets point into the file, also when it is wrapped', () => {
    const wrapped = `\r\n${clean.replace(/.{80}/g, '$&\r\n')}`;
    const offsetOf = (text: string) => firstSet(judge(text)).document?.root.segments[0]?.offset;
    expect(offsetOf(clean)).toBe(clean.indexOf('BEG'));
    // The third line begins in the middle of the id.
    expect(offsetOf(wrapped)).toBe(wrapped.indexOf('BE\r\nG'));
  });

  test('a line break inside a segment is wrapping only where all come at one width', () => {
    const cut = (text: string): string[] => {
      const { findings } = firstSet(judge(text));
      return findings.map(({ segment, element, elementError }) => `${segment}${element} ${elementError}`);
    };
    expect(cut(withLongNote.replaceAll('~', '~\n').replace('hall, del', 'hall,\ndel'))).toEqual(['MSG1 6']);
    const lostTerminator = withLongNote.replaceAll('~', '~\n').replace('MSG*', `MSG*${'x'.repeat(76)}\nN1*`);
    expect(cut(lostTerminator)).toEqual(['MSG1 6', 'MSG2 5']);
  });

  test('binary data may hold separators', () => {
    const data = 'a*b~c>d';
    const text = interchange([set('850', `${beg}${po1}`)]).replace('SE*4', `BIN*${data.length}*${data}~SE*5`);
    expect(firstSet(judge(text)).errors).toEqual(['5']);
    expect(firstSet(judge(text)).findings.map(({ segment, segmentError }) => segment + segmentError)).toEqual(
      ['BIN6'],
    );
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' \r\n '],
    ['a letter to the order desk', 'Dear Sirs, please send 5 widgets. ISA is our bank.'],
    ['UTF-16', '\xff\xfeI\x00S\x00A\x00'],
    ['a picture', '\x89PNG\r\n\x1a\n\x00\x00'],
  ])('%s cannot be read at all', (_, text) => {
    expect(readArrival(bytes(text))).toMatchObject({ interchanges: [], error: expect.any(String) });
  });

  test('an ISA that breaks off is an interchange without structure', () => {
    expect(judge(clean.slice(0, 60))).toMatchObject({ ta1: { code: 'R', note: '022' }, groups: [] });
  });

  test('UTF-8 counts characters, not bytes', () => {
    const name = 'é'.repeat(60);
    const text = interchange([set('850', `${beg}N1*ST*${name}~${po1}`)]);
    const judgement = judge(Buffer.from(text, 'utf8'));
    expect(firstGroup(judgement).ack).toBe('A');
    expect(firstSet(judgement).document?.root.loops[0]?.segments[0]?.elements[1]).toBe(name);
  });
});

describe('hostile input', () => {
  test('a 10 MB element is too long, and copied in 99 characters', () => {
    const text = interchange([set('850', `BEG*00*SA*${'9'.repeat(10_000_000)}**20261122~${po1}`)]);
    expect(firstSet(judge(text)).findings).toMatchObject([{ elementError: '5', value: '9'.repeat(99) }]);
  });

  test('a million empty segments, and as many separators in one', () => {
    expect(deviationsOf(clean.replace('~BEG', `${'~'.repeat(1_000_000)}BEG`))).toEqual(['empty-segments']);
    const text = clean.replace('20261122~PO1', `20261122${'*'.repeat(1_000_000)}x~PO1`);
    expect(firstSet(judge(text)).findings).toMatchObject([{ elementError: '3' }]);
  });

  test('ten thousand interchanges in a file', () => {
    const { interchanges } = readArrival(bytes(clean.repeat(10_000)));
    expect(interchanges).toHaveLength(10_000);
  });

  test('ten thousand beginnings without an end', () => {
    const { interchanges } = readArrival(bytes(clean.slice(0, 120).repeat(10_000)));
    expect(interchanges).toHaveLength(10_000);
    expect(interchanges.every(({ complete }) => !complete)).toBe(true);
  });

  test('a flood of findings is cut, and still rejects', () => {
    const judgement = judge(interchange([set('850', beg + 'QQ*1~'.repeat(50_000) + po1)]));
    expect(firstSet(judgement)).toMatchObject({ ack: 'R', errors: ['5'] });
    expect(firstSet(judgement).findings.length).toBeLessThanOrEqual(10_000);
  });

  test('an endless chain of HL is one loop after another', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `HL*${at + 1}*${at || ''}*S~`).join('');
    const judgement = judge(
      interchange([set('856', `BSN*00*S1*20261122*1200~${chain}`)], { gs: { 1: 'SH' } }),
    );
    expect(firstSet(judgement)).toMatchObject({ ack: 'A', findings: [] });
  });
});

test('the table of deviations in the handbook is that of the judge', () => {
  const handbook = readFileSync(join(__dirname, '../../docs/operations/gateway.md'), 'utf8');
  const documented = [
    ...handbook.matchAll(/^\| `([\w-]+)` \| (.*?) \| (accept|warn|reject) \| (\d{3}) \|$/gm),
  ];
  expect(documented.map(([, code, text, policy, note]) => [code, { text, default: policy, note }])).toEqual(
    Object.entries(deviationRules),
  );
});
