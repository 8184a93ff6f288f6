import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW as PLACED, purchaseOrder, seedCompany } from './company';
import { GatewayDoor } from './gateway-door';
import { group, interchange, setUpPartner, transactionSet } from './trading-partner';

const groupIds: Readonly<Record<string, string>> = {
  '943': 'AR',
  '945': 'SW',
  '944': 'RE',
  '947': 'AW',
  '846': 'IB',
};

export interface Released {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly number: string;
  readonly labels: readonly string[];
}

/** What a 944 says came: bolts, and two cases of washers. */
export const receipt = (number: string, quantity = '10') => [
  `W17*F*20261122*${number}*ASN1`,
  'N1*WH*DOCK*91*EAST',
  `W07*${quantity}*EA**VN*BOLT`,
  'W07*2*CA**VN*WASHER',
  'W14*12',
];

/** The warehouse DOCK, which keeps EAST and speaks EDI: for the tests of a file, each with a record of its own. */
export function useDock() {
  let door: GatewayDoor;
  let controlNumber = 0;
  const db = () => door.db;
  beforeEach(async () => {
    door = await GatewayDoor.open();
    await seedCompany(db(), { stock: { BOLT: { EAST: 100 }, NUT: { EAST: 500 }, WASHER: { EAST: 240 } } });
    await setUpPartner(db(), { partnerId: 'DOCK', alsoSends: ['943', '945', '944', '947', '846'] });
    await db()('node').where({ id: 'EAST' }).update({ warehouse_partner: 'DOCK' });
  });
  afterEach(async () => {
    expect(await reconcileRecord(db())).toEqual([]);
    await door.database.drop();
  });

  /** A document of the warehouse, in an interchange of its own; received and judged. */
  async function arrive(set: string, segments: readonly string[]): Promise<void> {
    controlNumber += 1;
    await door.send(
      interchange({
        controlNumber,
        sender: 'DOCK',
        groups: [group(groupIds[set] ?? '', controlNumber, [transactionSet(set, '0001', segments)], 'DOCK')],
      }),
    );
  }
  /** An order of 60 bolts (two cartons) and 24 washers, released to EAST. */
  async function released(): Promise<Released> {
    const request = purchaseOrder([
      line('BOLT', '60', '10.00'),
      line('WASHER', '2', '30.00', { unit: 'CA' }),
    ]);
    const result = await db().transaction((tx) => placeOrder(tx, request, PLACED));
    if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
    await db().transaction((tx) => answerOrder(tx, result.orderId, 'final', PLACED));
    const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, result.orderId, PLACED));
    await db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: '940' }, PLACED),
    );
    const shipment = await db()('shipment').where({ id: shipmentId }).first('shipment_number');
    const labels = await db()('package').where({ shipment_id: shipmentId }).orderBy('sequence').pluck('sscc');
    return { orderId: result.orderId, shipmentId, number: shipment.shipment_number, labels };
  }
  const work = () => door.work('DOCK');
  const exceptions = () => db()('exception').where({ status: 'open' }).orderBy('id').select('kind', 'text');
  return {
    db,
    arrive,
    work,
    exceptions,
    released,
    send: async (set: string, segments: readonly string[]): Promise<void> => {
      await arrive(set, segments);
      await work();
    },
    lastState: async () => {
      const row = await db()('received_content').orderBy('id', 'desc').first('state', 'note');
      return row?.state as string;
    },
    onHand: async (itemId: string, nodeId = 'EAST') =>
      (await db()('stock').where({ item_id: itemId, node_id: nodeId, usage: 'P' }).first('on_hand'))
        ?.on_hand ?? 0,
    kinds: async () => (await exceptions()).map(({ kind }) => kind as string),
  };
}
