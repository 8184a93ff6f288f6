import { raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { requestDocument } from '../../db/repositories/document-requests';
import type {
  AdviceError,
  AdvisedDocument,
  ApplicationAdvice,
} from '../../domain/partner/application-advice';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import type { JudgedGroup, JudgedTransaction } from '../../edi/judge/judgement';
import type { InterchangeAgreement } from '../agreement';
import { envelopeTime } from '../local-time';
import type { Advised } from './judge-content';

/** More than anybody mends by hand: the document as a whole is wrong then. */
const MOST_ERRORS = 200;

/** OTI02, element 128: by what people call a document of this set. */
const referenceQualifiers: Readonly<Record<string, string>> = {
  '850': 'PO',
  '855': 'PO',
  '860': 'PO',
  '865': 'PO',
  '810': 'IV',
  '856': 'SI',
  '940': 'OQ',
  '945': 'OQ',
};

/** TED01, element 647, where a code says more than "incorrect data". */
const errorCodes: Readonly<Record<string, string>> = {
  'line-count': '010',
  'hash-total': '010',
  'destination-sum': '010',
  'schedule-sum': '010',
  'status-sum': '010',
  'unit-total': '010',
  'invoice-total': '010',
  'line-number': '006',
  'sscc-repeated': '006',
};

export interface AdviceSubject {
  readonly documentId: string;
  readonly group: JudgedGroup;
  readonly transaction: JudgedTransaction;
  readonly rejected: boolean;
  readonly advised: readonly Advised[];
}

/**
 * Leaves an 824 to be sent about a document that the 997 let pass: a partner whom nothing is agreed with for an 824
 * becomes an exception that somebody owns, as for any other document.
 */
export async function advisePartner(
  tx: Tx,
  agreement: InterchangeAgreement,
  subject: AdviceSubject,
  now: string,
): Promise<void> {
  await requestDocument(tx, {
    subject: `document/${subject.documentId}/824`,
    partnerId: agreement.partnerId,
    set: '824',
    usage: agreement.usage,
    payload: adviceOf(agreement, subject, now),
  });
}

function adviceOf(agreement: InterchangeAgreement, subject: AdviceSubject, now: string): ApplicationAdvice {
  return {
    kind: 'application-advice',
    purpose: '00',
    // BGN02 has thirty characters.
    adviceNumber: subject.documentId.replaceAll('-', '').slice(0, 30),
    date: localDateIn(now, agreement.timeZone),
    time: envelopeTime(now, agreement.timeZone).time,
    parties: [],
    originals: [originalOf(subject)],
  };
}

function originalOf({ group, transaction, rejected, advised }: AdviceSubject): AdvisedDocument {
  const { businessUnit, set, controlNumber } = transaction;
  return {
    verdict: rejected ? 'TR' : 'TE',
    reference: {
      qualifier: businessUnit === null ? 'TN' : (referenceQualifiers[set] ?? 'TN'),
      value: (businessUnit?.value ?? controlNumber).slice(0, 30),
    },
    senderCode: group.senderCode,
    receiverCode: group.receiverCode,
    ...(/^\d{1,9}$/.test(group.controlNumber) ? { groupControlNumber: group.controlNumber } : {}),
    controlNumber,
    set,
    version: group.version,
    references: [],
    dates: [],
    contacts: [],
    amounts: [],
    quantities: [],
    errors: advised.slice(0, MOST_ERRORS).map(errorOf),
  };
}

function errorOf({ finding, code }: Advised): AdviceError {
  const { element, reference, value } = finding;
  const missing =
    finding.segmentError === '3' || finding.elementError === '1' || finding.elementError === '2';
  return {
    code: (code === null ? undefined : errorCodes[code]) ?? (missing ? '007' : '848'),
    // TED02 has sixty characters; the whole sentence follows in NTE.
    text: finding.text.slice(0, 60),
    segment: finding.segment,
    position: String(finding.position),
    // Before 5010 TED05 is the element's position alone; the text names the component.
    ...(element === null ? {} : { element: { position: String(element) } }),
    ...(reference !== null && /^\d+$/.test(reference) ? { elementReference: reference } : {}),
    ...(value === '' ? {} : { value }),
    contexts: [],
    remarks: finding.text.length > 60 ? [{ text: finding.text.slice(0, 80) }] : [],
    details: [],
  };
}

export async function raiseMissingGuide(
  tx: Tx,
  agreement: InterchangeAgreement,
  name: string,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'guide-missing',
    subjectKey: `${agreement.id}/${name}`,
    text: `The agreement ${agreement.id} of ${agreement.partnerId} names the guide ${name}, of which no version is in force: documents were taken by the standard alone. Save the guide, or take its name from the agreement.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    data: { agreementId: agreement.id, guide: name },
  });
}
