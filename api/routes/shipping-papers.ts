import { z } from 'zod';
import { buildShippingPapers } from '../../application/fulfilment/build-shipping-papers';
import type { Db } from '../../db/connection';
import { findShipment } from '../../db/repositories/shipment-views';
import type { ShippingPapers } from '../../domain/fulfilment/shipping-papers';
import { parseShipmentId } from '../../domain/shared/ids';
import { visibilityOf } from '../auth/principal';
import { type Endpoint, endpoint, type Reply } from '../endpoint';
import { notFound, Problem } from '../problems';

type Labels = typeof import('../../gateway/papers/carton-labels');
type Slips = typeof import('../../gateway/papers/packing-slip');
// Loaded with the first paper: what draws PDFs and bar codes takes 13 MB, which an API that prints nothing can spare.
const labels = () => require('../../gateway/papers/carton-labels') as Labels;
const slips = () => require('../../gateway/papers/packing-slip') as Slips;

export interface Paper {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly render: (papers: ShippingPapers) => Promise<Buffer>;
}

function paperEndpoint({ path, name, summary, render }: Paper): Endpoint {
  return endpoint({
    method: 'get',
    path: `/shipments/{shipmentId}/${path}`,
    tag: 'Shipments',
    summary,
    scopes: ['orders:read'],
    params: { shipmentId: z.string() },
    replies: {
      200: { description: 'A PDF', mediaType: 'application/pdf' },
      409: { description: 'The shipment was cancelled, or has no cartons' },
    },
    handle: async ({ db, params, principal }) => {
      const row = await findShipment(db, visibilityOf(principal), parseShipmentId(params.shipmentId));
      if (!row) throw notFound('shipment');
      return printed(db, row, { name, render });
    },
  });
}

/** A paper of a shipment that still is to leave, as it is printed. */
export async function printed(
  db: Db,
  row: { readonly id: string; readonly state: string; readonly shipment_number: string },
  { name, render }: Pick<Paper, 'name' | 'render'>,
): Promise<Reply> {
  const refuse = (text: string) => new Problem(409, 'nothing-to-print', 'There is nothing to print', text);
  if (row.state === 'cancelled') throw refuse(`Shipment ${row.shipment_number} was cancelled.`);
  const papers = await buildShippingPapers(db, row.id);
  if (papers.cartons.length === 0) throw refuse(`Shipment ${row.shipment_number} has no cartons.`);
  return {
    status: 200,
    headers: { 'Content-Disposition': `inline; filename="${name}-${row.shipment_number}.pdf"` },
    raw: { type: 'application/pdf', content: await render(papers) },
  };
}

export const papers: readonly Paper[] = [
  {
    path: 'labels',
    name: 'labels',
    summary: 'GS1-128 labels of 4 x 6 inches, one page a carton',
    render: (shipping) => labels().renderCartonLabels(shipping),
  },
  {
    path: 'packing-slip',
    name: 'packing-slip',
    summary: 'The packing slip, without prices',
    render: (shipping) => slips().renderPackingSlip(shipping),
  },
];

export const shippingPaperEndpoints: readonly Endpoint[] = papers.map(paperEndpoint);
