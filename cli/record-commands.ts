import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { ExceptionView } from '../api/contract/exceptions';
import type { HeldOrderView } from '../api/contract/holds';
import type { OrderSummaryView, OrderView, TimelineEntryView } from '../api/contract/orders';
import type { ReconcileReportView } from '../api/contract/reports';
import { callHub, HubCommandError, listHub } from './hub-api';
import { minute, second } from './instants';
import { printTable } from './print-table';

interface ListOptions {
  readonly json?: boolean;
  readonly limit: number;
}

export const asLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('a whole number above zero');
  return limit;
};
const listing = (command: Command): Command =>
  command.option('--json', 'for programs').option('--limit <n>', 'rows at the most', asLimit, 50);

/** An order by its id, its number or the purchase order's number. */
export async function findOrder(name: string): Promise<OrderView> {
  if (/^[0-9a-f-]{36}$/.test(name)) return (await callHub(`/api/v1/orders/${name}`)) as OrderView;
  const found = (await listHub('/api/v1/orders', { search: name }, 5)) as unknown as OrderSummaryView[];
  const exact = found.filter((order) => order.orderNumber === name || order.purchaseOrderNumber === name);
  const [only, another] = exact;
  if (!only) throw new HubCommandError(`There is no order ${name}.`);
  if (another)
    throw new HubCommandError(
      `${exact.length} orders are called ${name}; name one by its order number: ${exact.map((order) => order.orderNumber).join(', ')}`,
    );
  return (await callHub(`/api/v1/orders/${only.id}`)) as OrderView;
}

export function addOrderCommands(program: Command): void {
  const orders = program.command('order').description('orders of the running hub');
  listing(
    orders.command('list').option('--state <state>').option('--customer <id>').description('newest first'),
  ).action(async (options: ListOptions & { state?: string; customer?: string }) => {
    const rows = (await listHub(
      '/api/v1/orders',
      { state: options.state, customer: options.customer },
      options.limit,
    )) as unknown as OrderSummaryView[];
    if (options.json === true) return console.log(JSON.stringify(rows));
    printTable(
      ['order', 'purchase order', 'customer', 'by', 'state', 'total', '', 'holds', 'placed'],
      rows.map((o) => [
        o.orderNumber,
        o.purchaseOrderNumber,
        o.customer.id,
        o.channel,
        o.state,
        o.total.amount,
        o.total.currency,
        o.openHolds.join(' '),
        minute(o.placedAt),
      ]),
      [5],
    );
  });
  orders
    .command('show')
    .argument('<order>', 'id, order number or purchase order number')
    .option('--json')
    .description('lines, quantities, prices, shipments, invoices')
    .action(async (name: string, options: { json?: boolean }) => {
      const order = await findOrder(name);
      if (options.json === true) console.log(JSON.stringify(order));
      else printOrder(order);
    });
  orders
    .command('trace')
    .argument('<order>', 'id, order number or purchase order number')
    .option('--json')
    .description('everything that happened, in order')
    .action(async (name: string, options: { json?: boolean }) => {
      const order = await findOrder(name);
      const { items } = (await callHub(`/api/v1/orders/${order.id}/timeline`)) as {
        items: TimelineEntryView[];
      };
      if (options.json === true) return console.log(JSON.stringify(items));
      printTable(
        ['at', 'kind', 'who', 'what'],
        items.map((entry) => [
          second(entry.at),
          entry.kind,
          entry.actor ?? '',
          `${entry.title}${entry.text && entry.text !== entry.title ? `: ${entry.text}` : ''}`,
        ]),
      );
    });
}

