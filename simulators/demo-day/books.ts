import { z } from 'zod';
import { ask, carriersOf, type Places, until } from './places';
import type { Outcome } from './play';

const erpState = z.object({
  invoices: z.array(
    z.object({
      posting: z.object({ invoiceNumber: z.string(), totalMinor: z.int() }),
      documents: z.int(),
      paidMinor: z.int(),
      discountMinor: z.int(),
    }),
  ),
});
const warehouseState = z.object({
  releases: z.array(z.object({ release: z.object({ releaseNumber: z.string() }), requests: z.int() })),
});
const carrierState = z.object({
  labels: z.array(z.object({ label: z.object({ shipmentNumber: z.string() }), sold: z.int() })),
});
const partnerState = z.object({ problems: z.array(z.string()) });

/**
 * The books of the outside after the day: every shipment was asked for and labelled once, every invoice posted once, and what the
 * partners paid settles what the ERP has open.
 */
export async function checkBooks(places: Places, outcomes: readonly Outcome[]): Promise<readonly string[]> {
  const orders = outcomes.flatMap((outcome) => outcome.orders);
  const billed = new Set(orders.flatMap((order) => order.invoices.map((one) => one.invoiceNumber)));
  const byPartner = new Set(
    outcomes
      .filter((one) => one.scenario.expected !== undefined)
      .flatMap((one) =>
        one.orders.flatMap((order) => order.invoices.map((invoice) => invoice.invoiceNumber)),
      ),
  );
  // Posting and paying end a little after the last document.
  const look = async () => {
    const found = await differences();
    return found.length === 0 ? found : undefined;
  };
  const differences = async () => [
    ...erpDifferences((await ask(`${places.erp}/admin/state`, erpState)).invoices, billed, byPartner),
    ...(await ask(`${places.warehouse}/admin/state`, warehouseState)).releases
      .filter((one) => one.requests !== 1)
      .map((one) => `the warehouse got release ${one.release.releaseNumber} ${one.requests} times`),
    ...(await soldTwice(places)),
    ...(await ask(`${places.partner}/admin/state`, partnerState)).problems,
  ];
  return until('the books', look, 20_000).catch(differences);
}

async function soldTwice(places: Places): Promise<readonly string[]> {
  const carriers = await Promise.all(
    carriersOf(places).map((url) => ask(`${url}/admin/state`, carrierState)),
  );
  return carriers
    .flatMap((carrier) => carrier.labels)
    .filter((one) => one.sold !== 1)
    .map((one) => `the label of ${one.label.shipmentNumber} was bought ${one.sold} times`);
}

function erpDifferences(
  invoices: z.infer<typeof erpState>['invoices'],
  billed: ReadonlySet<string>,
  byPartner: ReadonlySet<string>,
): readonly string[] {
  const posted = new Map(invoices.map((one) => [one.posting.invoiceNumber, one]));
  const twice = invoices
    .filter((one) => one.documents !== 1)
    .map((one) => `${one.posting.invoiceNumber} was posted ${one.documents} times`);
  const missing = [...billed]
    .filter((number) => !posted.has(number))
    .map((number) => `${number} is not in the ERP`);
  const open = [...byPartner].flatMap((number) => {
    const one = posted.get(number);
    const openMinor = one ? one.posting.totalMinor - one.paidMinor - one.discountMinor : 0;
    return openMinor === 0
      ? []
      : [`${number}: ${openMinor} minor units are open in the ERP after the partner paid`];
  });
  return [...twice, ...missing, ...open];
}
