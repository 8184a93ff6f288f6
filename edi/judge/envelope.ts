import type { ArrivedInterchange } from '../x12/arrival';
import { isAlphanumericOrBlank } from '../x12/isa';
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
    standard: value(11),
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
  if (unusable(element)) return reject('026');
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

/** Notes that a partner's policy gives when it rejects a deviation; every other one is content (024). */
const deviationNotes: Readonly<Record<string, string>> = {
  'isa-widths': '022',
  'isa13-format': '018',
  'isa16-missing': '027',
  'isa11-not-separator': '002',
  'iea02-format': '001',
  'long-terminator': '004',
};

export function leniencyFault(code: string, agreement: AgreementView | null): EnvelopeFault | null {
  const policy = agreement?.leniency[code as keyof AgreementView['leniency']];
  return policy === 'reject' ? reject(deviationNotes[code] ?? '024') : null;
}

export interface HeaderJudgement {
  readonly faults: readonly EnvelopeFault[];
  readonly duplicate: boolean;
}

/** Everything that ISA alone decides, in the order of the law: delimiters, widths, version, parties, duplicate. */
export function judgeHeader(
  arrived: ArrivedInterchange,
  values: EnvelopeValues,
  agreement: AgreementView | null,
  seen: SeenNumbers,
): HeaderJudgement {
  const { separators, deviations } = arrived.header;
  if (separators === null) return { faults: [reject('022')], duplicate: false };
  const faults: (EnvelopeFault | null)[] = [separatorFault(separators, deviations.includes('isa16-missing'))];
  faults.push(versionFault(values), ...valueFaults(values));
  if (agreement !== null) faults.push(...agreementFaults(values, agreement));
  const known = seen.interchange(interchangeKey(values), arrived.bytes);
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
