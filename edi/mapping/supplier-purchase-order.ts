import type {
  SupplierOrderCancellation,
  SupplierPurchaseOrder,
} from '../../domain/fulfilment/supplier-documents';
import type { Party } from '../../domain/order/order-request';
import { isPositive } from '../../domain/shared/quantity';
import { addParties, type Rendered, Rendering, type RenderingOptions } from './rendering';

/** 850 to a supplier: BEG02 DS, the place that it ships to in N1 ST, what the company pays for each line. */
export function renderSupplierPurchaseOrder(
  order: SupplierPurchaseOrder,
  options: RenderingOptions,
): Rendered {
  const rendering = new Rendering(options);
  rendering.add(
    'BEG',
    '00',
    'DS',
    rendering.id(order.number, '324', 'BEG03'),
    '',
    rendering.date(order.date, 'BEG05'),
  );
  if (options.currency !== false) rendering.add('CUR', 'BY', order.currency);
  // CO: the company's number of its customer's order; PO: that customer's own.
  addReference(rendering, 'CO', order.orderNumber);
  addReference(rendering, 'PO', order.customerOrderNumber);
  addDay(rendering, '010', order.shipNotBefore);
  addDay(rendering, '002', order.deliverBy);
  addParties(rendering, [withRole('BY', order.buyer), withRole('ST', order.shipTo)]);
  order.lines.forEach((line) => {
    const where = `line ${line.lineNumber}`;
    rendering.add(
      'PO1',
      String(line.lineNumber),
      rendering.decimal(line.quantity, 15, where),
      line.unit,
      rendering.decimal(line.unitCost, 17, where),
      '',
      ...itemIds(rendering, line, where),
    );
    const description = rendering.text(line.description, 80);
    if (options.descriptions !== false && description !== '')
      rendering.add('PID', 'F', '', '', '', description);
    addDay(rendering, '002', line.deliverBy);
  });
  if (order.lines.length === 0) rendering.refuse('PO1', 'there is no line to order');
  rendering.add('CTT', String(order.lines.length));
  return rendering.finish('850');
}

/** 860: a supplier's order taken back as a whole (BCH01 01), or what is open of some of its lines (04). */
export function renderSupplierOrderCancellation(
  change: SupplierOrderCancellation,
  options: RenderingOptions,
): Rendered {
  const rendering = new Rendering(options);
  rendering.add(
    'BCH',
    change.whole ? '01' : '04',
    'DS',
    rendering.id(change.number, '324', 'BCH03'),
    '',
    rendering.id(change.changeNumber, '327', 'BCH05'),
    rendering.date(change.date, 'BCH06'),
    '',
    '',
    '',
    '',
    rendering.date(change.changedOn, 'BCH11'),
  );
  if (options.currency !== false) rendering.add('CUR', 'BY', change.currency);
  change.lines.forEach((line) => {
    const where = `line ${line.lineNumber}`;
    const deleted = !isPositive(line.left);
    rendering.add(
      'POC',
      String(line.lineNumber),
      deleted ? 'DI' : 'QD',
      // C030405: the quantity of the change, and what is left to receive beside it.
      rendering.decimal(deleted ? line.cancelled : line.left, 9, where),
      rendering.decimal(line.left, 9, where),
      line.unit,
      rendering.decimal(line.unitCost, 17, where),
      '',
      ...itemIds(rendering, line, where),
    );
  });
  rendering.add('CTT', String(change.lines.length));
  return rendering.finish('860');
}

const withRole = (role: string, party: Party): Party => ({ ...party, role });

function addReference(rendering: Rendering, qualifier: string, value: string): void {
  if (value !== '') rendering.add('REF', qualifier, rendering.id(value, '127', `REF ${qualifier}`));
}

function addDay(rendering: Rendering, qualifier: string, day: string | undefined): void {
  if (day !== undefined) rendering.add('DTM', qualifier, rendering.date(day, `DTM ${qualifier}`));
}

/** VN is the supplier's own number, BP the company's. */
const itemIds = (
  rendering: Rendering,
  { supplierItemId, itemId }: { readonly supplierItemId: string; readonly itemId: string },
  where: string,
): readonly string[] => [
  'VN',
  rendering.id(supplierItemId, '234', where),
  'BP',
  rendering.id(itemId, '234', where),
];
