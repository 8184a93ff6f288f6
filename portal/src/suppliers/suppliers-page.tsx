import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ItemSupplierView, SupplierView } from '../../../api/contract/supplier-orders';
import { itemSuppliersQuery, suppliersQuery } from '../http/queries';
import { AskButton } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { formatCount, formatPrice } from '../parts/format';
import { Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { useMay } from '../session/session';
import { EditItemSupplier, sourcingWords } from './edit-item-supplier';
import { backorderWords, EditSupplier } from './edit-supplier';

/** Who ships to customers for the company, what was agreed, and what items cost there. */
export function SuppliersPage() {
  const may = useMay();
  const mayReadCosts = may('prices:read', 'prices:write');
  const [shown, setShown] = useState('suppliers');
  return (
    <>
      <PageHead title="Suppliers">
        {mayReadCosts && (
          <SegmentedControl
            aria-label="What is shown"
            value={shown}
            onChange={setShown}
            data={[
              { value: 'suppliers', label: 'Suppliers' },
              { value: 'items', label: 'Items and costs' },
            ]}
          />
        )}
      </PageHead>
      {shown === 'suppliers' ? <Suppliers /> : <Items />}
    </>
  );
}

const placeOf = ({ address: { lines, city, region, postalCode, country } }: SupplierView) =>
  [...lines, [city, region, postalCode].filter(Boolean).join(' '), country].filter(Boolean).join(', ');

function Suppliers() {
  const mayEdit = useMay()('partners:write');
  const { data, error, refetch } = useQuery(suppliersQuery());
  const columns: readonly Column<SupplierView>[] = [
    {
      name: 'partner',
      header: 'Supplier',
      wrap: true,
      cell: ({ partner }) => (
        <>
          <strong>{partner.name}</strong>
          <div className="soft small">{partner.id}</div>
        </>
      ),
    },
    {
      name: 'node',
      header: 'Ships from',
      wrap: true,
      cell: (one) => (
        <>
          {one.node}
          <div className="soft small">{placeOf(one)}</div>
        </>
      ),
    },
    {
      name: 'agreed',
      header: 'Agreed',
      wrap: true,
      cell: (one) => (
        <>
          <div>Answers within {formatCount(one.answerHours)} hours</div>
          <div>Bills up to {one.priceTolerancePercent} % above its cost</div>
          <div>{backorderWords[one.backorders]}</div>
        </>
      ),
    },
    { name: 'items', header: 'Items', align: 'right', cell: (one) => formatCount(one.items) },
    { name: 'open', header: 'Open orders', align: 'right', cell: (one) => formatCount(one.openOrders) },
    ...(mayEdit
      ? [
          {
            name: 'edit',
            header: 'Edit',
            cell: (one: SupplierView) => (
              <AskButton
                label="Edit…"
                size="xs"
                named={`Edit ${one.node}`}
                title={`Supplier ${one.partner.name}`}
                dialogSize="lg"
              >
                {(close) => <EditSupplier supplier={one} onDone={close} />}
              </AskButton>
            ),
          },
        ]
      : []),
  ];
  return (
    <Stack gap="md">
      {mayEdit && (
        <Group>
          <AskButton label="New supplier…" variant="filled" title="New supplier" dialogSize="lg">
            {(close) => <EditSupplier supplier="new" onDone={close} />}
          </AskButton>
        </Group>
      )}
      {error && !data && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      <DataTable
        caption="Suppliers that ship to customers, by the place they ship from"
        columns={columns}
        rows={data?.items}
        keyOf={(one) => one.node}
        empty="No supplier ships to customers. Make a trading partner one."
      />
    </Stack>
  );
}

function Items() {
  const mayEdit = useMay()('prices:write');
  const [item, setItem] = useState('');
  const [node, setNode] = useState('');
  const { data, error, refetch } = useQuery(
    itemSuppliersQuery({ item: item.trim() || null, node: node.trim() || null }),
  );
  const columns: readonly Column<ItemSupplierView>[] = [
    {
      name: 'item',
      header: 'Item',
      wrap: true,
      cell: (one) => (
        <>
          <strong>{one.item}</strong>
          <div className="soft small">theirs: {one.supplierItemId}</div>
        </>
      ),
    },
    { name: 'node', header: 'Supplier', cell: (one) => one.node },
    {
      name: 'cost',
      header: 'Cost',
      align: 'right',
      cell: (one) => `${formatPrice(one.unitCost, one.currency)} per ${one.unit}`,
    },
    {
      name: 'unit',
      header: 'Ordered in',
      wrap: true,
      cell: (one) => (
        <>
          <div>
            {one.unit} of {formatCount(one.unitFactor)}
          </div>
          <div className="soft small">at least {formatCount(one.minimumQuantity)}</div>
        </>
      ),
    },
    { name: 'lead', header: 'Lead time', align: 'right', cell: (one) => `${formatCount(one.leadDays)} days` },
    {
      name: 'sourcing',
      header: 'Asked',
      wrap: true,
      cell: (one) => (one.active ? sourcingWords[one.sourcing] : 'not any more'),
    },
    {
      name: 'version',
      header: 'Version',
      wrap: true,
      cell: (one) => (
        <span className="soft small">
          {one.version}, {one.updatedBy ?? 'imported'}, <Instant at={one.updatedAt} />
        </span>
      ),
    },
    ...(mayEdit
      ? [
          {
            name: 'edit',
            header: 'Edit',
            cell: (one: ItemSupplierView) => (
              <AskButton
                label="Edit…"
                size="xs"
                named={`Edit ${one.item} at ${one.node}`}
                title={`${one.item} at ${one.node}`}
                dialogSize="lg"
              >
                {(close) => <EditItemSupplier entry={one} onDone={close} />}
              </AskButton>
            ),
          },
        ]
      : []),
  ];
  return (
    <Stack gap="md">
      <Group align="flex-end" role="search" aria-label="Filter items">
        <TextInput
          label="Item"
          placeholder="Its number"
          value={item}
          onChange={(event) => setItem(event.currentTarget.value)}
        />
        <TextInput
          label="Supplier’s node"
          placeholder="Its name"
          value={node}
          onChange={(event) => setNode(event.currentTarget.value)}
        />
        {mayEdit && (
          <AskButton
            label="New item…"
            variant="filled"
            title="What a supplier asks for an item"
            dialogSize="lg"
          >
            {(close) => <EditItemSupplier entry="new" onDone={close} />}
          </AskButton>
        )}
      </Group>
      {error && !data && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      <DataTable
        caption="What suppliers ship, at what cost and within which time"
        columns={columns}
        rows={data?.items}
        keyOf={(one) => `${one.item}/${one.node}`}
        empty="Nothing is kept of what suppliers ship."
      />
    </Stack>
  );
}
