import type { Tx } from '../../db/connection';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest, OrderRequestLine, Party } from '../../domain/order/order-request';
import { priceDateOf } from '../../domain/pricing/price-date';
import { type LocalDate, localDateIn } from '../../domain/shared/dates';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { explodeBundles } from '../sourcing/explode-bundles';
import { agreeContent } from './agree-content';
import { callOff } from './call-off-blanket';
import type { NewOrder } from './new-order';
import { priceSample } from './price-sample';
import { atQuotedPrices } from './quoted-prices';
import {
  type LineFacts,
  type LineTerms,
  type ResolvedLine,
  readLineFacts,
  resolveLines,
} from './resolve-lines';
import { splitLines } from './split-lines';
import { validateOrder } from './validate-order';
import { checksInForce, roundUpLines } from './validation-in-force';

export interface AssessedLines {
  readonly lines: readonly ResolvedLine[];
  readonly facts: LineFacts;
  readonly shipTo: Party;
  /** Of the order and of lines as a whole; a line's own are on it. */
  readonly holds: readonly HoldRequest[];
  readonly blanketId: string | null;
  readonly withoutInvoice: boolean;
  readonly warnings: readonly string[];
  readonly decisions: NewOrder['decisions'];
  /** Where the order is sold from. */
  readonly today: LocalDate;
  /** With the day that its prices are of. */
  readonly terms: LineTerms;
}

/** What each line is, costs and calls off, where it goes, and what the rules of the customer say to it. */
export async function assessLines(
  tx: Tx,
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  now: string,
): Promise<AssessedLines> {
  const { currency } = customer;
  const today = localDateIn(now, customer.entity_time_zone);
  const { type, partnerId = null } = request;
  const checks = checksInForce(customer, { type, partnerId });
  const stated = request.purchaseOrderDate;
  const date = priceDateOf(policy.priceDate, stated, today);
  const terms = { policy, currency, date, stated };
  // Sent at once: neither needs the other.
  const [facts, shipTos] = await Promise.all([
    readLineFacts(tx, customer, request.lines, { date, orderId: null, partnerId }),
    readShipTos(tx, request),
  ]);
  const resolveWith = (quantities: readonly string[]) =>
    resolveLines(
      request.lines.map((line, i) => numberedLine(line, quantities[i] ?? line.quantity, i + 1)),
      facts,
      terms,
    );
  const resolved = roundUpLines(checks, resolveWith(request.lines.map((line) => line.quantity)), resolveWith);
  const quoted = atQuotedPrices(request, resolved, currency);
  const sample = await priceSample(tx, request, quoted, { currency, policy }, now);
  const called = await callOff(tx, request, sample.lines, { currency, policy, today });
  const split = await splitLines(tx, request, called.lines, policy, currency, today);
  const shipTo = split.needsNoShipTo ? manyLocations(split.lines) : resolveShipTo(request, policy, shipTos);
  const validated = await validateOrder(tx, {
    checks,
    request,
    customer,
    whole: called.lines,
    parts: split.lines,
    shipTo: shipTo.party,
    today,
    now,
    totalOf: (alive) => agreeContent(request, alive, customer, policy, []).totals.totalMinor,
  });
  return {
    lines: explodeBundles(request, validated.lines, facts, terms),
    facts,
    shipTo: shipTo.party,
    holds: [...split.holds, ...called.holds, ...sample.holds, ...shipTo.holds, ...validated.holds],
    blanketId: called.blanketId,
    withoutInvoice: sample.withoutInvoice,
    warnings: validated.warnings,
    decisions: [...sample.decisions, ...validated.decisions],
    today,
    terms,
  };
}

const numberedLine = (line: OrderRequestLine, quantity: string, lineNumber: number) => ({
  line: { ...line, quantity },
  lineNumber,
});

/** Every line says where it goes, or nothing goes anywhere: the order has no ship-to of its own. */
function manyLocations(lines: readonly ResolvedLine[]) {
  const ids = new Set(lines.flatMap((line) => line.destination?.party.id ?? []));
  return { party: { role: 'ST', ...(ids.size > 0 && { name: `${ids.size} locations` }) }, holds: [] };
}

interface ShipToRow {
  readonly qualifier: string;
  readonly code: string;
  readonly name: string;
  readonly address: Party['address'];
  readonly known: number;
}

/** A retailer has thousands of locations: only those with the code asked for, or one where none is, and how many there are. */
async function findShipTos(tx: Tx, customerId: string, code: string | undefined) {
  const { rows } = await tx.raw<{ rows: ShipToRow[] }>(
    `select qualifier, code, name, address, count(*) over () as known from ship_to
     where customer_id = :customerId and (cast(:code as text) is null or code = :code) order by qualifier limit 10`,
    { customerId, code: code ?? null } as never,
  );
  return rows;
}

const askedShipTo = ({ parties }: Pick<OrderRequest, 'parties'>) =>
  parties.find((party) => party.role === 'ST');

/** The customer's locations that may be meant. */
export async function readShipTos(
  tx: Tx,
  request: Pick<OrderRequest, 'customerId' | 'parties'>,
): Promise<readonly ShipToRow[]> {
  const asked = askedShipTo(request);
  return asked && asked.id === undefined ? [] : findShipTos(tx, request.customerId, asked?.id);
}

/**
 * The customer's location that is meant, or what speaks against where it is to go.
 * @param found `readShipTos`
 */
export function resolveShipTo(
  request: Pick<OrderRequest, 'parties' | 'type'>,
  policy: CustomerPolicy,
  found: readonly ShipToRow[],
): { readonly party: Party; readonly holds: readonly HoldRequest[] } {
  const asParty = (row: ShipToRow): Party => ({
    role: 'ST',
    name: row.name,
    idQualifier: row.qualifier,
    id: row.code,
    ...(row.address && { address: row.address }),
  });
  const asked = askedShipTo(request);
  const hold = (code: string, text: string): readonly HoldRequest[] => [
    { type: 'ship-to', lineNumber: null, reason: { code, text } },
  ];
  if (!asked) {
    const [only] = found;
    return only?.known === 1
      ? { party: asParty(only), holds: [] }
      : {
          party: { role: 'ST' },
          holds: hold('no-ship-to', `The order names no ship-to and the customer has ${only?.known ?? 0}`),
        };
  }
  const match = found.find((row) => asked.idQualifier === undefined || row.qualifier === asked.idQualifier);
  if (match)
    return { party: { ...asParty(match), ...(asked.name !== undefined && { name: asked.name }) }, holds: [] };
  if (asked.address && (policy.freeShipTo || request.type === 'drop-ship'))
    return { party: asked, holds: [] };
  return {
    party: asked,
    holds: hold(
      'unknown-ship-to',
      `Ship-to ${asked.idQualifier ?? ''} ${asked.id ?? asked.name ?? '(without an id)'} is not among the customer's locations`,
    ),
  };
}
