/** What is done about a deviation: taken; taken, and a person should see it; or the interchange is rejected. */
export type DeviationPolicy = 'accept' | 'warn' | 'reject';

interface DeviationRule {
  readonly text: string;
  /** where the agreement says nothing else */
  readonly default: DeviationPolicy;
  /** TA105 where it is rejected */
  readonly note: string;
}

/**
 * What partners send that the standard does not allow but that can be read without a doubt. Each is recorded on its
 * interchange; what is done about it is a policy per partner, by these codes. `warn` is the default where data may
 * have been lost, or the sender's program is likely to be wrong.
 */
export const deviationRules = {
  bom: { text: 'a byte-order mark stands before ISA', default: 'accept', note: '024' },
  blanks: {
    text: 'blanks or blank lines stand before ISA or between segments',
    default: 'accept',
    note: '024',
  },
  'leading-data': { text: 'other data stand before ISA', default: 'warn', note: '024' },
  'trailing-data': { text: 'other data stand after IEA', default: 'warn', note: '024' },
  'isa-widths': { text: 'ISA is not made of its fixed widths', default: 'warn', note: '022' },
  'isa-padding': {
    text: 'ISA is padded with something else than blanks behind the value',
    default: 'accept',
    note: '022',
  },
  'isa16-missing': {
    text: 'ISA16 is missing: there is no component separator',
    default: 'warn',
    note: '027',
  },
  'isa11-not-separator': {
    text: 'ISA11 holds U where this version expects a repetition separator',
    default: 'accept',
    note: '002',
  },
  'isa13-format': { text: 'ISA13 is not nine digits', default: 'accept', note: '018' },
  'iea02-format': { text: 'IEA02 is not the nine digits of ISA13', default: 'accept', note: '001' },
  'iea-unterminated': { text: 'IEA has no segment terminator', default: 'accept', note: '023' },
  wrapped: { text: 'the data is wrapped into lines of one length', default: 'accept', note: '024' },
  'high-bytes': { text: 'there are bytes above 0x7F', default: 'accept', note: '024' },
  'long-terminator': {
    text: 'the segment terminator takes more than one byte',
    default: 'accept',
    note: '004',
  },
  'empty-segments': { text: 'there are segments without an identifier', default: 'warn', note: '024' },
  'trailing-separators': { text: 'segments end in empty elements', default: 'accept', note: '024' },
  'blank-elements': { text: 'there are elements of blanks only', default: 'accept', note: '024' },
  'control-elements': {
    text: 'a control segment has more elements than it should',
    default: 'accept',
    note: '024',
  },
  'gs-date': { text: 'GS04 or GS05 is not a date and time', default: 'warn', note: '024' },
  'gs07-agency': { text: 'GS07 is not X', default: 'accept', note: '024' },
} as const satisfies Readonly<Record<string, DeviationRule>>;

export type DeviationCode = keyof typeof deviationRules;

export const deviationCodes = Object.keys(deviationRules) as readonly DeviationCode[];

export function isDeviationCode(code: string): code is DeviationCode {
  return Object.hasOwn(deviationRules, code);
}

export interface Deviation {
  readonly code: DeviationCode;
  readonly text: string;
  readonly policy: DeviationPolicy;
}

/** Policies of a partner, where they differ from the defaults. */
export type Leniency = Readonly<Partial<Record<DeviationCode, DeviationPolicy>>>;

export function deviation(code: DeviationCode, leniency: Leniency = {}): Deviation {
  const rule = deviationRules[code];
  return { code, text: rule.text, policy: leniency[code] ?? rule.default };
}