function printOrder(order: OrderView): void {
  console.log(
    `Order ${order.orderNumber}, purchase order ${order.purchaseOrderNumber} of ${order.customer.name}: ${order.state}, ${order.total.amount} ${order.total.currency}\n`,
  );
  printTable(
    [
      'line',
      'item',
      'quantity',
      '',
      'price',
      'status',
      'reserved',
      'waiting',
      'released',
      'shipped',
      'invoiced',
    ],
    order.lines.map((l) => [
      String(l.lineNumber),
      l.itemId ?? '',
      l.quantity,
      l.unit,
      l.unitPrice ?? '',
      l.status,
      ...[
        l.counts.reserved,
        l.counts.backordered,
        l.counts.released,
        l.counts.shipped,
        l.counts.invoiced,
      ].map(String),
    ]),
    [2, 4, 6, 7, 8, 9, 10],
  );
  for (const hold of order.holds) console.log(`hold ${hold.type} ${hold.status}: ${hold.reasonText}`);
  for (const shipment of order.shipments)
    console.log(`shipment ${shipment.shipmentNumber} ${shipment.state}`);
  for (const invoice of order.invoices)
    console.log(`invoice ${invoice.invoiceNumber} ${invoice.total.amount} ${invoice.total.currency}`);
}

export function addHoldCommands(program: Command): void {
  const holds = program.command('hold').description('what waits for a decision');
  listing(holds.command('list').description('the most urgent first')).action(async (options: ListOptions) => {
    const rows = (await listHub('/api/v1/holds', {}, options.limit)) as unknown as HeldOrderView[];
    if (options.json === true) return console.log(JSON.stringify(rows));
    printTable(
      ['hold', 'type', 'for', 'order', 'purchase order', 'total', '', 'due', 'why'],
      rows.map((h) => [
        h.id,
        h.type,
        h.role,
        h.order.orderNumber,
        h.order.purchaseOrderNumber,
        h.order.total.amount,
        h.order.total.currency,
        minute(h.dueAt),
        h.reasonText,
      ]),
      [5],
    );
  });
  for (const [verb, action] of [
    ['release', 'release'],
    ['reject', 'reject'],
  ] as const) {
    holds
      .command(verb)
      .argument('<hold>', 'its id')
      .requiredOption('--reason <text>', 'kept with the decision')
      .description(`${verb} a hold, in the name of your key's person`)
      .action(async (id: string, options: { reason: string }) => {
        const outcome = (await callHub(`/api/v1/holds/${encodeURIComponent(id)}/decisions`, {
          method: 'POST',
          body: { action, reason: options.reason },
          idempotencyKey: randomUUID(),
        })) as { kind: string; status?: string };
        console.log(
          outcome.kind === 'resolved'
            ? `The hold is ${outcome.status ?? 'resolved'}.`
            : 'Kept; a second person has to agree.',
        );
      });
  }
}

export function addExceptionCommands(program: Command): void {
  const exceptions = program.command('exception').description('what a person has to look at');
  listing(exceptions.command('list').description('the most urgent first')).action(
    async (options: ListOptions) => {
      const rows = (await listHub('/api/v1/exceptions', {}, options.limit)) as unknown as ExceptionView[];
      if (options.json === true) return console.log(JSON.stringify(rows));
      printTable(
        ['exception', 'kind', 'owner', 'due', 'what'],
        rows.map((e) => [e.id, e.kind, e.owner ?? e.ownerRole, minute(e.dueAt), e.text]),
      );
    },
  );
}

export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .option('--json', 'for programs')
    .description('compare every sum of the record with what it sums up; exit 1 on a difference')
    .action(async (options: { json?: boolean }) => {
      const report = (await callHub('/api/v1/reports/reconcile')) as ReconcileReportView;
      if (options.json === true) console.log(JSON.stringify(report));
      else if (report.differences.length === 0)
        console.log(`${report.checks.length} comparisons, no difference.`);
      else
        printTable(
          ['what should be', 'where', 'expected', 'found'],
          report.differences.map((d) => [d.check, d.subject, String(d.expected), String(d.found)]),
          [2, 3],
        );
      if (report.differences.length > 0) process.exitCode = 1;
    });
}
