import type {
  BankAccount,
  RemittanceAdjustment,
  RemittanceAdvice,
  RemittanceEntity,
  RemittedItem,
} from '../../domain/invoicing/remittance-advice';
import type { TransactionSet } from '../x12/model';
import { datedReference, fieldsOf, partyShape } from './common-shapes';
import { date, decimal, exact, group, required } from './element-rules';
import { type Rendered, Rendering, type RenderingOptions } from './rendering';
import { type DocumentRead, partsOf, readDocument, Shape } from './shape';

/** Elements 506, 507, 569 and 508 stand together three times in BPR. */
const bank = (first: number, accountQualifier: number) =>
  group<BankAccount>(first, {
    qualifier: exact(first),
    bank: exact(first + 1),
    accountQualifier: exact(accountQualifier),
    account: exact(accountQualifier + 1),
  });

const referencePair = (first: number) =>
  group<NonNullable<RemittedItem['reference']>>(first, { qualifier: exact(first), value: exact(first + 1) });

const ofAdjustment = partsOf<RemittanceAdjustment>();
const adjustment = new Shape<RemittanceAdjustment>([
  ofAdjustment.segment('ADX', {
    amount: required(decimal(1)),
    reason: required(exact(2)),
    reference: referencePair(3),
  }),
  ofAdjustment.many('remarks', 'NTE', fieldsOf.NTE),
  ofAdjustment.many('contacts', 'PER', fieldsOf.PER),
  ofAdjustment.loops('references', 'REF', datedReference),
]);

const ofItem = partsOf<RemittedItem>();
const item = new Shape<RemittedItem>([
  ofItem.segment('RMR', {
    reference: referencePair(1),
    action: exact(3),
    paid: decimal(4),
    total: decimal(5),
    discount: decimal(6),
    adjustmentReason: exact(7),
    adjustment: decimal(8),
  }),
  ofItem.many('remarks', 'NTE', fieldsOf.NTE),
  ofItem.many('references', 'REF', fieldsOf.REF),
  ofItem.many('dates', 'DTM', fieldsOf.DTM),
  ofItem.loops('adjustments', 'ADX', adjustment),
]);

const named = (first: number) =>
  group<NonNullable<RemittanceEntity['party']>>(first, {
    role: exact(first),
    idQualifier: exact(first + 1),
    id: exact(first + 2),
  });

const ofEntity = partsOf<RemittanceEntity>();
const entity = new Shape<RemittanceEntity>([
  ofEntity.segment('ENT', {
    number: exact(1),
    party: named(2),
    counterparty: named(5),
    reference: referencePair(8),
  }),
  ofEntity.loops('adjustments', 'ADX', adjustment),
  ofEntity.loops('items', 'RMR', item),
]);

const ofAdvice = partsOf<RemittanceAdvice>();
const advice = new Shape<RemittanceAdvice>([
  ofAdvice.segment('BPR', {
    handling: required(exact(1)),
    amount: required(decimal(2)),
    creditOrDebit: required(exact(3)),
    method: required(exact(4)),
    format: exact(5),
    originatingBank: bank(6, 8),
    originatorId: exact(10),
    originatorSupplement: exact(11),
    receivingBank: bank(12, 14),
    effectiveDate: date(16),
    businessFunction: exact(17),
    returnBank: bank(18, 20),
  }),
  ofAdvice.many('remarks', 'NTE', fieldsOf.NTE),
  ofAdvice.one('trace', 'TRN', {
    type: required(exact(1)),
    number: required(exact(2)),
    originatorId: exact(3),
    reference: exact(4),
  }),
  ofAdvice.one('currency', 'CUR', fieldsOf.CUR),
  ofAdvice.many('references', 'REF', fieldsOf.REF),
  ofAdvice.many('dates', 'DTM', fieldsOf.DTM),
  ofAdvice.loops('parties', 'N1', partyShape('REF')),
  ofAdvice.loops('entities', 'ENT', entity),
]);

/** 820, as a payer sends it. */
export function readRemittanceAdvice(set: TransactionSet): DocumentRead<RemittanceAdvice> {
  return readDocument(set, advice, (raw): RemittanceAdvice => ({ ...raw, kind: 'remittance-advice' }));
}

/** 820. */
export function renderRemittanceAdvice(document: RemittanceAdvice, options: RenderingOptions): Rendered {
  const rendering = new Rendering(options);
  advice.write(document, rendering);
  return rendering.finish('820');
}
