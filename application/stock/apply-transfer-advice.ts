import { z } from 'zod';
import type { Tx } from '../../db/connection';
import type { StockTransferShipmentAdvice } from '../../domain/fulfilment/warehouse-documents';
import { ItemBook, setAside } from '../fulfilment/warehouse-partner';
import type { ActOnContent } from '../partner/received-content';
import { expectStock, NOBODY_YET } from './expect-stock';

/**
 * What was agreed with a partner that sends stock to the company's nodes (`partner.policy.supply`): which nodes, and
 * what the partner calls them in N1 (element 67) where it does not use our id. Without it nobody counts on its word.
 */
const supplyPolicySchema = z.strictObject({
  nodes: z.record(z.string(), z.string().min(2).max(80)).refine((nodes) => Object.keys(nodes).length > 0),
});

/** Element 432: 17 estimated delivery, 67 current schedule delivery, 02 delivery requested. */
const deliveryDays = ['17', '67', '02'];

/**
 * 943 in: stock that a supplier or another warehouse says is on its way to a node of ours is counted on from the day
 * that it names; said again under its number it takes the place of what was said before. A number that somebody else
 * has announced is not taken over.
 */
export const applyTransferAdvice: ActOnContent<StockTransferShipmentAdvice> = async (tx, received, now) => {
  const { body, partnerId, usage } = received;
  const refuse = (problems: readonly string[]) => setAside(received, 'transfer-not-taken', problems, now);
  const policy = await readSupplyPolicy(tx, partnerId);
  if (policy === null)
    return refuse([`it is not agreed that ${partnerId} sends stock to nodes of the company`]);
  const named = body.parties.filter(({ role, id }) => (role === 'ST' || role === 'WH') && id !== undefined);
  const node = Object.entries(policy.nodes).find(([, code]) => named.some(({ id }) => id === code))?.[0];
  const number = body.depositorOrderNumber ?? body.shipmentNumber;
  const read = await readLines(tx, body);
  const problems = [
    ...(node === undefined
      ? [`it names no node that was agreed (N1 ST, WH: ${Object.values(policy.nodes).join(', ')})`]
      : []),
    ...(number === undefined ? ['it has neither an order nor a shipment number (W0602, W0604)'] : []),
    ...(body.lines.length === 0 ? ['it has no line (W04)'] : []),
    ...read.problems,
  ];
  if (node === undefined || number === undefined || problems.length > 0) return refuse(problems);
  const others = (await tx('inbound_stock')
    .where({ node_id: node, usage, number })
    .whereNotIn('source', [partnerId, NOBODY_YET])
    .first('source')) as { source: string } | undefined;
  if (others) return refuse([`${number} was announced by ${others.source} already`]);
  const expectedOn = body.dates.find(
    ({ qualifier, date }) => deliveryDays.includes(qualifier ?? '') && date,
  )?.date;
  const outcome = await expectStock(
    tx,
    {
      number,
      nodeId: node,
      usage,
      kind: 'transfer',
      source: partnerId,
      expectedOn: expectedOn ?? null,
      lines: read.lines,
    },
    `partner:${partnerId}`,
    now,
  );
  if (outcome.kind === 'refused') return refuse([outcome.text]);
  const day = expectedOn === undefined ? 'no day: promised to nobody until one is said' : expectedOn;
  return { kind: 'done', note: `${number} is expected at ${node}: ${day}` };
};

async function readSupplyPolicy(tx: Tx, partnerId: string) {
  const row = (await tx('partner').where({ id: partnerId }).first('policy')) as
    | { policy?: { supply?: unknown } }
    | undefined;
  return row?.policy?.supply === undefined ? null : supplyPolicySchema.parse(row.policy.supply);
}

async function readLines(tx: Tx, { lines }: StockTransferShipmentAdvice) {
  const book = await ItemBook.of(tx, lines);
  const read = lines.map((line) => book.quantityOf(line, line.quantity, line.unit));
  return {
    lines: read.flatMap((one) => ('problem' in one ? [] : [{ itemId: one.itemId, quantity: one.baseUnits }])),
    problems: read.flatMap((one, at) => ('problem' in one ? [`line ${at + 1}: ${one.problem}`] : [])),
  };
}
