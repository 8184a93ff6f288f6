import type { Tx } from '../../db/connection';
import type { AllocationPlan, Demand } from '../../domain/allocation/allocate';
import { localDateIn } from '../../domain/shared/dates';
import { customerPolicySchema } from '../customer/customer-policy';
import { readCustomer } from '../customer/customer-record';
import {
  type LineFacts,
  type LineTerms,
  type ResolvedLine,
  readLineFacts,
  resolveLines,
} from '../order/resolve-lines';
import { coverShortages, standInItems } from '../sourcing/cover-shortages';
import { demandsOf } from '../sourcing/demands';
import { explodeBundles } from '../sourcing/explode-bundles';
import type { CartOutcome, CartRequest } from './reserve-cart';

/** A basket's lines as an order of its customer would be supplied with them. */
export interface CartLines {
  readonly lines: readonly ResolvedLine[];
  readonly facts: LineFacts;
  readonly terms: LineTerms;
  /** All items that may be supplied for them. */
  readonly items: readonly string[];
}

/** The items of a basket: components where the customer has agreed to bundles, successors of old numbers. */
export async function readCartLines(
  tx: Tx,
  request: CartRequest,
  now: string,
): Promise<CartLines | Extract<CartOutcome, { kind: 'refused' }>> {
  const customer = await readCustomer(tx, request.customerId);
  if (!customer) throw new Error(`there is no customer ${request.customerId}`);
  const named = request.lines.map(({ itemId }) => ({ productIds: [{ qualifier: 'VP', value: itemId }] }));
  const date = localDateIn(now, customer.entity_time_zone);
  const facts = await readLineFacts(tx, customer, named, { date, orderId: null });
  const terms = { policy: customerPolicySchema.parse(customer.policy), currency: customer.currency, date };
  const resolved = resolveLines(
    request.lines.map(({ itemId, quantity, unit }, at) => ({
      lineNumber: at + 1,
      line: {
        productIds: [{ qualifier: 'VP', value: itemId }],
        quantity: String(quantity),
        unit: unit ?? facts.items.get(itemId)?.baseUnit ?? '',
        dates: [],
        references: [],
      },
    })),
    facts,
    terms,
  );
  const lines = explodeBundles({ type: 'standard' }, resolved, facts, terms);
  const problem = request.lines.flatMap((asked, at) => whyNot(asked, lines[at] as ResolvedLine))[0];
  if (problem) return problem;
  const items = lines.flatMap(({ item }) => item?.itemId ?? []);
  return { lines, facts, terms, items: [...new Set([...items, ...standInItems(lines, facts)])] };
}

function whyNot(
  { itemId, unit }: CartRequest['lines'][number],
  { lineNumber: line, item, rejection, holds }: ResolvedLine,
): readonly Extract<CartOutcome, { kind: 'refused' }>[] {
  if (item === null) {
    const said = rejection?.text ?? holds[0]?.reason.text ?? '';
    const text = said.includes('superseded') ? said : `There is no item ${itemId}`;
    return [{ kind: 'refused', code: 'unknown-item', text, line }];
  }
  if (rejection === null) return [];
  const text = unit === undefined ? rejection.text : `${itemId} is not sold in ${unit}`;
  return [{ kind: 'refused', code: unit === undefined ? 'unknown-item' : 'unknown-unit', text, line }];
}

/** What of them is there, or what their customer has agreed to have instead. The stock of `items` is locked. */
export async function planCart(
  { lines, facts, terms }: CartLines,
  planFor: (demands: readonly Demand[]) => Promise<AllocationPlan>,
): Promise<{ readonly plan: AllocationPlan; readonly missing: AllocationPlan['shortages'] }> {
  const planOf = (wanted: readonly ResolvedLine[]) => planFor(demandsOf(wanted));
  const first = await planOf(lines);
  const covered =
    standInItems(lines, facts).length === 0
      ? { lines, plan: first }
      : await coverShortages(lines, first, facts, terms, planOf);
  return { plan: covered.plan, missing: inLines(covered.lines, covered.plan.shortages) };
}

/** In the basket's lines; of a bundle as many as do not come whole. */
function inLines(
  lines: readonly ResolvedLine[],
  shortages: AllocationPlan['shortages'],
): AllocationPlan['shortages'] {
  const missing = new Map<number, AllocationPlan['shortages'][number]>();
  for (const shortage of shortages) {
    const line = lines.find((one) => one.lineNumber === shortage.lineNumber);
    const supply = line?.supply;
    const lineNumber = line?.splitFrom ?? shortage.lineNumber;
    const asked =
      line !== undefined && supply?.kind === 'component'
        ? {
            lineNumber,
            itemId: supply.bundle,
            quantity: Math.ceil(shortage.quantity / line.unitFactor) * supply.bundleFactor,
          }
        : { ...shortage, lineNumber };
    const before = missing.get(lineNumber);
    if (before === undefined || before.quantity < asked.quantity) missing.set(lineNumber, asked);
  }
  return [...missing.values()];
}
