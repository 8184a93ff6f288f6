import { Button, Group, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { CreditCaseView } from '../../../api/contract/credit';
import { ExposureBar } from '../holds/exposure-bar';
import { write } from '../http/call';
import { creditCaseQuery, creditQuery } from '../http/queries';
import { formatMoney, inWords } from '../parts/format';
import { Age, Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { ProblemAlert } from '../parts/problem-alert';
import { StateBadge } from '../parts/state-badge';
import { useMay, useSession } from '../session/session';
import { AgeingChart } from './ageing-chart';
import { BookPrepayment } from './book-prepayment';
import { type CaseAction, CaseDialog } from './case-actions';
import { CaseSnapshots } from './case-snapshots';
import { CreditFigures, LevelsAbove } from './figures';
import { HandOverCase } from './hand-over-case';
import { Disputes } from './receivables';

const actions: readonly { readonly action: CaseAction; readonly label: string }[] = [
  { action: 'release', label: 'Release…' },
  { action: 'release-part', label: 'Release in part…' },
  { action: 'request-prepayment', label: 'Ask for prepayment…' },
  { action: 'temporary-limit', label: 'Temporary limit…' },
  { action: 'reject', label: 'Reject…' },
];

/** One credit case: why the order waits, what its account owes and since when, and what can be done. */
export function CasePage() {
  const { holdId = '' } = useParams();
  const query = useQuery(creditCaseQuery(holdId));
  const found = query.data;
  if (query.error && !found) {
    return (
      <>
        <PageHead title="Credit case" />
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!found) return <Skeleton height={200} />;
  return (
    <>
      <PageHead
        title={`Credit case ${found.order.orderNumber}`}
        beside={<StateBadge state={found.status} />}
      />
      <Stack gap="lg">
        <CaseFacts found={found} />
        <Account accountId={found.creditAccountId} />
        <CaseSnapshots found={found} />
        <Notes found={found} />
      </Stack>
    </>
  );
}

function CaseFacts({ found }: { readonly found: CreditCaseView }) {
  const may = useMay();
  const session = useSession();
  const [asked, setAsked] = useState<CaseAction | null>(null);
  const person = may('holds:decide') ? session.person : null;
  const { prepayment } = found;
  const isOpen = found.status === 'open';
  const possible = actions.filter(({ action }) => {
    // A prepayment is asked for once, and for the whole order; a part is a part of the whole order, too.
    if (action === 'request-prepayment') return found.lineNumber === null && prepayment?.status !== 'open';
    return action !== 'release-part' || found.lineNumber === null;
  });
  return (
    <section className="panel" aria-label="The case">
      <Group justify="space-between" align="flex-start" gap="lg">
        <div style={{ flex: 1, minWidth: 260 }}>
          <Text fw={650}>{found.reasonText}.</Text>
          <Text size="sm">
            <Link className="link" to={`/orders/${found.order.id}`}>
              {found.order.orderNumber}
            </Link>
            {found.lineNumber !== null && `, line ${found.lineNumber}`} of {found.order.customer.name},{' '}
            {formatMoney(found.toDecide)}
            {isOpen && (
              <>
                , waits for <Age since={found.openedAt} />, decision <Deadline at={found.dueAt} />
              </>
            )}
          </Text>
          <Text size="sm" className="soft">
            {isOpen && (found.owner === null ? 'Nobody works on it yet · ' : `${found.owner} works on it · `)}
            {isOpen ? 'priority' : 'Priority'} {found.priority}
            {found.riskClass !== null && ` · risk class ${found.riskClass}`}
          </Text>
          {!prepayment && found.paidInAdvance.amountMinor > 0 && (
            <Text size="sm">{formatMoney(found.paidInAdvance)} has been paid in advance.</Text>
          )}
          {prepayment && (
            <Text size="sm">
              Prepayment of {formatMoney(prepayment.amount)} asked for by {prepayment.requestedBy} (
              {inWords(prepayment.status).toLowerCase()}): {formatMoney(prepayment.paid)} has come in, due{' '}
              <Instant at={prepayment.expiresAt} />
            </Text>
          )}
          {!isOpen && (
            <Text size="sm">
              {inWords(found.status)} by {found.resolvedBy}
              {found.inNameOf !== null && ` for ${found.inNameOf}`}: {found.resolutionReason}
            </Text>
          )}
        </div>
        {found.exposure && (
          // Once it is decided the order is in the exposure, or gone.
          <ExposureBar exposure={found.exposure} {...(isOpen && { order: found.order.total })} />
        )}
      </Group>
      {isOpen && person !== null && (
        <Group mt="md" gap="xs">
          {found.decidable &&
            possible.map(({ action, label }) => (
              <Button
                key={action}
                size="sm"
                variant={action === 'release' ? 'filled' : 'default'}
                onClick={() => setAsked(action)}
              >
                {label}
              </Button>
            ))}
          {prepayment?.requestedBy === person ? (
            <Text size="sm" className="soft">
              Its payment is booked by somebody else.
            </Text>
          ) : (
            <BookPrepayment found={found} />
          )}
          <HandOverCase found={found} person={person} />
        </Group>
      )}
      <CaseDialog action={asked} found={found} onClose={() => setAsked(null)} />
    </section>
  );
}

function Account({ accountId }: { readonly accountId: string }) {
  const account = useQuery(creditQuery(accountId)).data;
  if (!account) return <Skeleton height={160} />;
  const disputes = account.disputes.filter(({ inForce }) => inForce);
  return (
    <section className="panel" aria-labelledby="account">
      <Title order={2} size="h4" mb="xs" id="account">
        <Link className="link" to={`/credit/${account.creditAccountId}`}>
          {account.name}
        </Link>
      </Title>
      <CreditFigures account={account} />
      <LevelsAbove account={account} />
      <Title order={3} size="h5" mt="md" mb="xs">
        Receivables by age
      </Title>
      <AgeingChart ageing={account.ageing} />
      {disputes.length > 0 && (
        <>
          <Title order={3} size="h5" mt="md" mb="xs">
            What is contested
          </Title>
          <Disputes account={{ ...account, disputes }} mayDecide={false} />
        </>
      )}
    </section>
  );
}

function Notes({ found }: { readonly found: CreditCaseView }) {
  const may = useMay();
  const session = useSession();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => write('POST', `/api/v1/credit-cases/${found.id}/notes`, { text }, crypto.randomUUID()),
    onSuccess: () => setText(''),
    onSettled: () => void client.invalidateQueries({ queryKey: ['credit-case'] }),
  });
  return (
    <section className="panel" aria-labelledby="notes">
      <Title order={2} size="h4" mb="xs" id="notes">
        Notes
      </Title>
      <Stack gap="xs">
        {found.notes.map((note) => (
          <div key={note.id}>
            <Text size="sm">{note.text}</Text>
            <Text size="xs" className="soft">
              {note.person}, <Instant at={note.at} />
            </Text>
          </div>
        ))}
        {found.notes.length === 0 && (
          <Text size="sm" className="soft">
            None yet.
          </Text>
        )}
        {may('holds:decide') && session.person !== null && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              add.mutate();
            }}
          >
            <Group align="flex-end">
              <Textarea
                style={{ flex: 1 }}
                label="Add a note"
                autosize
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <Button type="submit" variant="default" loading={add.isPending} disabled={text.trim() === ''}>
                Keep
              </Button>
            </Group>
            {add.error && <ProblemAlert error={add.error} />}
          </form>
        )}
      </Stack>
    </section>
  );
}
