import type { Outcome } from './play';

/** One row a scenario: what was sent, what came back, where the order stands. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(rowOf);
  const heads = ['', 'Scenario', 'Partner', 'PO', '997', '855', '865', '856', '810', 'Order', 'Total'];
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const last = heads.length - 1;
  const written = all.map((row) =>
    row
      .map((cell, column) =>
        column === last ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [written[0], rule, ...written.slice(1)].join('\n');
}

function rowOf(outcome: Outcome): readonly string[] {
  const { scenario, purchaseOrder, trade, orders, differences } = outcome;
  const of = (set: string) => trade.documents.filter((one) => one.set === set);
  const codes = (set: string) =>
    of(set)
      .map((one) => one.code ?? '')
      .join(' ') || '-';
  const [order] = orders;
  return [
    differences.length === 0 ? 'ok' : 'NO',
    scenario.title,
    scenario.partner,
    purchaseOrder,
    trade.sent.map((one) => one.acknowledgment?.code ?? '?').join(' ') || '-',
    codes('855'),
    codes('865'),
    countOf(of('856').length),
    countOf(of('810').length),
    order?.state ?? 'none',
    order?.total.amount ?? '',
  ];
}

const countOf = (count: number) => (count === 0 ? '-' : String(count));

/** Every document and order by its number, for whoever wants to look one up. */
export function documentsOf(outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ purchaseOrder, orders, trade }) => {
    const order = orders[0];
    if (!order) return [];
    const paid = trade.payments.reduce((sum, one) => sum + one.amountCents, 0);
    const parts = [
      `order ${order.orderNumber}`,
      ...(order.shipments.length > 0
        ? [`shipments ${order.shipments.map((one) => one.shipmentNumber).join(', ')}`]
        : []),
      ...(order.invoices.length > 0
        ? [`invoices ${order.invoices.map((one) => one.invoiceNumber).join(', ')}`]
        : []),
      ...(paid > 0 ? [`paid ${(paid / 100).toFixed(2)}`] : []),
    ];
    return [`  ${purchaseOrder}  ${parts.join('; ')}`];
  });
  return lines.join('\n');
}
