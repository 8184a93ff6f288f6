import type { Tx } from '../../db/connection';
import {
  type AdvisedTarget,
  adviseDocument,
  sentByBusinessNumber,
  sentByControlNumbers,
} from '../../db/repositories/advised-documents';
import type {
  AdviceError,
  AdvisedDocument,
  ApplicationAdvice,
} from '../../domain/partner/application-advice';
import { addSeconds } from '../../domain/shared/dates';
import { clearException, raiseException } from '../record/raise-exception';
import type { ActOnContent, Received, Understood } from './received-content';

/**
 * 824 in: what a partner's application made of documents of ours. Each is found by its control numbers, or by what it
 * is about; its acknowledgement tells what became of it, and what was refused or doubted has an owner.
 */
export const matchApplicationAdvice: ActOnContent<Understood<ApplicationAdvice>> = async (
  tx,
  received,
  now,
) => {
  const { document: advice } = received.body;
  const matched: AdvisedTarget[] = [];
  for (const original of advice.originals) {
    const target = await findOurs(tx, received, original);
    if (target === undefined) await raiseUnmatched(tx, received, original, now);
    else {
      matched.push(target);
      await settle(tx, received, original, target, now);
    }
  }
  const orders = new Set(matched.flatMap(({ order_id }) => order_id ?? []));
  const [orderId] = orders;
  return {
    kind: 'done',
    note: `${matched.length} of ${advice.originals.length} documents that it speaks of are ours`,
    ...(orders.size === 1 && orderId !== undefined ? { orderId } : {}),
  };
};

/** OTI03 by its qualifier (128), where the control numbers are not given or not ours. */
const numberKinds: Readonly<Record<string, 'purchase-order' | 'invoice' | 'shipment'>> = {
  PO: 'purchase-order',
  IV: 'invoice',
  IN: 'invoice',
  OI: 'invoice',
  SI: 'shipment',
  BM: 'shipment',
  '2I': 'shipment',
};

async function findOurs(
  tx: Tx,
  { partnerId, usage }: Received<unknown>,
  original: AdvisedDocument,
): Promise<AdvisedTarget | undefined> {
  const { set, groupControlNumber, controlNumber, reference } = original;
  if (set !== undefined && groupControlNumber !== undefined && controlNumber !== undefined) {
    const byNumbers = await sentByControlNumbers(tx, {
      partnerId,
      usage,
      set,
      groupControlNumber,
      controlNumber,
    });
    if (byNumbers) return byNumbers;
  }
  const references = [reference, ...original.references];
  for (const { qualifier, value } of references) {
    const kind = numberKinds[qualifier];
    if (kind === undefined || value.trim() === '') continue;
    const found = await sentByBusinessNumber(tx, {
      partnerId,
      usage,
      kind,
      value: value.trim(),
      set: set ?? null,
    });
    if (found) return found;
  }
  return undefined;
}

type Verdict = 'accepted' | 'accepted-with-errors' | 'rejected';

/** Second letter of element 110. An item that is refused leaves the document standing, but not as it was sent. */
function verdictOf({ verdict, errors }: AdvisedDocument): Verdict {
  const [scope, outcome] = [verdict[0], verdict[1]];
  if (outcome === 'R') return scope === 'I' ? 'accepted-with-errors' : 'rejected';
  if (outcome === 'A' || outcome === 'N') return errors.length > 0 ? 'accepted-with-errors' : 'accepted';
  return 'accepted-with-errors';
}

async function settle(
  tx: Tx,
  received: Received<Understood<ApplicationAdvice>>,
  original: AdvisedDocument,
  target: AdvisedTarget,
  now: string,
): Promise<void> {
  const verdict = verdictOf(original);
  const { adviceNumber } = received.body.document;
  const { verdict: code, errors } = original;
  await adviseDocument(
    tx,
    target.id,
    {
      verdict,
      by: received.documentId,
      advice: { adviceNumber, verdict: code, errors: errors.slice(0, 200) },
    },
    now,
  );
  await clearException(tx, 'acknowledgement-overdue', target.id, 'an application advice (824) came', now);
  if (verdict === 'accepted') return;
  const about = target.invoice_number ?? target.purchase_order_number ?? original.reference.value;
  const said = verdict === 'rejected' ? 'rejected' : 'accepted only with errors';
  await raiseException(tx, {
    kind: verdict === 'rejected' ? 'document-rejected' : 'document-accepted-with-errors',
    subjectKey: target.id,
    text: `${received.partnerId}'s application ${said} our ${target.set_id} ${about} (824 ${adviceNumber}, ${code}): ${textOf(errors)}. Mend the cause and send it again, or settle it with the partner.`,
    ownerRole: ['810', '812', '820'].includes(target.set_id) ? 'finance' : 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    priority: verdict === 'rejected' ? 2 : 3,
    documentId: target.id,
    ...(target.order_id ? { orderId: target.order_id } : {}),
    data: { advice: received.documentId, errors: errors.slice(0, SHOWN) },
  });
}

/** More is read in the document itself. */
const SHOWN = 20;

/** "024 UNIT PRICE ..., IT1 at 9, element 4, was 24.50, should be 24.00 (LINE 1 ...); ..." */
function textOf(errors: readonly AdviceError[]): string {
  if (errors.length === 0) return 'it does not say why';
  const more = errors.length > SHOWN ? `; and ${errors.length - SHOWN} more` : '';
  return `${errors.slice(0, SHOWN).map(textOfError).join('; ')}${more}`;
}

function textOfError(error: AdviceError): string {
  const place = [
    error.segment === undefined ? '' : `${error.segment}`,
    error.position === undefined ? '' : `at ${error.position}`,
    error.element === undefined ? '' : `element ${error.element.position}`,
  ]
    .filter(Boolean)
    .join(' ');
  const said = [
    `${error.code} ${error.text ?? ''}`.trim(),
    place,
    error.value === undefined ? '' : `was "${error.value}"`,
    error.replacement === undefined ? '' : `taken as "${error.replacement}"`,
  ]
    .filter(Boolean)
    .join(', ');
  const remarks = [...error.remarks.map(({ text }) => text), ...error.details.map(({ text }) => text)];
  return remarks.length === 0 ? said : `${said} (${remarks.join(' ')})`;
}

async function raiseUnmatched(
  tx: Tx,
  { documentId, partnerId, body }: Received<Understood<ApplicationAdvice>>,
  original: AdvisedDocument,
  now: string,
): Promise<void> {
  const { qualifier, value } = original.reference;
  await raiseException(tx, {
    kind: 'advice-unmatched',
    subjectKey: `${documentId}/${qualifier}/${value}`,
    text: `${partnerId} advises (824 ${body.document.adviceNumber}, ${original.verdict}) of ${original.set ?? 'a document'} ${qualifier} ${value}, which the hub never sent: ${textOf(original.errors)}. Find out what is meant.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 24 * 3600),
    documentId,
  });
}
