import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { supplierOrdersQuery } from '../http/queries';
import { SupplierOrdersTable } from './supplier-orders-table';

/** What of an order suppliers ship. For the seller's own people. */
export function OrderSuppliers({ orderId }: { readonly orderId: string }) {
  const { data } = useQuery(supplierOrdersQuery({ order: orderId, limit: 50 }));
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-labelledby="suppliers">
      <Title order={2} size="h4" mb="xs" id="suppliers">
        Shipped by suppliers
      </Title>
      <SupplierOrdersTable orders={data.items} within="order" />
    </section>
  );
}
