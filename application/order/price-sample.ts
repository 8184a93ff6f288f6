import type { z } from 'zod';
import type { Db, Tx } from '../../db/connection';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest } from '../../domain/order/order-request';
import { comparePrice } from '../../domain/pricing/compare-price';
import { beOf, countOf, pastBeOf } from '../../domain/shared/count';
import { addSeconds } from '../../domain/shared/dates';
import { lineAmountMinor, scaleDecimal } from '../../domain/shared/money';
import type { CustomerPolicy } from '../customer/customer-policy';
import { differenceHold } from '../pricing/price-line';
import type { Rule } from '../rules/rule-kind';
import { readRules } from '../rules/rules';
import { sampleRule } from '../rules/sample';
import { mostSpecific } from '../rules/whose';
import type { NewOrder } from './new-order';
import type { ResolvedLine } from './resolve-lines';

type SampleBody = z.output<typeof sampleRule.body>;

export interface PricedSample {
  readonly lines: readonly ResolvedLine[];
  readonly holds: readonly HoldRequest[];
  readonly withoutInvoice: boolean;
  readonly decisions: NewOrder['decisions'];
}

/**
 * A sample at what the sample rule asks for it, within what the customer may have. The customer stays locked until the
 * order is written, so that two samples never take the same remainder of a limit.
 */
export async function priceSample(
  tx: Tx,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  { currency, policy }: Omit<SampleTerms, 'price'>,
  now: string,
): Promise<PricedSample> {
  if (request.type !== 'sample') return { lines, holds: [], withoutInvoice: false, decisions: [] };
  const rule = await ruleOfSample(tx, request);
  if (!rule) {
    const text =
      'The order is a sample, and no rule says what samples cost: released, it is shipped and invoiced at the prices of an order';
    return {
      lines,
      holds: [{ type: 'content', lineNumber: null, reason: { code: 'no-sample-rule', text } }],
      withoutInvoice: false,
      decisions: [],
    };
  }
  await tx('customer').where({ id: request.customerId }).forNoKeyUpdate().first('id');
  const had = await readHad(tx, request, rule.body, now);
  const priced = lines.map((line) =>
    line.rejection ? line : atSamplePrice(line, { price: rule.body.price, currency, policy }),
  );
  const beyond = beyondLimits(priced, rule.body, had);
  const free = priced.every((line) => line.amountMinor === 0);
  const ruleVersion = `${rule.scope} ${rule.version}`;
  const inputs = {
    had: had.map((one) => ({ ...one, units: Object.fromEntries(one.units) })),
    rule: rule.body,
  };
  const outcome = { beyond: beyond.texts, free };
  return {
    ...applyBeyond(priced, beyond, rule),
    withoutInvoice: free && rule.body.zeroInvoice === 'none',
    decisions: [{ kind: 'validation', rule: 'sample', ruleVersion, inputs, outcome }],
  };
}

const ruleOfSample = async (db: Db, request: Pick<OrderRequest, 'customerId' | 'partnerId'>) =>
  mostSpecific(await readRules(db, sampleRule), request.customerId, request.partnerId ?? null);

/** What lines of a sample would cost if it were ordered now, whatever the customer may have of them. */
export async function showSamplePrices(
  db: Db,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  terms: Omit<SampleTerms, 'price'>,
): Promise<readonly ResolvedLine[]> {
  const rule = await ruleOfSample(db, request);
  return rule === undefined
    ? lines
    : lines.map((line) =>
        line.rejection ? line : atSamplePrice(line, { price: rule.body.price, ...terms }),
      );
}

interface SampleTerms {
  readonly price: SampleBody['price'];
  readonly currency: string;
  readonly policy: Pick<CustomerPolicy, 'priceTolerance'>;
}

/**
 * A sample at its share of the price that an order would have. Nobody is asked about a price that is not paid; one that
 * the purchase order states is that of an order or that of the sample, else a person looks, and the sample's stands.
 */
function atSamplePrice(line: ResolvedLine, { price, currency, policy }: SampleTerms): ResolvedLine {
  const whole = line.price?.kind === 'priced' ? scaleDecimal(line.price.unitPrice, line.priceBasis, 1) : null;
  const unitPrice = price === 'zero' ? '0' : percentOf(whole ?? line.unitPrice, price.percentOfPrice);
  if (unitPrice === null) return line;
  const why = price === 'zero' ? 'a sample costs nothing' : `a sample costs ${price.percentOfPrice} percent`;
  const others = line.holds.filter((hold) => hold.type !== 'price');
  const holdsAt = (): ResolvedLine['holds'] => {
    const asked = line.request.unitPrice;
    if (price === 'zero') return others;
    const isOfAmount = line.holds.some(({ reason }) => reason.code === 'price-mismatch');
    if (whole === null || asked === undefined || !isOfAmount) return line.holds;
    const comparison = comparePrice(asked, unitPrice, 1, policy.priceTolerance);
    return comparison.agrees ? others : [...others, differenceHold(line.lineNumber, asked, comparison, why)];
  };
  return {
    ...line,
    unitPrice,
    amountMinor: lineAmountMinor(line.request.quantity, unitPrice, currency, line.priceBasis),
    priceDecision: { ...line.priceDecision, stands: 'sample', why },
    holds: holdsAt(),
  };
}

