import { Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { supplierOrdersQuery } from '../http/queries';
import { inWords } from '../parts/format';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { SupplierOrdersTable } from './supplier-orders-table';

const states = ['sent', 'acknowledged', 'partly-shipped', 'shipped', 'billed', 'cancelled'].map((value) => ({
  value,
  label: inWords(value),
}));

export function SupplierOrdersPage() {
  const [state, setState] = useState('');
  const [supplier, setSupplier] = useState('');
  const filter = { state, supplier: supplier.trim() };
  const cursor = useCursor(JSON.stringify(filter));
  const orders = useQuery(supplierOrdersQuery({ ...filter, limit: 25, after: cursor.after }));
  return (
    <>
      <PageHead title="Supplier orders" />
      <Group mb="md" align="flex-end" role="search" aria-label="Filter supplier orders">
        <Select
          label="State"
          placeholder="All states"
          data={states}
          value={state === '' ? null : state}
          onChange={(value) => setState(value ?? '')}
          w={200}
          clearable
        />
        <TextInput
          label="Supplier"
          placeholder="Partner’s id"
          w={200}
          value={supplier}
          onChange={(event) => setSupplier(event.currentTarget.value)}
        />
      </Group>
      {orders.error && !orders.data ? (
        <ProblemAlert error={orders.error} onRetry={() => void orders.refetch()} />
      ) : (
        <>
          <SupplierOrdersTable orders={orders.data?.items} within="list" />
          <Pager cursor={cursor} next={orders.data?.next} />
        </>
      )}
    </>
  );
}
