import { isUtf8 } from 'node:buffer';
import type { ElementDef } from '../dictionary/dictionary';
import type { Separators } from '../x12/model';
import { type ElementError, elementErrors } from './finding';

/** What the bytes of a value hold, found in one pass over them. */
export const holds = {
  /** not in the character set (X12.6 section 3.3.1) */
  illegal: 1,
  component: 2,
  repetition: 4,
  /** above 0x7F */
  high: 8,
  nonBlank: 16,
  nonDigit: 32,
} as const;

export type CharacterPolicy = 'basic' | 'extended' | 'utf-8';

const basic = /[A-Z0-9 !"&'()*+,\-./:;?=]/;

export function byteClasses(separators: Separators, characters: CharacterPolicy): Uint8Array {
  const classes = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let bits = 0;
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte === 0x7f) bits |= holds.illegal;
    if (characters === 'basic' && !basic.test(character)) bits |= holds.illegal;
    if (byte >= 0x80) bits |= holds.high;
    if (byte !== 0x20) bits |= holds.nonBlank;
    if (byte < 0x30 || byte > 0x39) bits |= holds.nonDigit;
    if (character === separators.component) bits = (bits & ~holds.illegal) | holds.component;
    if (character === separators.repetition) bits = (bits & ~holds.illegal) | holds.repetition;
    classes[byte] = bits;
  }
  return classes;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1) value = value * 10 + ((bytes[at + index] as number) - 0x30);
  return value;
}

/** CCYYMMDD, or YYMMDD before 4010 (its century does not matter for what days there are, but 1900 does). */
function isDate(bytes: Uint8Array, from: number, length: number): boolean {
  if (length !== 8 && length !== 6) return false;
  const yearDigits = length - 4;
  const year = digitsAt(bytes, from, yearDigits);
  const month = digitsAt(bytes, from + yearDigits, 2);
  const day = digitsAt(bytes, from + yearDigits + 2, 2);
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (length === 6 || year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && leap ? 29 : (daysOfMonth[month - 1] as number));
}

/** HHMM, HHMMSS, HHMMSSD, HHMMSSDD. */
function isTime(bytes: Uint8Array, from: number, length: number): boolean {
  if (length < 4 || length === 5 || length > 8) return false;
  if (digitsAt(bytes, from, 2) > 23 || digitsAt(bytes, from + 2, 2) > 59) return false;
  return length === 4 || digitsAt(bytes, from + 4, 2) <= 59;
}

/** Digits that count towards the length of N and R: not the sign, the point or the exponent's letter. -1: malformed. */
function numericLength(bytes: Uint8Array, from: number, to: number, real: boolean): number {
  let at = from;
  let digits = 0;
  let point = false;
  let exponent = false;
  let exponentDigits = 0;
  if (bytes[at] === 0x2d) at += 1;
  for (; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      digits += 1;
      if (exponent) exponentDigits += 1;
    } else if (real && byte === 0x2e && !point && !exponent) point = true;
    else if (real && byte === 0x45 && !exponent && digits > 0) {
      exponent = true;
      if (bytes[at + 1] === 0x2d) at += 1;
    } else return -1;
  }
  if (digits === 0 || (exponent && exponentDigits === 0)) return -1;
  return digits;
}

function lengthError(element: ElementDef, length: number): ElementError | null {
  if (length < element.min) return elementErrors.tooShort;
  return length > element.max ? elementErrors.tooLong : null;
}

/** UTF-8 counts characters: continuation bytes are none. */
function characters(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (((bytes[at] as number) & 0xc0) !== 0x80) count += 1;
  return count;
}

function textError(
  element: ElementDef,
  bytes: Buffer,
  from: number,
  to: number,
  flags: number,
  utf8: boolean,
): ElementError | null {
  if (flags & holds.illegal) return elementErrors.invalidCharacter;
  if (utf8 && flags & holds.high && !isUtf8(bytes.subarray(from, to))) return elementErrors.invalidCharacter;
  const sent = utf8 && flags & holds.high ? characters(bytes, from, to) : to - from;
  if (sent < element.min) return elementErrors.tooShort;
  let end = to;
  // Trailing blanks are not significant: they may pad up to the minimum, and never count beyond it.
  while (end > from && bytes[end - 1] === 0x20) end -= 1;
  if (sent - (to - end) > element.max) return elementErrors.tooLong;
  if (element.codes !== null && !element.codes.has(bytes.toString('latin1', from, end)))
    return elementErrors.invalidCode;
  return null;
}

/**
 * What is wrong with one simple value, or null. Length goes before content: a seven digit date is too
 * short, not an invalid date.
 */
export function valueError(
  element: ElementDef,
  bytes: Buffer,
  from: number,
  to: number,
  flags: number,
  utf8: boolean,
): ElementError | null {
  switch (element.type) {
    case 'AN':
    case 'ID':
      return textError(element, bytes, from, to, flags, utf8);
    case 'N':
    case 'R': {
      if (!(flags & holds.nonDigit)) return lengthError(element, to - from);
      const length = numericLength(bytes, from, to, element.type === 'R');
      return length < 0 ? elementErrors.invalidCharacter : lengthError(element, length);
    }
    case 'DT':
    case 'TM': {
      const wrong = element.type === 'DT' ? elementErrors.invalidDate : elementErrors.invalidTime;
      const length = lengthError(element, to - from);
      if (length !== null) return length;
      if (flags & holds.nonDigit) return wrong;
      const valid = element.type === 'DT' ? isDate(bytes, from, to - from) : isTime(bytes, from, to - from);
      return valid ? null : wrong;
    }
    case 'B':
      return null;
  }
}
