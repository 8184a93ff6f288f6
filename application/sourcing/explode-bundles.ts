import type { ComponentSupply } from '../../domain/order/line-supply';
import { splitRevenue } from '../../domain/order/line-supply';
import type { OrderRequest } from '../../domain/order/order-request';
import { orderTypes } from '../../domain/order/order-types';
import {
  type ItemFacts,
  type LineFacts,
  type LineTerms,
  type ResolvedLine,
  resolveLines,
} from '../order/resolve-lines';
import type { Bundle } from './item-relations';

/**
 * Lines of bundles as their components, for a buyer who has agreed to that. A component's line counts in the ordered
 * unit of the bundle, as a case counts in cases: one of it is so many base units of the component, so that nothing is
 * reserved, shipped or billed of a part of one. The first component keeps the line's number and speaks for it; the
 * others follow after the order's last line. The line's amount is shared among them to the cent.
 */
export function explodeBundles(
  request: Pick<OrderRequest, 'type'>,
  lines: readonly ResolvedLine[],
  facts: LineFacts,
  terms: LineTerms,
): readonly ResolvedLine[] {
  // A blanket order and its releases count in bundles: what is called off is not yet, or no longer, a matter of parts.
  if (!orderTypes[request.type].takesStock || !facts.relations.agreement?.body.bundles) return lines;
  let next = Math.max(0, ...lines.map((line) => line.lineNumber)) + 1;
  const further: ResolvedLine[] = [];
  const heads = lines.map((line) => {
    const bundle = line.item === null || line.rejection ? null : facts.relations.bundleOf(line.item);
    if (bundle === null || line.item === null || line.supply !== null) return line;
    const refusal = whyNot(line, bundle, facts);
    if (refusal !== null)
      return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR' as const, text: refusal } };
    const [first, ...others] = componentsOf(line, line.item, bundle, facts, terms);
    for (const other of others) {
      further.push({ ...other, lineNumber: next, splitFrom: line.splitFrom ?? line.lineNumber, holds: [] });
      next += 1;
    }
    return first as ResolvedLine;
  });
  return [...heads, ...further];
}

function whyNot(line: ResolvedLine, bundle: Bundle, facts: LineFacts): string | null {
  if (line.blanketLineId !== null) return 'a bundle is not called off: order it by itself';
  const gone = bundle.components.filter(({ item }) => !facts.items.get(item)?.active);
  const names = gone.map(({ item }) => item).join(', ');
  return gone.length === 0 ? null : `${names} of bundle ${line.item?.itemId ?? ''} is not sold at present`;
}

function componentsOf(
  line: ResolvedLine,
  item: ItemFacts,
  bundle: Bundle,
  facts: LineFacts,
  terms: LineTerms,
): readonly ResolvedLine[] {
  const { sharedBy, weights } = weightsOf(bundle, facts, terms);
  const amounts = splitRevenue(line.amountMinor, weights);
  const agreed = facts.relations.agreement?.body.bundles;
  return bundle.components.map((component, index): ResolvedLine => {
    const own = facts.items.get(component.item) as ItemFacts;
    const supply: ComponentSupply = {
      kind: 'component',
      bundle: item.itemId,
      description: line.request.description ?? item.description,
      version: bundle.version,
      key: line.lineNumber,
      index,
      weights,
      sharedBy,
      bundleFactor: line.unitFactor,
      apart: agreed?.components === 'separately',
      documents: agreed?.documents ?? 'bundle',
      ids: facts.relations.idsOf(own.itemId),
      baseUnit: own.baseUnit,
    };
    return {
      ...line,
      item: own,
      // What the buyer called the bundle stays on the answer; the line is the component's.
      request: { ...line.request, description: own.description },
      unitFactor: line.unitFactor * component.quantity,
      baseUnits: line.baseUnits * component.quantity,
      amountMinor: amounts[index] as number,
      supply,
      ...(index === 0 && { bundled: { item, baseUnits: line.baseUnits } }),
    };
  });
}

/** How the price is shared: as the bundle says, else by what the components cost by themselves, else by their units. */
function weightsOf(
  { components }: Bundle,
  facts: LineFacts,
  terms: LineTerms,
): Pick<ComponentSupply, 'weights' | 'sharedBy'> {
  const shares = components.flatMap(({ share }) => share ?? []);
  if (shares.length === components.length) return { weights: shares, sharedBy: 'share' };
  const alone = resolveLines(
    components.map(({ item, quantity }, at) => ({
      lineNumber: at + 1,
      line: {
        productIds: [{ qualifier: 'VP', value: item }],
        quantity: String(quantity),
        unit: facts.items.get(item)?.baseUnit ?? '',
        dates: [],
        references: [],
      },
    })),
    facts,
    terms,
  );
  const prices = alone.map(({ amountMinor }) => amountMinor);
  return prices.every((price) => price > 0)
    ? { weights: prices, sharedBy: 'price' }
    : { weights: components.map(({ quantity }) => quantity), sharedBy: 'units' };
}
