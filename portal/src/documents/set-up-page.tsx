import {
  Alert,
  Button,
  Checkbox,
  Group,
  JsonInput,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { PartnerSetUpProposalView } from '../../../api/contract/partners';
import { write } from '../http/call';
import { setUpProposalQuery } from '../http/queries';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';

type Proposal = PartnerSetUpProposalView;

/** Prefilled from the file in quarantine; the operator completes it, and replays the file next. */
export function SetUpPage() {
  const { interchangeId = '' } = useParams();
  const proposal = useQuery(setUpProposalQuery(interchangeId));
  return (
    <>
      <PageHead title="Set a partner up" />
      {proposal.error && <ProblemAlert error={proposal.error} onRetry={() => void proposal.refetch()} />}
      {!proposal.error &&
        (proposal.data ? (
          <SetUpForm proposal={proposal.data} interchangeId={interchangeId} />
        ) : (
          <Skeleton height={300} />
        ))}
    </>
  );
}

const parsed = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

function SetUpForm({
  proposal,
  interchangeId,
}: {
  readonly proposal: Proposal;
  readonly interchangeId: string;
}) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [intention, setIntention] = useState(() => crypto.randomUUID());
  const [partner, setPartner] = useState(proposal.partner);
  const [channel, setChannel] = useState({ id: proposal.channel.id, kind: proposal.channel.kind });
  const [settings, setSettings] = useState(JSON.stringify(proposal.channel.settings, null, 2));
  const [policy, setPolicy] = useState(JSON.stringify(proposal.agreement.policy, null, 2));
  const [agreementId, setAgreementId] = useState(proposal.agreement.id);
  const [documents, setDocuments] = useState(
    proposal.agreement.documents.map((one) => ({ ...one, chosen: true })),
  );
  const bodyOf = () => ({
    partner: { ...partner, customerId: partner.customerId || null },
    channel: { ...channel, settings: parsed(settings) },
    agreement: {
      ...proposal.agreement,
      id: agreementId,
      policy: parsed(policy),
      documents: documents.filter(({ chosen }) => chosen).map(({ chosen: _, ...one }) => one),
    },
  });
  const save = useMutation({
    mutationFn: () => write('POST', '/api/v1/partner-set-ups', bodyOf(), intention),
    onSuccess: () => {
      notifications.show({
        title: 'The partner is set up',
        message: 'Now replay what waits in quarantine.',
        color: 'hub.8',
      });
      void client.invalidateQueries({ queryKey: ['interchange', interchangeId] });
      void navigate(`/interchanges/${interchangeId}`);
    },
    // What is sent next is another body: another intention.
    onError: () => setIntention(crypto.randomUUID()),
  });
  const { agreement } = proposal;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack maw={960}>
        <Text>
          From <span className="mono">{`${agreement.partnerQualifier}:${agreement.partnerIsaId}`}</span> to{' '}
          <span className="mono">{`${agreement.ownQualifier}:${agreement.ownIsaId}`}</span>,{' '}
          {agreement.usage === 'T' ? 'test' : 'production'}. What the file says is filled in.
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Partner id"
            required
            value={partner.id}
            onChange={(event) => setPartner({ ...partner, id: event.currentTarget.value.trim() })}
          />
          <TextInput
            label="Name"
            required
            value={partner.name}
            onChange={(event) => setPartner({ ...partner, name: event.currentTarget.value })}
          />
          <TextInput
            label="Customer"
            description="Whose orders its purchase orders become; without one they cannot become orders"
            value={partner.customerId ?? ''}
            onChange={(event) => setPartner({ ...partner, customerId: event.currentTarget.value.trim() })}
          />
          <Select
            label="Status"
            description="While it is onboarding only test interchanges are exchanged"
            allowDeselect={false}
            data={[
              { value: 'live', label: 'Live' },
              { value: 'onboarding', label: 'Onboarding' },
            ]}
            value={partner.status}
            onChange={(value) =>
              setPartner({ ...partner, status: value === 'onboarding' ? 'onboarding' : 'live' })
            }
          />
          <TextInput
            label="Channel id"
            required
            value={channel.id}
            onChange={(event) => setChannel({ ...channel, id: event.currentTarget.value.trim() })}
          />
          <Select
            label="How documents reach it"
            allowDeselect={false}
            data={[
              { value: 'https-mailbox', label: 'It polls its mailbox' },
              { value: 'https-push', label: 'HTTPS to its address' },
              { value: 'as2', label: 'AS2' },
              { value: 'sftp', label: 'SFTP' },
            ]}
            value={channel.kind}
            onChange={(value) => setChannel({ ...channel, kind: value ?? 'https-mailbox' })}
          />
          <TextInput
            label="Agreement id"
            required
            value={agreementId}
            onChange={(event) => setAgreementId(event.currentTarget.value.trim())}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {channel.kind !== 'https-mailbox' && (
            <JsonInput
              label="Settings of the channel"
              autosize
              minRows={3}
              value={settings}
              onChange={setSettings}
              validationError="This is not JSON"
            />
          )}
          <JsonInput
            label="Policy of the envelope"
            description="What differs from the defaults"
            autosize
            minRows={3}
            value={policy}
            onChange={setPolicy}
            validationError="This is not JSON"
          />
        </SimpleGrid>
        <Table.ScrollContainer minWidth={640} type="native" className="table-frame">
          <Table verticalSpacing="xs">
            <caption className="visually-hidden">Document agreements</caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Agreed</Table.Th>
                <Table.Th scope="col">Document</Table.Th>
                <Table.Th scope="col">Our GS id</Table.Th>
                <Table.Th scope="col">Its GS id</Table.Th>
                <Table.Th scope="col">Version</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {documents.map((one, at) => (
                <Table.Tr key={`${one.direction} ${one.set} ${one.partnerGsId} ${one.version}`}>
                  <Table.Td>
                    <Checkbox
                      aria-label={`${one.set} ${one.direction === 'in' ? 'from the partner' : 'to the partner'}`}
                      checked={one.chosen}
                      onChange={(event) => {
                        const chosen = event.currentTarget.checked;
                        setDocuments(
                          documents.map((other, place) => (place === at ? { ...other, chosen } : other)),
                        );
                      }}
                    />
                  </Table.Td>
                  <Table.Td>
                    {one.set} {one.direction === 'in' ? 'from it' : 'to it'}
                  </Table.Td>
                  <Table.Td className="mono">{one.ownGsId}</Table.Td>
                  <Table.Td className="mono">{one.partnerGsId}</Table.Td>
                  <Table.Td>{one.version}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {!partner.customerId && (
          <Alert color="#8a4b00" variant="outline" bg="white" title="No customer yet">
            Its purchase orders would wait for somebody, since nobody knows whose orders they are.
          </Alert>
        )}
        {save.error && <ProblemAlert error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void navigate(`/interchanges/${interchangeId}`)}>
            Back
          </Button>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={parsed(policy) === null || parsed(settings) === null}
          >
            Set it up
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
