import { Alert, Button, Fieldset, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AllowedChangesView, ChangeOutcomeView, ChangePreviewView } from '../../../api/contract/changes';
import type { OrderView } from '../../../api/contract/orders';
import { CallProblem, write } from '../http/call';
import { allowedChangesQuery } from '../http/queries';
import { inWords } from '../parts/format';
import { ProblemAlert } from '../parts/problem-alert';
import {
  bodyOf,
  type ChangeDraft,
  isAllowed,
  isSendable,
  nothingDrafted,
  type ShipToDraft,
} from './change-draft';
import { ChangeEffect } from './change-effect';
import { AddLines, ChangeLines } from './change-lines';

interface FieldsProps {
  readonly allowed: AllowedChangesView;
  readonly draft: ChangeDraft;
  readonly onChange: (draft: ChangeDraft) => void;
}

const orderDays = [
  ['shipNotBefore', 'ship-not-before', 'Ship not before'],
  ['deliverBy', 'requested-date', 'Deliver by'],
  ['cancelAfter', 'cancel-after', 'Cancel after'],
] as const;

const places: readonly (readonly [keyof ShipToDraft, string, number])[] = [
  ['id', 'Code of a known place', 80],
  ['name', 'Name', 60],
  ['street', 'Street', 80],
  ['city', 'City', 60],
  ['region', 'State', 30],
  ['postalCode', 'Postal code', 15],
  ['country', 'Country', 2],
];

/** Days, ship-to and a note of the whole order; what the rules forbid now is not offered. */
function HeadFields({ allowed, draft, onChange }: FieldsProps) {
  const days = orderDays.filter(([, type]) => isAllowed(allowed.header, type));
  return (
    <>
      {days.length > 0 && (
        <Fieldset legend="Days of the whole order">
          <Group align="flex-end">
            {days.map(([field, , label]) => (
              <TextInput
                key={field}
                type="date"
                label={label}
                value={draft.days[field] ?? ''}
                onChange={(event) =>
                  onChange({ ...draft, days: { ...draft.days, [field]: event.currentTarget.value } })
                }
              />
            ))}
          </Group>
        </Fieldset>
      )}
      {isAllowed(allowed.header, 'ship-to') && (
        <Fieldset legend="Another ship-to">
          <Group align="flex-end" gap="sm">
            {places.map(([field, label, maxLength]) => (
              <TextInput
                key={field}
                label={label}
                maxLength={maxLength}
                w={field === 'country' || field === 'region' ? 80 : field === 'postalCode' ? 100 : 160}
                value={draft.shipTo[field]}
                onChange={(event) =>
                  onChange({ ...draft, shipTo: { ...draft.shipTo, [field]: event.currentTarget.value } })
                }
              />
            ))}
          </Group>
        </Fieldset>
      )}
      {isAllowed(allowed.header, 'notes') && (
        <TextInput
          label="Note"
          description="Kept with the order"
          maxLength={500}
          value={draft.note}
          onChange={(event) => onChange({ ...draft, note: event.currentTarget.value })}
        />
      )}
    </>
  );
}

const toneOf = (status: ChangeOutcomeView['status']) => (status === 'applied' ? 'hub.8' : 'yellow.8');

/** What was asked for stands below what was typed: it is brought into sight, and to whoever listens. */
function intoView(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' });
  section?.focus({ preventScroll: true });
}

/** What the rules let change now; it says what would come of it before it is asked for. */
export function ChangeForm({ order, onDone }: { readonly order: OrderView; readonly onDone: () => void }) {
  const [draft, setDraft] = useState(nothingDrafted);
  const [intention, setIntention] = useState('');
  const client = useQueryClient();
  const allowed = useQuery(allowedChangesQuery(order.id));
  const path = `/api/v1/orders/${order.id}/changes`;
  const body = bodyOf(draft, order.lines);
  const preview = useMutation({
    mutationFn: () => write<ChangePreviewView>('POST', `${path}/preview`, body),
    onSuccess: () => setIntention(crypto.randomUUID()),
  });
  const seen = preview.data;
  const apply = useMutation({
    mutationFn: () =>
      write<ChangeOutcomeView>('POST', path, body, intention, seen && `"${seen.orderVersion}"`),
    onSuccess: (outcome) => {
      notifications.show({
        title: `Change: ${inWords(outcome.status).toLowerCase()}`,
        message: outcome.text,
        color: toneOf(outcome.status),
      });
      onDone();
    },
    // What was seen is of an older order: it is looked at again.
    onError: (error) => {
      if (error instanceof CallProblem && error.status === 412) preview.reset();
    },
    onSettled: () => {
      for (const key of ['order', 'timeline', 'changes', 'allowed-changes'])
        void client.invalidateQueries({ queryKey: [key, order.id] });
      void client.invalidateQueries({ queryKey: ['buyer-approvals'] });
    },
  });
  const edit = (next: ChangeDraft) => {
    setDraft(next);
    // What was seen is not what is asked any more.
    preview.reset();
    apply.reset();
  };
  if (allowed.error) return <ProblemAlert error={allowed.error} onRetry={() => void allowed.refetch()} />;
  if (!allowed.data) return <Skeleton height={200} aria-label="Reading what may be changed" />;
  const nothing =
    seen?.assessment.lines.every((line) => !line.accepted && !line.partly) &&
    seen.assessment.head.every((one) => !one.accepted);
  const fields = { allowed: allowed.data, draft, onChange: edit };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (seen) apply.mutate();
        else preview.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          What is offered is what the rules allow at this state of the order. Look at what comes of it before
          you ask for it.
        </Text>
        <ChangeLines order={order} {...fields} />
        <AddLines {...fields} />
        <HeadFields {...fields} />
        {preview.error && <ProblemAlert error={preview.error} />}
        {seen && (
          <section aria-label="What comes of it" tabIndex={-1} ref={intoView}>
            {seen.waitingBefore > 0 && (
              <Alert color="yellow.9" variant="outline" mb="sm" bg="white">
                {seen.waitingBefore === 1 ? 'A change of the order is' : `${seen.waitingBefore} changes are`}{' '}
                decided before this one; the figures are without it.
              </Alert>
            )}
            {nothing && <Text fw={650}>Nothing of it can be done: {seen.text}</Text>}
            <ChangeEffect assessment={seen.assessment} />
          </section>
        )}
        {apply.error && <ProblemAlert error={apply.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Leave it
          </Button>
          {seen && !nothing ? (
            <Button type="submit" loading={apply.isPending}>
              {seen.assessment.holds.length > 0 ? 'Ask for it' : 'Change the order'}
            </Button>
          ) : (
            <Button
              type="submit"
              loading={preview.isPending}
              disabled={body === null || nothing === true || !isSendable(draft, order.lines, allowed.data)}
            >
              What comes of it?
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Changes an order: what the rules offer now, what would come of it, and then the change itself. */
export function ChangeOrder({ order }: { readonly order: OrderView }) {
  const [open, modal] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={modal.open}>
        Change the order…
      </Button>
      <Modal opened={open} onClose={modal.close} title={`Change order ${order.orderNumber}`} size={1100}>
        <ChangeForm order={order} onDone={modal.close} />
      </Modal>
    </>
  );
}
