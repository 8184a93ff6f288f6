import { Text } from '@mantine/core';
import type { SupplierOrderView } from '../../../api/contract/supplier-orders';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { useSession } from '../session/session';

/** A person no longer waits for a supplier: what is open of its order is sourced elsewhere. */
export function GiveUpOrder({ order }: { readonly order: SupplierOrderView }) {
  const { scopes } = useSession();
  const isOpen = order.lines.some((line) => line.ordered > line.cancelled + line.shipped);
  const isAsked = order.cancels.some((one) => one.state === 'asked');
  if (!isOpen || isAsked || !scopes.includes('orders:write')) return null;
  return (
    <AskButton
      label="Give up…"
      size="compact-xs"
      mt={4}
      named={`Give up ${order.number}`}
      title={`Give up ${order.number} of ${order.supplier.name}`}
    >
      {(close) => (
        <AskForm
          button="Give up"
          danger
          send={(reason, intention) =>
            write('POST', `/api/v1/supplier-orders/${order.id}/give-up`, { reason }, intention)
          }
          refresh={['supplier-orders', 'order', 'orders', 'timeline', 'exceptions']}
          told={() => ({
            title: 'Supplier order',
            message: `What was open of ${order.number} is sourced elsewhere.`,
          })}
          onDone={close}
        >
          <Text size="sm">
            What is still to come is sourced as if the supplier had refused it: from own stock or another
            supplier where the rule allows it. What nobody has waits or is cancelled, and the buyer is told.
            The supplier is asked to take it back.
          </Text>
        </AskForm>
      )}
    </AskButton>
  );
}
