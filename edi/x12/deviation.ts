/**
 * What partners send that the standard does not allow but that can be read without a doubt. Each is
 * recorded on its interchange; whether it is accepted, warned about or rejected is a policy per
 * partner, by these codes.
 */
export const deviationTexts = {
  bom: 'a byte-order mark stands before ISA',
  blanks: 'blanks or blank lines stand before ISA or between segments',
  'leading-data': 'other data stand before ISA',
  'trailing-data': 'other data stand after IEA',
  'isa-widths': 'ISA is not made of its fixed widths',
  'isa16-missing': 'ISA16 is missing: there is no component separator',
  'isa11-not-separator': 'ISA11 holds U where this version expects a repetition separator',
  'isa13-format': 'ISA13 is not nine digits',
  'iea02-format': 'IEA02 is not the nine digits of ISA13',
  'iea-unterminated': 'IEA has no segment terminator',
  wrapped: 'the data is wrapped into lines of one length',
  'high-bytes': 'there are bytes above 0x7F',
  'long-terminator': 'the segment terminator takes more than one byte',
  'empty-segments': 'there are segments without an identifier',
  'trailing-separators': 'segments end in empty elements',
  'blank-elements': 'there are elements of blanks only',
  'gs-date': 'GS04 or GS05 is not a date and time',
  'gs07-agency': 'GS07 is not X',
} as const;

export type DeviationCode = keyof typeof deviationTexts;

export interface Deviation {
  readonly code: DeviationCode;
  readonly text: string;
}

export function deviation(code: DeviationCode): Deviation {
  return { code, text: deviationTexts[code] };
}
