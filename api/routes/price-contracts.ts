import { type ContractViewRow, listContracts } from '../../db/repositories/price-views';
import { requireOwnStaff } from '../auth/principal';
import {
  listContractsQuery,
  type PriceContractView,
  priceContract,
  priceContractList,
  saveContractBody,
} from '../contract/prices';
import { type Endpoint, endpoint } from '../endpoint';
import { Problem } from '../problems';

const whose = "Contracts are kept by the seller's own people.";

const contractView = (row: ContractViewRow): PriceContractView => ({
  id: row.id,
  customerId: row.customer_id,
  name: row.name,
  currency: row.currency,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  minimumOrderQuantity: row.minimum_order_quantity,
  commitmentQuantity: row.commitment_quantity,
  orderedQuantity: row.ordered,
  prices: row.prices,
  version: row.version,
});

const contractsList = endpoint({
  method: 'get',
  path: '/price-contracts',
  tag: 'Prices',
  summary: 'Contracts with customers, with what was ordered at their prices',
  scopes: ['prices:read', 'prices:write'],
  query: listContractsQuery,
  replies: { 200: { description: 'The contracts', schema: priceContractList } },
  handle: async ({ db, query, principal }) => {
    requireOwnStaff(principal, whose);
    const rows = await listContracts(db, query.customer);
    return { status: 200, body: { items: rows.map(contractView) } };
  },
});

const contractSave = endpoint({
  method: 'post',
  path: '/price-contracts',
  tag: 'Prices',
  summary: 'Save a contract; its prices are saved as prices of the customer that name it',
  scopes: ['prices:write'],
  body: saveContractBody,
  idempotency: { required: false, transaction: true },
  replies: {
    200: { description: 'The contract', schema: priceContract },
    409: { description: "The number is another customer's contract" },
    422: { description: 'There is no such customer' },
  },
  handle: async ({ db, body, principal }) => {
    requireOwnStaff(principal, whose);
    if (!(await db('customer').where({ id: body.customerId }).first('id')))
      throw new Problem(
        422,
        'unknown-customer',
        'Nothing was saved',
        `There is no customer ${body.customerId}.`,
      );
    const saved = await db('price_contract')
      .insert({
        id: body.id,
        customer_id: body.customerId,
        name: body.name,
        currency: body.currency,
        valid_from: body.validFrom,
        valid_to: body.validTo,
        minimum_order_quantity: body.minimumOrderQuantity,
        commitment_quantity: body.commitmentQuantity,
        changed_by: principal.person ?? principal.name,
      })
      .onConflict('id')
      .merge({
        name: body.name,
        currency: body.currency,
        valid_from: body.validFrom,
        valid_to: body.validTo,
        minimum_order_quantity: body.minimumOrderQuantity,
        commitment_quantity: body.commitmentQuantity,
        changed_by: principal.person ?? principal.name,
        changed_at: db.fn.now(),
        version: db.raw('price_contract.version + 1'),
      })
      .where('price_contract.customer_id', body.customerId)
      .returning('id');
    if (saved.length === 0)
      throw new Problem(
        409,
        'contract-taken',
        'Nothing was saved',
        `${body.id} is a contract of another customer.`,
      );
    const row = (await listContracts(db, body.customerId)).find((one) => one.id === body.id);
    return { status: 200, body: contractView(row as ContractViewRow) };
  },
});

export const priceContractEndpoints: readonly Endpoint[] = [contractsList, contractSave];
