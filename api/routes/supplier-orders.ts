import { z } from 'zod';
import { giveUpSupplierOrder } from '../../application/supplier/give-up-supplier-order';
import { decideSupplierInvoice } from '../../application/supplier/match-supplier-invoice';
import { postSupplierInvoiceAgain } from '../../application/supplier/post-supplier-invoice';
import {
  lockItemSupplier,
  lockSupplier,
  saveItemSupplier,
  saveSupplier,
} from '../../application/supplier/save-supplier';
import { supplierPolicySchema } from '../../application/supplier/supplier-order-record';
import type { Tx } from '../../db/connection';
import {
  type ItemSupplierRow,
  listItemSuppliers,
  listSupplierOrders,
  listSuppliers,
  type SupplierOrderViewRow,
  type SupplierRow,
} from '../../db/repositories/supplier-order-views';
import { isOwnStaff, type Principal, requirePerson } from '../auth/principal';
import { recordId } from '../contract/common';
import {
  decideInvoiceBody,
  givenUp,
  giveUpBody,
  invoiceDecided,
  itemSupplier,
  itemSupplierBody,
  itemSupplierList,
  listItemSuppliersQuery,
  listSupplierOrdersQuery,
  postingAsked,
  type SupplierOrderView,
  type SupplierView,
  supplierBody,
  supplierList,
  supplierOrder,
  supplierOrderPage,
  supplierSaved,
} from '../contract/supplier-orders';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint, isOnlyNew, requireVersion, thereAlready } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { moneyOf } from '../views/money';

function requireOwnStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("What suppliers ship and cost is the seller's own.");
}

const instant = (text: string) => new Date(text).toISOString();

const supplierOrderView = (row: SupplierOrderViewRow): SupplierOrderView => ({
  id: row.id,
  number: row.number,
  orderId: row.order_id,
  orderNumber: row.order_number,
  supplier: { id: row.partner_id, name: row.partner_name },
  node: row.node_id,
  usage: row.usage,
  state: row.state,
  shipTo: row.ship_to as SupplierOrderView['shipTo'],
  currency: row.currency,
  supplierReference: row.supplier_reference,
  orderedAt: row.ordered_at,
  answerDueAt: row.answer_due_at,
  answeredAt: row.acknowledged_at,
  promisedOn: row.promised_on,
  lines: [...row.lines],
  cancels: row.cancels.map((one) => ({
    ...one,
    askedAt: instant(one.askedAt),
    answeredAt: one.answeredAt === null ? null : instant(one.answeredAt),
  })),
  invoices: row.invoices.map(({ totalMinor, currency, problems, ...one }) => ({
    ...one,
    problems: [...problems],
    total: moneyOf(totalMinor, currency),
  })),
});

const list = endpoint({
  method: 'get',
  path: '/supplier-orders',
  tag: 'Drop ship',
  summary: 'Purchase orders to suppliers that ship to customers, the newest first',
  scopes: ['orders:read'],
  query: listSupplierOrdersQuery,
  replies: { 200: { description: 'A page of supplier orders', schema: supplierOrderPage } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const orderId = query.order;
    if (orderId !== undefined && !recordId.safeParse(orderId).success)
      return { status: 200, body: { items: [], next: null } };
    const page = await listSupplierOrders(
      db,
      {
        ...(orderId !== undefined && { orderId }),
        ...(query.supplier !== undefined && { partnerId: query.supplier }),
        ...(query.state !== undefined && { state: query.state }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, supplierOrderView) };
  },
});

const show = endpoint({
  method: 'get',
  path: '/supplier-orders/{supplierOrderId}',
  tag: 'Drop ship',
  summary: 'A purchase order to a supplier: what became of each line, cancels and invoices',
  scopes: ['orders:read'],
  params: { supplierOrderId: recordId },
  replies: { 200: { description: 'The supplier order', schema: supplierOrder } },
  handle: async ({ db, params, principal }) => {
    requireOwnStaff(principal);
    const { rows } = await listSupplierOrders(db, { id: params.supplierOrderId }, { limit: 1, after: null });
    const [row] = rows;
    if (!row) throw notFound('supplier order');
    return { status: 200, body: supplierOrderView(row) };
  },
});

const giveUp = endpoint({
  method: 'post',
  path: '/supplier-orders/{supplierOrderId}/give-up',
  tag: 'Drop ship',
  summary: 'Stop waiting for a supplier: what is open of its order is sourced elsewhere',
  description:
    'As if the supplier had refused it: own stock and other suppliers by the rule, what nobody has waits or is cancelled, and the buyer is told. The supplier is asked by 860 to take it back.',
  scopes: ['orders:write'],
  params: { supplierOrderId: recordId },
  body: giveUpBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'Given up', schema: givenUp },
    409: { description: 'Nothing of it is open, or a cancel of it waits for its answer' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    requireOwnStaff(principal);
    const person = requirePerson(principal);
    const why = { person, reason: body.reason };
    const outcome = await giveUpSupplierOrder(db as Tx, params.supplierOrderId, why, deps.now());
    if (outcome.kind === 'given-up') return { status: 200, body: { units: outcome.units } };
    if (outcome.code === 'unknown-supplier-order') throw notFound('supplier order');
    throw new Problem(409, outcome.code, 'It cannot be given up', outcome.text);
  },
});

