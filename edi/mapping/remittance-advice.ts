import type {
  BankAccount,
  RemittanceAdjustment,
  RemittanceAdvice,
  RemittanceEntity,
  RemittedItem,
} from '../../domain/invoicing/remittance-advice';
import type { TransactionSet } from '../x12/model';
import {
  contacts,
  currency,
  datedReferences,
  dates,
  partiesWith,
  references,
  remarks,
} from './document-parts';
import { date, decimal, id, required } from './element-codecs';
import { type DocumentRead, group, type Layout, loops, part, readDocument, writeLayout } from './layout';
import { renderSet } from './layout-write';
import type { Rendered, RenderingOptions } from './rendering';

/** Elements 506, 507, 569 and 508 stand together three times in BPR. */
const bank = (first: number, accountQualifier: number) =>
  group<BankAccount>({
    qualifier: id('BPR', first),
    bank: id('BPR', first + 1),
    accountQualifier: id('BPR', accountQualifier),
    account: id('BPR', accountQualifier + 1),
  });

const referencePair = (segment: string, first: number) =>
  group<NonNullable<RemittedItem['reference']>>({
    qualifier: id(segment, first),
    value: id(segment, first + 1),
  });

const adjustments = loops<RemittanceAdjustment>('ADX', {
  amount: required(decimal('ADX', 1)),
  reason: required(id('ADX', 2)),
  reference: referencePair('ADX', 3),
  remarks,
  contacts,
  references: datedReferences,
});

const item: Layout<RemittedItem> = {
  reference: referencePair('RMR', 1),
  action: id('RMR', 3),
  paid: decimal('RMR', 4),
  total: decimal('RMR', 5),
  discount: decimal('RMR', 6),
  adjustmentReason: id('RMR', 7),
  adjustment: decimal('RMR', 8),
  remarks,
  references,
  dates,
  adjustments,
};

const named = (first: number) =>
  group<NonNullable<RemittanceEntity['party']>>({
    role: id('ENT', first),
    idQualifier: id('ENT', first + 1),
    id: id('ENT', first + 2),
  });

const entity: Layout<RemittanceEntity> = {
  number: id('ENT', 1),
  party: named(2),
  counterparty: named(5),
  reference: referencePair('ENT', 8),
  adjustments,
  items: loops('RMR', item),
};

const layout: Layout<Omit<RemittanceAdvice, 'kind'>> = {
  handling: required(id('BPR', 1)),
  amount: required(decimal('BPR', 2)),
  creditOrDebit: required(id('BPR', 3)),
  method: required(id('BPR', 4)),
  format: id('BPR', 5),
  originatingBank: bank(6, 8),
  originatorId: id('BPR', 10),
  originatorSupplement: id('BPR', 11),
  receivingBank: bank(12, 14),
  effectiveDate: date('BPR', 16),
  businessFunction: id('BPR', 17),
  returnBank: bank(18, 20),
  remarks,
  trace: part<NonNullable<RemittanceAdvice['trace']>>('TRN', {
    type: required(id('TRN', 1)),
    number: required(id('TRN', 2)),
    originatorId: id('TRN', 3),
    reference: id('TRN', 4),
  }),
  currency,
  references,
  dates,
  parties: partiesWith(references),
  entities: loops('ENT', entity),
};

/** 820, as a payer sends it. */
export function readRemittanceAdvice(set: TransactionSet): DocumentRead<RemittanceAdvice> {
  return readDocument('remittance-advice', layout, set);
}

/** 820. */
export function renderRemittanceAdvice(document: RemittanceAdvice, options: RenderingOptions): Rendered {
  return renderSet('820', options, (node) => writeLayout(layout, document, node));
}
