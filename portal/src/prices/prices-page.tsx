import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PriceContractView, PriceView, PromotionUseView } from '../../../api/contract/prices';
import { priceContractsQuery, pricesQuery, promotionsQuery } from '../http/queries';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatDate, formatMoney, formatPrice, inWords } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { useMay } from '../session/session';
import { EditPrice } from './edit-price';

const whose = (price: PriceView) =>
  price.contractId !== null
    ? `Contract ${price.contractId} of ${price.customerId ?? ''}`
    : price.customerId !== null
      ? `Customer ${price.customerId}`
      : `List ${price.priceListId ?? ''}`;

const tier = (price: PriceView) => {
  const over =
    price.tierOver === 'line' ? '' : price.tierOver === 'item' ? ' of the item' : ' of the price group';
  const period = price.tierPeriod === null ? '' : `, ${price.tierPeriod} counted`;
  return `from ${formatCount(price.minimumQuantity)} ${price.unit}${over}${period}`;
};

const days = (from: string, to: string | null) =>
  `${formatDate(from)} – ${to === null ? '' : formatDate(to)}`;

/** Prices as they are maintained, contracts with what was ordered at them, promotions with what they have given. */
export function PricesPage() {
  const [shown, setShown] = useState('prices');
  return (
    <>
      <PageHead title="Prices">
        <SegmentedControl
          aria-label="What is shown"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'prices', label: 'Prices' },
            { value: 'contracts', label: 'Contracts' },
            { value: 'promotions', label: 'Promotions' },
          ]}
        />
      </PageHead>
      {shown === 'prices' && <Prices />}
      {shown === 'contracts' && <Contracts />}
      {shown === 'promotions' && <Promotions />}
    </>
  );
}

function Prices() {
  const may = useMay();
  const [search, setSearch] = useState('');
  const [customer, setCustomer] = useState('');
  const [edited, setEdited] = useState<PriceView | 'new' | null>(null);
  const filter = { search: search.trim() || null, customer: customer.trim() || null };
  const cursor = useCursor(JSON.stringify(filter));
  const query = useQuery(pricesQuery({ ...filter, limit: 50, after: cursor.after }));
  const mayEdit = may('prices:write');
  const columns: readonly Column<PriceView>[] = [
    {
      name: 'item',
      header: 'Item',
      wrap: true,
      cell: (price) => (
        <>
          <strong>{price.itemId}</strong>
          <div className="soft small">{price.description}</div>
        </>
      ),
    },
    { name: 'whose', header: 'Whose', wrap: true, cell: whose },
    { name: 'tier', header: 'Tier', wrap: true, cell: tier },
    {
      name: 'price',
      header: 'Price',
      align: 'right',
      cell: (price) => `${formatPrice(price.unitPrice, price.currency)} per ${price.unit}`,
    },
    { name: 'days', header: 'Valid', wrap: true, cell: (price) => days(price.validFrom, price.validTo) },
    {
      name: 'version',
      header: 'Version',
      cell: (price) => (
        <span className="soft small">
          {price.version}, {price.changedBy}
        </span>
      ),
    },
    ...(mayEdit
      ? [
          {
            name: 'edit',
            header: 'Edit',
            cell: (price: PriceView) => (
              <Button
                size="xs"
                variant="default"
                aria-label={`Edit the price of ${price.itemId}, ${tier(price)}`}
                onClick={() => setEdited(price)}
              >
                Edit…
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Stack gap="md">
      <Group align="flex-end">
        <TextInput
          label="Item"
          placeholder="Start of its number"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <TextInput
          label="Customer"
          placeholder="Its number"
          value={customer}
          onChange={(event) => setCustomer(event.currentTarget.value)}
        />
        {mayEdit && <Button onClick={() => setEdited('new')}>New price…</Button>}
      </Group>
      {query.error && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      <DataTable
        caption="Prices in use, the newest first"
        columns={columns}
        rows={query.data?.items}
        keyOf={(price) => price.id}
        empty="No price fits."
      />
      <Pager cursor={cursor} next={query.data?.next} />
      {edited !== null && <EditPrice price={edited} onClose={() => setEdited(null)} />}
    </Stack>
  );
}

function Contracts() {
  const query = useQuery(priceContractsQuery());
  const columns: readonly Column<PriceContractView>[] = [
    {
      name: 'id',
      header: 'Contract',
      wrap: true,
      cell: (one) => (
        <>
          <strong>{one.id}</strong>
          <div className="soft small">{one.name}</div>
        </>
      ),
    },
    { name: 'customer', header: 'Customer', cell: (one) => one.customerId },
    { name: 'days', header: 'Runs', wrap: true, cell: (one) => days(one.validFrom, one.validTo) },
    {
      name: 'minimum',
      header: 'Least an order',
      align: 'right',
      cell: (one) =>
        one.minimumOrderQuantity === null ? '–' : formatCount(String(one.minimumOrderQuantity)),
    },
    {
      name: 'ordered',
      header: 'Ordered of promised',
      align: 'right',
      cell: (one) =>
        `${formatCount(String(one.orderedQuantity))}${one.commitmentQuantity === null ? '' : ` of ${formatCount(String(one.commitmentQuantity))}`}`,
    },
    { name: 'prices', header: 'Prices', align: 'right', cell: (one) => one.prices },
  ];
  if (query.error) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <DataTable
      caption="Contracts with customers; quantities in base units"
      columns={columns}
      rows={query.data?.items}
      keyOf={(one) => one.id}
      empty="There is no contract."
    />
  );
}

function Promotions() {
  const may = useMay();
  const query = useQuery(promotionsQuery());
  const columns: readonly Column<PromotionUseView>[] = [
    {
      name: 'id',
      header: 'Promotion',
      wrap: true,
      cell: (one) => (
        <>
          <strong>{one.id}</strong>
          <div className="soft small">{one.name}</div>
        </>
      ),
    },
    {
      name: 'given',
      header: 'Given',
      align: 'right',
      cell: (one) => one.given.map((amount) => formatMoney(amount)).join(', ') || '–',
    },
    {
      name: 'maximum',
      header: 'Of at most',
      align: 'right',
      cell: (one) => (one.maximum === null ? '–' : formatMoney(one.maximum)),
    },
    {
      name: 'orders',
      header: 'Orders',
      align: 'right',
      cell: (one) => `${one.orders}${one.maximumUses === null ? '' : ` of ${one.maximumUses}`}`,
    },
    {
      name: 'stacking',
      header: 'With others',
      cell: (one) => inWords(one.stacking),
    },
  ];
  if (query.error) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {may('rules:read', 'rules:write') ? (
          <>
            They are edited under{' '}
            <Link className="link" to="/rules/promotion">
              Rules
            </Link>
            .
          </>
        ) : (
          'They are edited by who keeps the rules.'
        )}
      </Text>
      <DataTable
        caption="Promotions in force with what orders have of them"
        columns={columns}
        rows={query.data?.items}
        keyOf={(one) => one.id}
        empty="There is no promotion."
      />
    </Stack>
  );
}
