import type { TransactionSet } from '../x12/model';
import { type BusinessFinding, BusinessNotes } from './business-finding';
import { checkHierarchy, checkMarks } from './hierarchy';
import { checkDates, checkInvoiceTotal, checkTerms } from './money-and-dates';
import { checkCounts, checkLines, checkUnitTotal } from './totals';

/**
 * What a set that the standard accepts gets wrong all the same: totals, trees, check digits, dates. In the order of
 * the document. It never bears on the 997; what follows from each is the agreement's matter (`businessFaults`).
 */
export function businessFindings(document: TransactionSet): readonly BusinessFinding[] {
  const notes = new BusinessNotes();
  checkCounts(document, notes);
  checkUnitTotal(document, notes);
  checkLines(document, notes);
  checkHierarchy(document, notes);
  checkMarks(document, notes);
  checkInvoiceTotal(document, notes);
  checkTerms(document, notes);
  checkDates(document, notes);
  return notes.found.sort((one, other) => one.finding.position - other.finding.position);
}
