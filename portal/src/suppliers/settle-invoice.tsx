import { Group, List, Text } from '@mantine/core';
import type { SupplierOrderView } from '../../../api/contract/supplier-orders';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { formatMoney } from '../parts/format';
import { useSession } from '../session/session';

type Invoice = SupplierOrderView['invoices'][number];

const verbs = { accept: 'Accept', reject: 'Reject' } as const;
const consequences = {
  accept:
    'What has left and is not billed yet counts as billed, and the ERP is told to pay the invoice as it stands.',
  reject: 'Nothing of it is booked or paid. The supplier has to send another invoice, under another number.',
} as const;

/** What finance decides of a supplier's invoice: whether one that does not match is owed, and to post it again. */
export function SettleInvoice({
  order,
  invoice,
}: {
  readonly order: SupplierOrderView;
  readonly invoice: Invoice;
}) {
  const { roles, scopes } = useSession();
  const mayDecide = roles.some((role) => role.startsWith('finance')) && scopes.includes('credit:read');
  if (!mayDecide || invoice.state === 'posted' || invoice.state === 'rejected') return null;
  const path = `/api/v1/supplier-orders/${order.id}/invoices/${encodeURIComponent(invoice.number)}`;
  const about = `invoice ${invoice.number}`;
  if (invoice.state !== 'mismatch')
    return (
      <AskButton
        label="Post again…"
        size="compact-xs"
        named={`Post ${about} again`}
        title={`Post ${about} to the ERP again`}
      >
        {(close) => (
          <AskForm
            button="Post again"
            reason={null}
            send={() => write('POST', `${path}/post`)}
            refresh={['supplier-orders']}
            told={() => ({
              title: 'Supplier invoice',
              message: `Invoice ${invoice.number} is posted in a moment.`,
            })}
            onDone={close}
          >
            <Text size="sm">
              It is posted by itself. Ask for it again when what kept the ERP from booking it is settled
              there; it is booked once.
            </Text>
          </AskForm>
        )}
      </AskButton>
    );
  return (
    <Group gap="xs" mt={4}>
      {(['accept', 'reject'] as const).map((action) => (
        <AskButton
          key={action}
          label={`${verbs[action]}…`}
          size="compact-xs"
          named={`${verbs[action]} ${about}`}
          title={`${verbs[action]} ${about} of ${order.supplier.name}`}
        >
          {(close) => (
            <AskForm
              button={verbs[action]}
              danger={action === 'reject'}
              send={(reason, intention) => write('POST', `${path}/decision`, { action, reason }, intention)}
              refresh={['supplier-orders', 'exceptions', 'timeline']}
              told={() => ({
                title: 'Supplier invoice',
                message: `Invoice ${invoice.number} is ${action === 'accept' ? 'accepted' : 'rejected'}.`,
              })}
              onDone={close}
            >
              <Text size="sm">
                {formatMoney(invoice.total)} for {order.number}. It does not match what was ordered and has
                left:
              </Text>
              <List size="sm">
                {invoice.problems.map((problem) => (
                  <List.Item key={problem.text}>{problem.text}</List.Item>
                ))}
              </List>
              <Text size="sm">{consequences[action]}</Text>
            </AskForm>
          )}
        </AskButton>
      ))}
    </Group>
  );
}
