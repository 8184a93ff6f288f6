/** The modifiers of RFC 4130 section 7.4.4 (and 7.5), as they stand in a disposition. */
export const errorModifiers = [
  'authentication-failed',
  'decompression-failed',
  'decryption-failed',
  'insufficient-message-security',
  'integrity-check-failed',
  'unexpected-processing-error',
] as const;
export const failureModifiers = ['unsupported format', 'unsupported MIC-algorithms'] as const;
export type As2Modifier = (typeof errorModifiers)[number] | (typeof failureModifiers)[number];

/** A message that cannot be taken. Its text is for people on both sides: it goes into the receipt. */
export class As2Failure extends Error {
  readonly modifier: As2Modifier;
  constructor(modifier: As2Modifier, text: string, options?: ErrorOptions) {
    super(text, options);
    this.name = 'As2Failure';
    this.modifier = modifier;
  }
}

export function asFailure(modifier: As2Modifier, what: string, error: unknown): As2Failure {
  if (error instanceof As2Failure) return error;
  return new As2Failure(modifier, what, { cause: error });
}