const invoiceParams = { supplierOrderId: recordId, number: z.string().min(1).max(30) };

/** Who may say what a supplier is owed. @returns the person */
function requireFinance(principal: Principal): string {
  requireOwnStaff(principal);
  const person = requirePerson(principal);
  if (!principal.roles.some((role) => role.startsWith('finance')))
    throw forbidden("A supplier's invoice is decided by finance.");
  return person;
}

const decide = endpoint({
  method: 'post',
  path: '/supplier-orders/{supplierOrderId}/invoices/{number}/decision',
  tag: 'Drop ship',
  summary: "Accept or reject a supplier's invoice that does not match what was ordered and shipped",
  description: 'Accepted, what has left and is not billed yet counts as billed; no unit counts twice.',
  scopes: ['credit:read'],
  params: invoiceParams,
  body: decideInvoiceBody,
  idempotency: { required: false, transaction: false },
  replies: {
    200: { description: 'Decided', schema: invoiceDecided },
    409: { description: 'It matched, or somebody has decided' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const person = requireFinance(principal);
    const outcome = await decideSupplierInvoice(db, { ...params, ...body, person }, deps.now());
    if (outcome.kind === 'decided') return { status: 200, body: { state: outcome.state } };
    if (outcome.code === 'unknown-invoice') throw notFound('invoice');
    throw new Problem(409, outcome.code, 'Already decided', outcome.text);
  },
});

const postAgain = endpoint({
  method: 'post',
  path: '/supplier-orders/{supplierOrderId}/invoices/{number}/post',
  tag: 'Drop ship',
  summary:
    "Have a supplier's invoice posted to the ERP again, after what kept it from booking it was settled",
  description: 'It is posted by itself once it matches or is accepted. Asked again it is booked once.',
  scopes: ['credit:read'],
  params: invoiceParams,
  idempotency: { required: false, transaction: true },
  replies: {
    202: { description: 'It will be', schema: postingAsked },
    409: { description: 'It is posted, or not to be posted' },
  },
  handle: async ({ db, params, principal }) => {
    requireFinance(principal);
    const outcome = await postSupplierInvoiceAgain(db as Tx, params);
    if (outcome.kind === 'asked') return { status: 202, body: { asked: true } };
    if (outcome.code === 'unknown-invoice') throw notFound('invoice');
    throw new Problem(409, outcome.code, 'Nothing to post', outcome.text);
  },
});

const itemView = (row: ItemSupplierRow): z.infer<typeof itemSupplier> => ({
  item: row.item_id,
  node: row.node_id,
  supplierItemId: row.supplier_item_id,
  unit: row.unit,
  unitFactor: row.unit_factor,
  unitCost: row.unit_cost,
  currency: row.currency,
  leadDays: row.lead_days,
  minimumQuantity: row.minimum_quantity,
  sourcing: row.sourcing,
  active: row.active,
  version: row.version,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
});

const items = endpoint({
  method: 'get',
  path: '/item-suppliers',
  tag: 'Drop ship',
  summary: 'What suppliers ship: their numbers, costs, lead times and when they are asked',
  scopes: ['prices:read', 'prices:write'],
  query: listItemSuppliersQuery,
  replies: { 200: { description: 'Up to 1,000 of them', schema: itemSupplierList } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal);
    const rows = await listItemSuppliers(db, {
      ...(query.item !== undefined && { itemId: query.item }),
      ...(query.node !== undefined && { nodeId: query.node }),
    });
    return { status: 200, body: { items: rows.map(itemView) } };
  },
});

