import { type CustomerRow, readCustomer } from '../application/customer/customer-record';
import type { PlaceOrderResult } from '../application/order/place-order';
import type { Db } from '../db/connection';
import { findCustomerOfPartner } from '../db/repositories/customer-views';
import { isOwnStaff, type Principal } from './auth/principal';
import type { CreateOrderBody } from './contract/orders';
import { Problem } from './problems';

/** A key bound to a buyer or partner orders for that one; the seller's own people name the customer. */
export async function buyerOf(
  db: Db,
  principal: Principal,
  body: Pick<CreateOrderBody, 'customerId'>,
): Promise<CustomerRow> {
  const bound =
    principal.customerId ??
    (principal.partnerId === null ? null : await findCustomerOfPartner(db, principal.partnerId));
  const invalid = (detail: string) =>
    new Problem(400, 'invalid-request', 'The request is not valid', detail, {
      errors: [{ pointer: '/customerId', detail }],
    });
  if (bound !== null && body.customerId !== undefined && body.customerId !== bound) {
    throw invalid(`This key orders for customer ${bound} only: leave customerId out.`);
  }
  if (bound === null && !isOwnStaff(principal))
    throw invalid('This key belongs to a partner that no customer is assigned to.');
  const customerId = bound ?? body.customerId;
  if (customerId === undefined) throw invalid('Name the customer that orders.');
  const buyer = await readCustomer(db, customerId, principal.partnerId);
  if (!buyer?.active) throw invalid(`There is no active customer ${customerId}.`);
  return buyer;
}

export function refusalOf(result: Exclude<PlaceOrderResult, { kind: 'placed' }>): Problem {
  if (result.kind === 'refused') {
    return new Problem(
      422,
      'order-refused',
      'The order cannot be taken',
      result.problems.map((p) => p.text).join('; '),
      {
        errors: result.problems.map((p) => ({
          ...(p.line !== undefined && { pointer: `/lines/${p.line - 1}` }),
          code: p.code,
          detail: p.text,
        })),
      },
    );
  }
  return new Problem(
    409,
    'stock-short',
    'There is not enough stock',
    result.lines.some(({ reason }) => reason !== null)
      ? 'Nothing was ordered, since these lines cannot be supplied as they are asked for. Ask for less, or for fewer conditions.'
      : 'Nothing was ordered, since these lines may not be backordered. Order less, or leave them out.',
    {
      errors: result.lines.map(({ line, reason, text }) => ({
        pointer: `/lines/${line - 1}/quantity`,
        code: reason ?? 'short',
        detail: text,
      })),
    },
  );
}

/** What belongs to one type of order only. */
export function requireFitting({ type, releaseNumber, lines, validFrom, validTo }: CreateOrderBody): void {
  const invalid = (pointer: string, detail: string) =>
    new Problem(400, 'invalid-request', 'The request is not valid', detail, {
      errors: [{ pointer, detail }],
    });
  if (type === 'release' && releaseNumber === undefined)
    throw invalid('/releaseNumber', 'A release against a blanket order needs a release number.');
  if (type === 'blanket' && releaseNumber !== undefined)
    throw invalid('/releaseNumber', 'A blanket order has no release number: its releases have.');
  if (type === 'blanket') return;
  if (validFrom !== undefined || validTo !== undefined)
    throw invalid('/validFrom', 'Only a blanket order is valid from a day to a day.');
  const planned = lines.findIndex((line) => line.periods !== undefined);
  if (planned >= 0) throw invalid(`/lines/${planned}/periods`, 'Only lines of a blanket order have periods.');
}
