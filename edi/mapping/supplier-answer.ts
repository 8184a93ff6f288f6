import type {
  SupplierAnswer,
  SupplierAnswerLine,
  SupplierChangeAnswer,
  SupplierLineStatus,
} from '../../domain/fulfilment/supplier-documents';
import type { TransactionSet } from '../x12/model';
import { dates, descriptions } from './document-parts';
import { date, decimal, id, pairs, required } from './element-codecs';
import { type Codec, type DocumentRead, type Layout, loops, readDocument } from './layout';

/** CTT repeats what the lines say already. */
const counted: Codec<never> = {
  read: (node) => {
    for (const loop of node.takeLoops('CTT')) {
      loop.take('CTT', 1);
      loop.take('CTT', 2);
    }
    return undefined;
  },
  write: () => undefined,
};

const statuses = loops<SupplierLineStatus>('ACK', {
  code: required(id('ACK', 1)),
  quantity: decimal('ACK', 2),
  unit: id('ACK', 3),
  dateQualifier: id('ACK', 4),
  date: date('ACK', 5),
  dates,
});

const line: Layout<SupplierAnswerLine> = {
  lineNumber: id('PO1', 1),
  quantity: decimal('PO1', 2),
  unit: id('PO1', 3),
  unitPrice: decimal('PO1', 4),
  productIds: pairs('PO1', [6, 8, 10, 12, 14, 16, 18, 20, 22, 24]),
  descriptions,
  statuses,
};

const changed: Layout<SupplierAnswerLine> = {
  lineNumber: id('POC', 1),
  quantity: decimal('POC', 3),
  unit: id('POC', 5),
  unitPrice: decimal('POC', 6),
  productIds: pairs('POC', [8, 10, 12, 14, 16, 18, 20, 22, 24, 26]),
  descriptions,
  statuses,
};

interface Counted {
  readonly counted?: never;
}

const answer: Layout<Omit<SupplierAnswer, 'kind'> & Counted> = {
  acknowledgment: required(id('BAK', 2)),
  purchaseOrderNumber: required(id('BAK', 3)),
  supplierReference: id('BAK', 8),
  date: date('BAK', 9),
  lines: loops('PO1', line),
  counted,
};

const changeAnswer: Layout<Omit<SupplierChangeAnswer, 'kind'> & Counted> = {
  acknowledgment: required(id('BCA', 2)),
  purchaseOrderNumber: required(id('BCA', 3)),
  changeNumber: id('BCA', 5),
  lines: loops('POC', changed),
  counted,
};

/** 855 from a supplier: what becomes of what was ordered there. */
export function readSupplierAnswer(set: TransactionSet): DocumentRead<SupplierAnswer> {
  return readDocument<SupplierAnswer>('supplier-answer', answer, set);
}

/** 865 from a supplier. */
export function readSupplierChangeAnswer(set: TransactionSet): DocumentRead<SupplierChangeAnswer> {
  return readDocument<SupplierChangeAnswer>('supplier-change-answer', changeAnswer, set);
}