const saveItem = endpoint({
  method: 'post',
  path: '/item-suppliers',
  tag: 'Drop ship',
  summary: 'Enter or change what a supplier asks for an item; orders that are placed there keep their costs',
  description:
    'With `If-Match: "<version>"` only if nobody has changed it since, with `If-None-Match: *` only if it is not there yet.',
  scopes: ['prices:write'],
  body: itemSupplierBody,
  idempotency: { required: false, transaction: true },
  conditions: ['If-Match', 'If-None-Match'],
  replies: {
    200: { description: 'Saved', schema: itemSupplier },
    409: { description: 'It was to be new, and is there already' },
    412: { description: 'It was changed meanwhile' },
    422: { description: 'There is no such item, or the node is no supplier’s' },
  },
  handle: async ({ db, body, principal, deps, header }) => {
    requireOwnStaff(principal);
    const version = await lockItemSupplier(db as Tx, body.item, body.node);
    requireVersion(header('If-Match'), version);
    const saving = { onlyNew: isOnlyNew(header('If-None-Match')) };
    const by = principal.person ?? principal.name;
    const outcome = await saveItemSupplier(db as Tx, body, by, deps.now(), saving);
    if (outcome.kind === 'exists') throw thereAlready(outcome.text);
    if (outcome.kind === 'refused') throw new Problem(422, 'not-saved', 'Nothing was saved', outcome.text);
    const [row] = await listItemSuppliers(db, { itemId: body.item, nodeId: body.node });
    return { status: 200, body: itemView(row as ItemSupplierRow) };
  },
});

const suppliers = endpoint({
  method: 'get',
  path: '/suppliers',
  tag: 'Drop ship',
  summary: 'Suppliers that ship to customers, with what was agreed with each',
  scopes: ['partners:read', 'partners:write', 'prices:write'],
  replies: { 200: { description: 'Up to 1,000 of them', schema: supplierList } },
  handle: async ({ db, principal }) => {
    requireOwnStaff(principal);
    return { status: 200, body: { items: (await listSuppliers(db)).map(supplierView) } };
  },
});

const supplierView = (row: SupplierRow): SupplierView => ({
  ...supplierPolicySchema.parse(row.agreed),
  partner: { id: row.partner_id, name: row.partner_name },
  node: row.node_id,
  name: row.node_name,
  timeZone: row.time_zone,
  address: row.address as SupplierView['address'],
  rank: row.rank,
  items: row.item_count,
  openOrders: row.open_orders,
  version: row.version,
});

const saveOne = endpoint({
  method: 'post',
  path: '/suppliers',
  tag: 'Drop ship',
  summary: 'Make a trading partner a supplier that ships to customers, or change what was agreed with it',
  description:
    'With `If-Match: "<version>"` only if nobody has changed it since, with `If-None-Match: *` only if it is not there yet.',
  scopes: ['partners:write'],
  body: supplierBody,
  idempotency: { required: false, transaction: true },
  conditions: ['If-Match', 'If-None-Match'],
  replies: {
    200: { description: 'Saved', schema: supplierSaved },
    409: {
      description: 'It was to be new, and is there already, or other terms are agreed with the partner',
    },
    412: { description: 'It was changed meanwhile' },
    422: { description: 'There is no such partner, or the node is another' },
  },
  handle: async ({ db, body, principal, header }) => {
    requireOwnStaff(principal);
    requireVersion(header('If-Match'), await lockSupplier(db as Tx, body.partner, body.node));
    const outcome = await saveSupplier(db as Tx, body, { onlyNew: isOnlyNew(header('If-None-Match')) });
    if (outcome.kind === 'exists') throw thereAlready(outcome.text);
    if (outcome.kind === 'refused') throw new Problem(422, 'not-saved', 'Nothing was saved', outcome.text);
    return { status: 200, body: { node: body.node, partner: body.partner } };
  },
});

export const supplierOrderEndpoints: readonly Endpoint[] = [
  list,
  show,
  giveUp,
  decide,
  postAgain,
  suppliers,
  items,
  saveItem,
  saveOne,
];
