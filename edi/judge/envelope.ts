import { type DeviationCode, deviationRules } from '../x12/deviation';
import { type IsaHeader, isAlphanumericOrBlank } from '../x12/isa';
import type { Separators } from '../x12/model';
import type { AgreementView, InterchangeKey, SeenNumbers } from './agreement';
import type { EnvelopeValues } from './judgement';

/** A fault of the interchange: TA104 and TA105 (element I18). */
export interface EnvelopeFault {
  readonly code: 'E' | 'R';
  readonly note: string;
}

const reject = (note: string): EnvelopeFault => ({ code: 'R', note });
const noteError = (note: string): EnvelopeFault => ({ code: 'E', note });

export function envelopeValues(elements: readonly string[]): EnvelopeValues {
  const value = (element: number): string => (elements[element - 1] ?? '').trim();
  return {
    authorizationQualifier: value(1),
    authorization: value(2),
    securityQualifier: value(3),
    security: value(4),
    senderQualifier: value(5),
    senderId: value(6),
    receiverQualifier: value(7),
    receiverId: value(8),
    date: value(9),
    time: value(10),
    // A repetition separator may be a line break: only blanks are padding.
    standard: (elements[10] ?? '').replaceAll(' ', ''),
    version: value(12),
    controlNumber: value(13),
    ackRequested: value(14),
    usage: value(15),
  };
}

/** X12.5: separators are distinct, and neither letters, digits nor blanks. */
function separatorFault(separators: Separators, isa16Missing: boolean): EnvelopeFault | null {
  const unusable = (text: string): boolean => text === '' || isAlphanumericOrBlank(text.charCodeAt(0));
  const { element, component, repetition, segment } = separators;
  if (unusable(element) || element === repetition) return reject('026');
  if (unusable(segment) || segment === element || segment === repetition) return reject('004');
  if (isa16Missing) return null;
  if (unusable(component) || component === element || component === segment || component === repetition) {
    return reject('027');
  }
  return null;
}

const interchangeVersion = /^00[2-8]\d\d$/;

function versionFault(values: EnvelopeValues): EnvelopeFault | null {
  if (!/^\d{5}$/.test(values.version)) return reject('017');
  return interchangeVersion.test(values.version) ? null : noteError('003');
}

/** Partners use qualifiers that are on no published list; a pair of letters or digits is enough. */
const idQualifier = /^[A-Z0-9]{2}$/;

function isInterchangeDate(text: string): boolean {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) return false;
  const month = Number(match[2]);
  const day = Number(match[3]);
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(2000 + Number(match[1]), month, 0)).getUTCDate()
  );
}

/** The header's own values, element by element. */
function valueFaults(values: EnvelopeValues): EnvelopeFault[] {
  const faults: EnvelopeFault[] = [];
  const need = (valid: boolean, fault: EnvelopeFault): void => {
    if (!valid) faults.push(fault);
  };
  need(/^0[0-8]$/.test(values.authorizationQualifier), reject('010'));
  need(values.authorizationQualifier === '00' || values.authorization !== '', reject('011'));
  need(/^0[0-8]$/.test(values.securityQualifier), reject('012'));
  need(values.securityQualifier === '00' || values.security !== '', reject('013'));
  need(idQualifier.test(values.senderQualifier), reject('005'));
  need(values.senderId !== '', reject('006'));
  need(idQualifier.test(values.receiverQualifier), reject('007'));
  need(values.receiverId !== '', reject('008'));
  need(isInterchangeDate(values.date), reject('014'));
  need(/^([01]\d|2[0-3])[0-5]\d$/.test(values.time), reject('015'));
  need(standardIsValid(values), noteError('002'));
  need(/^\d{1,9}$/.test(values.controlNumber), reject('018'));
  need(/^[01]$/.test(values.ackRequested), noteError('019'));
  need(/^[PTI]$/.test(values.usage), reject('020'));
  return faults;
}

/** ISA11 is U before 00402 and a separator from then on; U is still sent there and cannot be misread. */
function standardIsValid(values: EnvelopeValues): boolean {
  if (values.standard === 'U') return true;
  if (values.version < '00402') return false;
  return values.standard.length === 1 && !isAlphanumericOrBlank(values.standard.charCodeAt(0));
}

function agreementFaults(values: EnvelopeValues, agreement: AgreementView): EnvelopeFault[] {
  const faults: EnvelopeFault[] = [];
  if (!agreement.partnerIds.includes(`${values.senderQualifier}:${values.senderId}`))
    faults.push(reject('006'));
  if (!agreement.ownIds.includes(`${values.receiverQualifier}:${values.receiverId}`))
    faults.push(reject('009'));
  if (values.usage !== agreement.usage) faults.push(reject('020'));
  return faults;
}

export function interchangeKey(values: EnvelopeValues): InterchangeKey {
  return {
    senderQualifier: values.senderQualifier,
    senderId: values.senderId,
    receiverQualifier: values.receiverQualifier,
    receiverId: values.receiverId,
    // Compared as a number: a resend that pads differently is the same interchange.
    controlNumber: /^\d+$/.test(values.controlNumber)
      ? String(Number(values.controlNumber))
      : values.controlNumber,
    usage: values.usage,
  };
}

/** Deviations that stand in the delimiters and widths of ISA, and those of its values. */
const shapeDeviations = ['isa16-missing', 'long-terminator', 'isa-widths', 'isa-padding'] as const;
const valueDeviations = ['isa11-not-separator', 'isa13-format'] as const;

/** What the agreement, or the default, rejects among these deviations. */
export function rejectedDeviations(
  codes: Iterable<DeviationCode>,
  agreement: AgreementView | null,
): EnvelopeFault[] {
  const faults: EnvelopeFault[] = [];
  for (const code of codes) {
    const rule = deviationRules[code];
    if ((agreement?.leniency[code] ?? rule.default) === 'reject') faults.push(reject(rule.note));
  }
  return faults;
}

export interface HeaderJudgement {
  readonly faults: readonly EnvelopeFault[];
  readonly duplicate: boolean;
}

/** Everything that ISA alone decides, in the order of the law: delimiters, widths, version, parties, duplicate. */
export function judgeHeader(
  { separators }: IsaHeader,
  values: EnvelopeValues,
  deviations: ReadonlySet<DeviationCode>,
  agreement: AgreementView | null,
  seen: SeenNumbers,
): HeaderJudgement {
  if (separators === null) return { faults: [reject('022')], duplicate: false };
  const among = (codes: readonly DeviationCode[]) =>
    rejectedDeviations(
      codes.filter((code) => deviations.has(code)),
      agreement,
    );
  const faults: (EnvelopeFault | null)[] = [
    separatorFault(separators, deviations.has('isa16-missing')),
    ...among(shapeDeviations),
    versionFault(values),
    ...valueFaults(values),
    ...among(valueDeviations),
  ];
  if (agreement !== null) faults.push(...agreementFaults(values, agreement));
  const known = seen.interchange(interchangeKey(values));
  if (known === 'other-bytes') faults.push(reject('025'));
  return { faults: faults.filter((fault) => fault !== null), duplicate: known === 'same-bytes' };
}

/**
 * One TA1 per interchange: the first error in order. A rejection goes before an error that would let
 * the interchange be processed.
 */
export function firstFault(faults: readonly EnvelopeFault[]): { code: 'A' | 'E' | 'R'; note: string } {
  return faults.find((fault) => fault.code === 'R') ?? faults[0] ?? { code: 'A', note: '000' };
}
