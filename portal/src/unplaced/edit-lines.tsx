import { Button, Group, List, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';
import { useSession } from '../session/session';
import { asText, readPasted } from './paste-lines';

type What = { readonly type: 'draft' | 'quote'; readonly of: UnplacedView | null };

const titleOf = ({ type, of }: What) =>
  of !== null ? `Lines of ${type} ${of.number}` : type === 'draft' ? 'New draft' : 'Ask for a quote';

const textOf = (of: UnplacedView | null) =>
  asText(
    (of?.lines ?? []).map((line) => ({
      item: line.item ?? line.itemId ?? '',
      quantity: line.quantity,
      unit: line.unit,
    })),
  );

/** Begins a draft, asks for a quote, or changes the lines of a draft: they are typed, or pasted from a spreadsheet. */
export function EditLines({ type, of, onClose }: What & { readonly onClose: () => void }) {
  const session = useSession();
  const isOwnStaff = session.customerId === null && session.partnerId === null;
  const [customer, setCustomer] = useState('');
  const [number, setNumber] = useState(of?.purchaseOrderNumber ?? '');
  const [shipTo, setShipTo] = useState('');
  const [text, setText] = useState(textOf(of));
  const [intention] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const navigate = useNavigate();
  const { lines, problems } = readPasted(text);
  const save = useMutation({
    mutationFn: () => {
      const body = {
        purchaseOrderNumber: number.trim(),
        lines,
        ...(of === null && isOwnStaff && { customerId: customer.trim() }),
        ...(of === null && shipTo.trim() !== '' && { shipTo: { id: shipTo.trim() } }),
      };
      const path = of === null ? `/api/v1/${type}s` : `/api/v1/drafts/${of.id}/lines`;
      // What was corrected after a refusal is another intention; a change goes by the version that was looked at.
      const key = of === null ? `${intention}-${hashOf(JSON.stringify(body))}` : undefined;
      return write<UnplacedView>('POST', path, body, key, of === null ? undefined : `"${of.version}"`);
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['unplaced'] });
      onClose();
      void navigate(`/${type}s/${saved.id}`);
    },
  });
  const mayBeEmpty = type === 'draft';
  const ready =
    problems.length === 0 &&
    (mayBeEmpty || lines.length > 0) &&
    (of !== null || !isOwnStaff || customer.trim() !== '');
  return (
    <Modal opened onClose={onClose} title={titleOf({ type, of })} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {of === null && isOwnStaff && (
            <TextInput
              label="Customer"
              required
              maxLength={64}
              value={customer}
              onChange={(event) => setCustomer(event.currentTarget.value)}
            />
          )}
          <Group grow>
            <TextInput
              label="Purchase order number"
              description="May be given when it is ordered"
              maxLength={22}
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
            />
            {of === null && (
              <TextInput
                label="Ship to"
                description="Code of the location"
                maxLength={80}
                value={shipTo}
                onChange={(event) => setShipTo(event.currentTarget.value)}
              />
            )}
          </Group>
          <Textarea
            label="Lines"
            description="A row each: item, quantity, unit (EA where nothing is said). Rows of a spreadsheet can be pasted."
            placeholder={'WIDGET-1\t12\tEA'}
            autosize
            minRows={8}
            maxRows={20}
            data-autofocus
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {problems.length > 0 && (
            <List size="sm" className="overdue">
              {problems.slice(0, 5).map((problem) => (
                <List.Item key={problem}>{problem}</List.Item>
              ))}
              {problems.length > 5 && <List.Item>and {problems.length - 5} more</List.Item>}
            </List>
          )}
          {save.error && <ProblemAlert error={save.error} />}
          <Group justify="space-between">
            <Text size="sm" className="soft">
              {lines.length === 1 ? '1 line' : `${lines.length} lines`}
            </Text>
            <Group>
              <Button variant="default" onClick={onClose}>
                Back
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!ready}>
                {of !== null ? 'Save' : type === 'draft' ? 'Begin draft' : 'Ask for prices'}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Tells one text from another; nothing is kept secret by it. */
function hashOf(text: string): string {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return (hash >>> 0).toString(36);
}
