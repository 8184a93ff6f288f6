import { SimpleGrid, Title } from '@mantine/core';
import type { InvoiceSummaryView } from '../../../api/contract/invoices';
import type { OrderView } from '../../../api/contract/orders';
import type { ShipmentView } from '../../../api/contract/shipments';
import { type Column, DataTable } from '../parts/data-table';
import { formatDate, formatMoney, inWords } from '../parts/format';
import { Instant } from '../parts/instant';
import { StateBadge } from '../parts/state-badge';
import { PickupState } from './pickup-state';

function carrierText(carrier: unknown): string {
  const { scac, service } = (carrier ?? {}) as { readonly scac?: string; readonly service?: string };
  return [scac, service && inWords(service)].filter(Boolean).join(' ');
}

function contents(shipment: ShipmentView): string {
  return shipment.lines
    .map(
      (line) =>
        `${line.shipped > 0 || shipment.shippedAt !== null ? line.shipped : line.quantity} × ${line.itemId}${line.shortReason === null ? '' : ` (short: ${line.shortReason})`}`,
    )
    .join(', ');
}

function PaperLink({
  shipment,
  paper,
  text,
}: {
  readonly shipment: ShipmentView;
  readonly paper: 'labels' | 'packing-slip';
  readonly text: string;
}) {
  return (
    <a
      className="link"
      href={`/api/v1/shipments/${shipment.id}/${paper}`}
      target="_blank"
      rel="noreferrer"
      aria-label={`${text} of ${shipment.shipmentNumber} (PDF)`}
    >
      {text}
    </a>
  );
}

/** When it arrived; until then when it is expected, and where its packages are. */
function Delivery({ shipment }: { readonly shipment: ShipmentView }) {
  if (shipment.deliveredAt !== null) return <Instant at={shipment.deliveredAt} />;
  const statuses = new Set(shipment.packages.flatMap((one) => one.trackingStatus ?? []));
  const expected = shipment.estimatedDelivery;
  if (expected === null && statuses.size === 0) return <span className="soft">–</span>;
  return (
    <>
      {[...statuses].map((status) => (
        <StateBadge key={status} state={status} />
      ))}
      {expected !== null && <div className="soft">expected {formatDate(expected)}</div>}
    </>
  );
}

const shipmentColumns: readonly Column<ShipmentView>[] = [
  { name: 'number', header: 'Shipment', cell: (shipment) => shipment.shipmentNumber },
  { name: 'from', header: 'From', cell: (shipment) => shipment.node.name },
  { name: 'state', header: 'State', cell: (shipment) => <StateBadge state={shipment.state} /> },
  { name: 'what', header: 'Contents', wrap: true, cell: contents },
  {
    name: 'carrier',
    header: 'Carrier, store and tracking',
    wrap: true,
    cell: (shipment) => (
      <>
        {shipment.method === 'pickup' || shipment.store !== null ? <PickupState shipment={shipment} /> : null}
        {shipment.method === 'pickup'
          ? null
          : carrierText(shipment.carrier) || <span className="soft">–</span>}
        <div className="mono soft">
          {shipment.trackingNumber ??
            shipment.packages
              .map((p) => p.trackingNumber)
              .filter(Boolean)
              .join(', ')}
        </div>
      </>
    ),
  },
  { name: 'packages', header: 'Packages', align: 'right', cell: (shipment) => shipment.packages.length },
  {
    name: 'papers',
    header: 'Papers',
    cell: (shipment) =>
      shipment.state === 'cancelled' || shipment.packages.length === 0 ? (
        <span className="soft">–</span>
      ) : (
        <>
          <PaperLink shipment={shipment} paper="labels" text="Labels" />
          <br />
          <PaperLink shipment={shipment} paper="packing-slip" text="Packing slip" />
        </>
      ),
  },
  {
    name: 'way',
    header: 'Left, arrived',
    wrap: true,
    cell: (shipment) =>
      shipment.shippedAt === null ? (
        <span className="soft">–</span>
      ) : (
        <>
          <Instant at={shipment.shippedAt} />
          <br />
          <Delivery shipment={shipment} />
        </>
      ),
  },
];

const invoiceColumns: readonly Column<InvoiceSummaryView>[] = [
  { name: 'number', header: 'Invoice', cell: (invoice) => invoice.invoiceNumber },
  { name: 'shipment', header: 'For shipment', cell: (invoice) => invoice.shipmentNumber },
  { name: 'date', header: 'Date', cell: (invoice) => formatDate(invoice.invoiceDate) },
  { name: 'due', header: 'Due', cell: (invoice) => formatDate(invoice.dueDate) },
  { name: 'total', header: 'Total', align: 'right', cell: (invoice) => formatMoney(invoice.total) },
  { name: 'paid', header: 'Paid', align: 'right', cell: (invoice) => formatMoney(invoice.paid) },
  {
    name: 'posted',
    header: 'In the ERP',
    cell: (invoice) => (invoice.postedAt === null ? 'not yet' : <Instant at={invoice.postedAt} />),
  },
];

export function OrderDeliveries({ order }: { readonly order: OrderView }) {
  if (order.shipments.length === 0) return null;
  return (
    <SimpleGrid cols={1} spacing="lg">
      <section aria-labelledby="shipments">
        <Title order={2} size="h4" mb="xs" id="shipments">
          Shipments
        </Title>
        <DataTable
          caption="Shipments of the order"
          columns={shipmentColumns}
          rows={order.shipments}
          keyOf={(shipment) => shipment.id}
          empty="Nothing is planned yet."
        />
      </section>
      {order.invoices.length > 0 && (
        <section aria-labelledby="invoices">
          <Title order={2} size="h4" mb="xs" id="invoices">
            Invoices
          </Title>
          <DataTable
            caption="Invoices of the order"
            columns={invoiceColumns}
            rows={order.invoices}
            keyOf={(invoice) => invoice.id}
            empty="Nothing is invoiced yet."
          />
        </section>
      )}
    </SimpleGrid>
  );
}
