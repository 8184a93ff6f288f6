import { z } from 'zod';
import { readCustomerPolicy } from '../../application/customer-policy';
import type { Db } from '../../db/connection';
import { findInvoice, listInvoices, listSettlements } from '../../db/repositories/invoice-views';
import { findShipment, listShipments } from '../../db/repositories/shipment-views';
import { listStock, type StockViewRow } from '../../db/repositories/stock-views';
import { parseInvoiceId, parseOrderId, parseShipmentId } from '../../domain/shared/ids';
import { visibilityOf } from '../auth/principal';
import { listInventoryQuery, type StockLevelView, stockPage } from '../contract/inventory';
import { invoice, invoicePage, listInvoicesQuery } from '../contract/invoices';
import { listShipmentsQuery, shipment, shipmentPage } from '../contract/shipments';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound } from '../problems';
import { invoiceSummaryView, invoiceView } from '../views/invoice-view';
import { shipmentView } from '../views/shipment-view';

const shipmentsList = endpoint({
  method: 'get',
  path: '/shipments',
  tag: 'Shipments',
  summary: 'List shipments, newest first',
  scopes: ['orders:read'],
  query: listShipmentsQuery,
  replies: { 200: { description: 'A page of shipments', schema: shipmentPage } },
  handle: async ({ db, query, principal }) => {
    const page = await listShipments(
      db,
      visibilityOf(principal),
      {
        ...(query.order !== undefined && { orderId: parseOrderId(query.order) }),
        ...(query.state !== undefined && { state: query.state }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, shipmentView) };
  },
});

const showShipment = endpoint({
  method: 'get',
  path: '/shipments/{shipmentId}',
  tag: 'Shipments',
  summary: 'One shipment with its packages',
  scopes: ['orders:read'],
  params: { shipmentId: z.string() },
  replies: { 200: { description: 'The shipment', schema: shipment } },
  handle: async ({ db, params, principal }) => {
    const row = await findShipment(db, visibilityOf(principal), parseShipmentId(params.shipmentId));
    if (!row) throw notFound('shipment');
    return { status: 200, body: shipmentView(row) };
  },
});

const invoicesList = endpoint({
  method: 'get',
  path: '/invoices',
  tag: 'Invoices',
  summary: 'List invoices, newest first',
  scopes: ['orders:read'],
  query: listInvoicesQuery,
  replies: { 200: { description: 'A page of invoices', schema: invoicePage } },
  handle: async ({ db, query, principal }) => {
    const page = await listInvoices(
      db,
      visibilityOf(principal),
      {
        ...(query.order !== undefined && { orderId: parseOrderId(query.order) }),
        ...(query.invoiceNumber !== undefined && { invoiceNumber: query.invoiceNumber }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    return { status: 200, body: pageBody(page, invoiceSummaryView) };
  },
});

const showInvoice = endpoint({
  method: 'get',
  path: '/invoices/{invoiceId}',
  tag: 'Invoices',
  summary: 'One invoice with its lines',
  scopes: ['orders:read'],
  params: { invoiceId: z.string() },
  replies: { 200: { description: 'The invoice', schema: invoice } },
  handle: async ({ db, params, principal }) => {
    const row = await findInvoice(db, visibilityOf(principal), parseInvoiceId(params.invoiceId));
    if (!row) throw notFound('invoice');
    return { status: 200, body: invoiceView(row, await listSettlements(db, row.id)) };
  },
});

const stockView = (row: StockViewRow): StockLevelView => ({
  item: { id: row.item_id, description: row.description, baseUnit: row.base_unit },
  node: { id: row.node_id, name: row.node_name },
  onHand: row.on_hand,
  reserved: row.reserved,
  safety: row.safety,
  carts: row.carts,
  kept: row.kept,
  inTransit: row.in_transit,
  inbound: row.inbound,
  available: Math.max(0, row.on_hand - row.reserved - row.safety - row.carts - row.kept),
  backordered: row.backordered,
});

/** A customer who is told only whether there is any does not find out how many here. */
async function requireQuantities(db: Db, customerId: string): Promise<void> {
  if ((await readCustomerPolicy(db, customerId)).availability === 'quantities') return;
  throw forbidden('This customer is told whether an item is in stock: ask /api/v1/availability.');
}

const inventoryList = endpoint({
  method: 'get',
  path: '/inventory',
  tag: 'Inventory',
  summary: 'Stock by item and node',
  scopes: ['inventory:read'],
  query: listInventoryQuery,
  replies: { 200: { description: 'A page of stock levels', schema: stockPage } },
  handle: async ({ db, query, principal }) => {
    if (principal.customerId !== null) await requireQuantities(db, principal.customerId);
    const page = await listStock(
      db,
      {
        usage: query.usage,
        ...(query.item !== undefined && { itemId: query.item }),
        ...(query.node !== undefined && { nodeId: query.node }),
        ...(query.search !== undefined && { search: query.search }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'code') },
    );
    return { status: 200, body: pageBody(page, stockView) };
  },
});

export const fulfilmentEndpoints: readonly Endpoint[] = [
  shipmentsList,
  showShipment,
  invoicesList,
  showInvoice,
  inventoryList,
];
