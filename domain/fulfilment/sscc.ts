/** GS1 General Specifications section 7.9: weights 3 and 1 from the right, the digit that completes to a ten. */
export function gs1CheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * An SSCC-18: extension digit, GS1 company prefix and serial reference in 17 digits, check digit.
 * @param prefix GS1 company prefix, 7 to 10 digits
 * @param serial number from the entity's own series; the extension digit takes its overflow, so ten times the
 *   serial's range passes before a number comes again
 */
export function sscc(prefix: string, serial: number): string {
  if (!/^\d{7,10}$/.test(prefix))
    throw new RangeError(`"${prefix}" is not a GS1 company prefix of 7 to 10 digits`);
  const width = 16 - prefix.length;
  const range = 10 ** width;
  const extension = Math.floor(serial / range) % 10;
  const body = `${extension}${prefix}${String(serial % range).padStart(width, '0')}`;
  return body + gs1CheckDigit(body);
}

export function isSscc(text: string): boolean {
  return /^\d{18}$/.test(text) && gs1CheckDigit(text.slice(0, 17)) === text[17];
}
