import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AllowedChangesView } from '../../../api/contract/changes';
import type { OrderLineView, OrderView } from '../../../api/contract/orders';
import { formatCount } from '../parts/format';
import {
  type AddedLine,
  type ChangeDraft,
  isAllowed,
  isQuantity,
  type LineCells,
  type LineDraft,
  quantityProblem,
  standingQuantity,
} from './change-draft';

interface LinesProps {
  readonly order: OrderView;
  readonly allowed: AllowedChangesView;
  readonly draft: ChangeDraft;
  readonly onChange: (draft: ChangeDraft) => void;
}

/** As many as are typed into at a time; a long order is searched. */
const shownLines = 50;

const lineDays = [
  ['shipNotBefore', 'ship-not-before', 'Not before'],
  ['deliverBy', 'requested-date', 'Deliver by'],
  ['cancelAfter', 'cancel-after', 'Cancel after'],
] as const;

const offers = (cells: LineCells) =>
  (['quantity-up', 'quantity-down', 'delete-line', ...lineDays.map(([, type]) => type)] as const).some(
    (type) => isAllowed(cells.types, type),
  );

function LineRow({
  line,
  cells,
  asked,
  onChange,
}: {
  readonly line: OrderLineView;
  readonly cells: LineCells;
  readonly asked: LineDraft;
  readonly onChange: (asked: LineDraft) => void;
}) {
  const name = `line ${line.buyerLineNumber ?? line.lineNumber}`;
  const resizable = isAllowed(cells.types, 'quantity-up') || isAllowed(cells.types, 'quantity-down');
  // A line in parts is deleted as a whole or stays: what a part becomes, only the buyer's own paper could say.
  const whole = cells.level === 'line';
  const off = asked.delete === true;
  const recalled = cells.types.some((cell) => cell.verdict === 'recall') && cells.status === 'released';
  return (
    <Table.Tr>
      <Table.Td ta="right">{line.buyerLineNumber ?? line.lineNumber}</Table.Td>
      <Table.Td>
        <strong>{line.itemId ?? 'Unknown item'}</strong>
        <div className="soft small">
          {formatCount(standingQuantity(line))} {line.unit} now
          {recalled && ', at the warehouse'}
        </div>
      </Table.Td>
      <Table.Td>
        <TextInput
          aria-label={`Quantity of ${name}`}
          inputMode="decimal"
          w={110}
          disabled={!resizable || !whole || off}
          value={asked.quantity ?? standingQuantity(line)}
          error={
            asked.quantity !== undefined && !off ? quantityProblem(asked.quantity, line, cells) : undefined
          }
          onChange={(event) => onChange({ ...asked, quantity: event.currentTarget.value.trim() })}
        />
      </Table.Td>
      {lineDays.map(([field, type, label]) => (
        <Table.Td key={field}>
          <TextInput
            type="date"
            aria-label={`${label} of ${name}`}
            disabled={!isAllowed(cells.types, type) || !whole || off}
            value={asked[field] ?? ''}
            onChange={(event) => onChange({ ...asked, [field]: event.currentTarget.value })}
          />
        </Table.Td>
      ))}
      <Table.Td>
        <Checkbox
          aria-label={`Delete ${name}`}
          mt={8}
          disabled={!isAllowed(cells.types, 'delete-line')}
          checked={off}
          onChange={(event) => {
            const { delete: _, ...rest } = asked;
            onChange(event.currentTarget.checked ? { ...rest, delete: true } : rest);
          }}
        />
      </Table.Td>
    </Table.Tr>
  );
}

/** The lines of which something may be changed now, by what the rules say. */
export function ChangeLines({ order, allowed, draft, onChange }: LinesProps) {
  const [search, setSearch] = useState('');
  const open = order.lines.flatMap((line) => {
    const cells = allowed.lines.find((one) => one.lineNumber === line.lineNumber);
    return cells && cells.status !== 'closed' && offers(cells) ? [{ line, cells }] : [];
  });
  const wanted = search.trim().toLowerCase();
  const found = open.filter(
    ({ line }) =>
      wanted === '' ||
      draft.lines[line.lineNumber] !== undefined ||
      [line.buyerLineNumber ?? String(line.lineNumber), line.itemId ?? '', line.description ?? '']
        .join(' ')
        .toLowerCase()
        .includes(wanted),
  );
  const closed = order.lines.length - open.length;
  return (
    <Stack gap="xs">
      {open.length > shownLines && (
        <TextInput
          label="Find a line"
          description={`${open.length} lines may be changed; up to ${shownLines} are shown`}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {open.length > 0 && (
        <Table.ScrollContainer minWidth={860} type="native" className="table-frame">
          <Table className="data-table" verticalSpacing="xs">
            <caption className="visually-hidden">Lines that may be changed</caption>
            <Table.Thead>
              <Table.Tr>
                {['Line', 'Item', 'Quantity', ...lineDays.map(([, , label]) => label), 'Delete'].map(
                  (header) => (
                    <Table.Th key={header} scope="col" ta={header === 'Line' ? 'right' : 'left'}>
                      {header}
                    </Table.Th>
                  ),
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.slice(0, shownLines).map(({ line, cells }) => (
                <LineRow
                  key={line.lineNumber}
                  line={line}
                  cells={cells}
                  asked={draft.lines[line.lineNumber] ?? {}}
                  onChange={(asked) =>
                    onChange({ ...draft, lines: { ...draft.lines, [line.lineNumber]: asked } })
                  }
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {closed > 0 && (
        <Text size="sm" className="soft">
          {closed === 1 ? 'One line is' : `${closed} lines are`} closed, or not to be changed any more.
        </Text>
      )}
    </Stack>
  );
}

/** Lines to be added; none where the rules do not let any in. */
export function AddLines({ allowed, draft, onChange }: Omit<LinesProps, 'order'>) {
  if (!isAllowed(allowed.header, 'add-line')) return null;
  const set = (key: number, changed: Partial<AddedLine>) =>
    onChange({
      ...draft,
      added: draft.added.map((one) => (one.key === key ? { ...one, ...changed } : one)),
    });
  const next = Math.max(0, ...draft.added.map(({ key }) => key)) + 1;
  return (
    <Stack gap="xs">
      {draft.added.map(({ key, item, quantity, unit }, at) => (
        <Group key={key} align="flex-end" gap="sm">
          <TextInput
            label="Item"
            aria-label={`Item of new line ${at + 1}`}
            required
            maxLength={64}
            value={item}
            onChange={(event) => set(key, { item: event.currentTarget.value })}
          />
          <TextInput
            label="Quantity"
            aria-label={`Quantity of new line ${at + 1}`}
            required
            inputMode="decimal"
            w={110}
            value={quantity}
            error={quantity !== '' && !isQuantity(quantity.trim()) ? 'A number above zero' : undefined}
            onChange={(event) => set(key, { quantity: event.currentTarget.value })}
          />
          <TextInput
            label="Unit"
            aria-label={`Unit of new line ${at + 1}`}
            w={70}
            maxLength={3}
            value={unit}
            onChange={(event) => set(key, { unit: event.currentTarget.value })}
          />
          <Button
            variant="default"
            onClick={() => onChange({ ...draft, added: draft.added.filter((one) => one.key !== key) })}
          >
            Take out
          </Button>
        </Group>
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            onChange({ ...draft, added: [...draft.added, { key: next, item: '', quantity: '', unit: 'EA' }] })
          }
        >
          Add a line
        </Button>
      </Group>
    </Stack>
  );
}
