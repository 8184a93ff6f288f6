import { z } from 'zod';
import { readCustomerPolicy } from '../../application/customer/customer-policy';
import { readSafetyRules } from '../../application/stock/read-safety-stock';
import { availableToBuyer } from '../../application/stock/show-availability';
import { findInvoice, listInvoices, listSettlements } from '../../db/repositories/invoice-views';
import { findShipment, listShipments } from '../../db/repositories/shipment-views';
import {
  listStock,
  listStockedItems,
  type StockedItemRow,
  type StockViewRow,
} from '../../db/repositories/stock-views';
import { type SafetyRules, safetyStockOf } from '../../domain/allocation/safety-stock';
import { parseInvoiceId, parseOrderId, parseShipmentId } from '../../domain/shared/ids';
import { isOwnStaff, visibilityOf } from '../auth/principal';
import {
  type BuyerStockLevelView,
  listInventoryQuery,
  type StockLevelView,
  stockPage,
} from '../contract/inventory';
import { invoice, invoicePage, listInvoicesQuery } from '../contract/invoices';
import { listShipmentsQuery, shipment, shipmentPage } from '../contract/shipments';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound } from '../problems';
import { stockViewer } from '../stock-viewer';
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
    const audience = { ownStaff: isOwnStaff(principal) };
    return { status: 200, body: pageBody(page, (row) => shipmentView(row, audience)) };
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
    return { status: 200, body: shipmentView(row, { ownStaff: isOwnStaff(principal) }) };
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

const stockView =
  (rules: SafetyRules) =>
  (level: StockViewRow): StockLevelView => {
    const place = { itemId: level.item_id, itemClass: level.item_class, nodeId: level.node_id };
    return levelView({ ...level, safety: safetyStockOf(rules, place, level.safety).units });
  };

const levelView = (row: StockViewRow): StockLevelView => ({
  item: { id: row.item_id, description: row.description, baseUnit: row.base_unit },
  node: { id: row.node_id, name: row.node_name },
  supplier: row.reported_at === null ? null : { reportedAt: new Date(row.reported_at).toISOString() },
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

const inventoryList = endpoint({
  method: 'get',
  path: '/inventory',
  tag: 'Inventory',
  summary: 'Stock by item and node',
  description:
    "The seller's own people see each level with every figure. A buyer sees by item what it can order now, as /availability says it: with what is kept for it or its channel, without what others wait for; or only whether there is any, as its policy says.",
  scopes: ['inventory:read'],
  query: listInventoryQuery,
  replies: { 200: { description: 'A page of stock levels', schema: stockPage } },
  handle: async ({ db, query, principal, deps }) => {
    const filter = {
      usage: query.usage,
      ...(query.item !== undefined && { itemId: query.item }),
      ...(query.search !== undefined && { search: query.search }),
    };
    const asked = { limit: query.limit, after: decodeCursor(query.after, 'code') };
    const viewer = await stockViewer(db, principal);
    if (viewer === null) {
      const node = query.node === undefined ? {} : { nodeId: query.node };
      const page = await listStock(db, { ...filter, ...node }, asked);
      return { status: 200, body: pageBody(page, stockView(await readSafetyRules(db))) };
    }
    if (query.node !== undefined) throw forbidden("Stock by node is for the seller's own people.");
    const page = await listStockedItems(db, filter, asked);
    const shown = await availableToBuyer(
      db,
      page.rows.map((row) => row.item_id),
      { usage: query.usage, now: deps.now(), viewer },
    );
    const { availability } = await readCustomerPolicy(db, viewer.customerId);
    const view = (row: StockedItemRow): BuyerStockLevelView => {
      const available = shown.get(row.item_id) ?? 0;
      return {
        item: { id: row.item_id, description: row.description, baseUnit: row.base_unit },
        available: availability === 'quantities' ? available : null,
        inStock: available > 0,
      };
    };
    return { status: 200, body: pageBody(page, view) };
  },
});

export const fulfilmentEndpoints: readonly Endpoint[] = [
  shipmentsList,
  showShipment,
  invoicesList,
  showInvoice,
  inventoryList,
];
