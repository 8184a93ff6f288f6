import { Text } from '@mantine/core';
import type { OrderView } from '../../../api/contract/orders';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';

interface CancelOutcome {
  readonly status: string;
  readonly text: string;
}

export function CancelOrder({ order }: { readonly order: OrderView }) {
  return (
    <AskButton label="Cancel the order…" title={`Cancel order ${order.orderNumber}`}>
      {(close) => (
        <AskForm<CancelOutcome>
          button="Cancel the order"
          back="Keep it"
          danger
          reason={{ description: 'Kept with the order' }}
          send={(reason, intention) =>
            write('POST', `/api/v1/orders/${order.id}/cancel`, { reason }, intention, `"${order.version}"`)
          }
          refresh={['order', 'timeline']}
          told={({ status, text }) => ({ title: 'Cancellation', message: text, waits: status === 'pending' })}
          onDone={close}
        >
          <Text size="sm">
            What has not left the warehouse is taken back; what was shipped stays and is invoiced.
          </Text>
        </AskForm>
      )}
    </AskButton>
  );
}
