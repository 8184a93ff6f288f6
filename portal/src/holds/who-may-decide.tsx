import { Button, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { HoldView } from '../../../api/contract/holds';
import { authorityQuery } from '../http/queries';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';

const words = {
  alone: 'may decide',
  'with-a-second-person': 'with a second person',
  not: 'may not',
} as const;

/** Who could decide a hold now, by which rule, and why the others could not. */
export function WhoMayDecide({ hold }: { readonly hold: HoldView }) {
  const [open, modal] = useDisclosure();
  const asked = useQuery({ ...authorityQuery(hold.id), enabled: open });
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={modal.open}>
        Who may decide?
      </Button>
      <Modal opened={open} onClose={modal.close} title="Who may decide" size="lg">
        {asked.error && <ProblemAlert error={asked.error} onRetry={() => void asked.refetch()} />}
        <Stack gap="sm">
          {(asked.data?.people ?? []).map((one) => (
            <div key={one.person}>
              <Text fw={600} component="span">
                {one.person}
              </Text>{' '}
              <StateBadge state={words[one.outcome]} tone={one.outcome === 'not' ? 'neutral' : 'good'} />
              <Text size="sm">{one.why}.</Text>
              {one.rule !== '' && (
                <Text size="xs" className="soft">
                  By {one.rule}
                </Text>
              )}
            </div>
          ))}
        </Stack>
      </Modal>
    </>
  );
}