const percentOf = (unitPrice: string | null, percent: string): string | null =>
  unitPrice === null ? null : scaleDecimal(unitPrice, percent, 100, 6);

interface Had {
  readonly days: number;
  readonly orders: number;
  /** Base units by item. */
  readonly units: ReadonlyMap<string, number>;
}

/** What the customer was given within each limit's days; cancelled and refused samples do not count. */
async function readHad(
  tx: Tx,
  request: OrderRequest,
  { limits }: SampleBody,
  now: string,
): Promise<readonly Had[]> {
  const had: Had[] = [];
  for (const { days } of limits) {
    const { rows } = await tx.raw<{ rows: { item_id: string | null; units: number; orders: number }[] }>(
      `select l.item_id, coalesce(sum(l.ordered - l.cancelled), 0)::bigint as units, count(distinct o.id)::int as orders
       from orders o join order_line l on l.order_id = o.id
       where o.customer_id = :customerId and o.usage = :usage and o.type = 'sample' and o.state not in ('rejected', 'cancelled')
         and o.placed_at > :since and l.rejection_code is null group by grouping sets ((l.item_id), ())`,
      {
        customerId: request.customerId,
        usage: request.usage,
        since: addSeconds(now, -days * 86_400),
      } as never,
    );
    had.push({
      days,
      orders: rows.find((row) => row.item_id === null)?.orders ?? 0,
      units: new Map(rows.flatMap((row) => (row.item_id === null ? [] : [[row.item_id, row.units]]))),
    });
  }
  return had;
}

interface Beyond {
  /** By line number, why it is too much. */
  readonly ofLines: ReadonlyMap<number, string>;
  /** Why the order as a whole is one too many. */
  readonly ofOrder: string | null;
  readonly texts: readonly string[];
}

function beyondLimits(lines: readonly ResolvedLine[], { limits }: SampleBody, had: readonly Had[]): Beyond {
  const ofLines = new Map<number, string>();
  let ofOrder: string | null = null;
  for (const [i, { days, unitsPerItem, orders }] of limits.entries()) {
    const before = had[i];
    if (orders !== undefined && (before?.orders ?? 0) + 1 > orders)
      ofOrder = `${countOf(before?.orders ?? 0, 'sample')} ${pastBeOf(before?.orders ?? 0)} ordered within ${countOf(days, 'day')}, ${orders} may be`;
    if (unitsPerItem === undefined) continue;
    const taken = new Map(before?.units);
    for (const line of lines) {
      const itemId = line.item?.itemId;
      if (line.rejection || itemId === undefined) continue;
      const already = taken.get(itemId) ?? 0;
      taken.set(itemId, already + line.baseUnits);
      if (already + line.baseUnits > unitsPerItem)
        ofLines.set(
          line.lineNumber,
          `a customer may have ${unitsPerItem} of ${itemId} as samples within ${countOf(days, 'day')}, ${already} ${beOf(already)} taken`,
        );
    }
  }
  return { ofLines, ofOrder, texts: [...(ofOrder === null ? [] : [ofOrder]), ...ofLines.values()] };
}

function applyBeyond(
  lines: readonly ResolvedLine[],
  { ofLines, ofOrder }: Beyond,
  rule: Rule<SampleBody>,
): Pick<PricedSample, 'lines' | 'holds'> {
  const why = (line: ResolvedLine) => ofLines.get(line.lineNumber) ?? ofOrder ?? undefined;
  if (rule.body.beyond === 'reject') {
    const refused = lines.map((line): ResolvedLine => {
      const text = why(line);
      if (text === undefined || line.rejection) return line;
      return { ...line, holds: [], amountMinor: 0, rejection: { code: 'IR', text } };
    });
    return { lines: refused, holds: [] };
  }
  const holdOf = (lineNumber: number | null, text: string): HoldRequest => ({
    type: 'content',
    lineNumber,
    reason: { code: 'beyond-sample-limit', text, details: { rule: rule.scope, version: rule.version } },
  });
  const holds = [...ofLines].map(([line, text]) => holdOf(line, `Line ${line}: ${text}`));
  return { lines, holds: ofOrder === null ? holds : [holdOf(null, ofOrder), ...holds] };
}
