import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { AskButton, AskForm } from '../parts/ask-form';
import { endOfDay } from '../parts/days';

const decimal = /^\d{1,12}(\.\d{1,6})?$/;
const isWrong = (text: string | undefined) =>
  text !== undefined && text.trim() !== '' && !decimal.test(text.trim());

/** Sales gives a quote its prices; a line that is left as it is keeps the price of the lists. */
export function AnswerQuote({ one }: { readonly one: UnplacedView }) {
  return (
    <AskButton
      label={one.state === 'requested' ? 'Answer…' : 'New prices…'}
      variant="filled"
      title={`Prices of quote ${one.number}`}
      dialogSize="lg"
    >
      {(close) => <AnswerForm one={one} onDone={close} />}
    </AskButton>
  );
}

function AnswerForm({ one, onDone }: { readonly one: UnplacedView; readonly onDone: () => void }) {
  const [prices, setPrices] = useState<Readonly<Record<number, string>>>({});
  const [until, setUntil] = useState('');
  const given = Object.entries(prices).flatMap(([lineNumber, unitPrice]) =>
    unitPrice.trim() === '' ? [] : [{ lineNumber: Number(lineNumber), unitPrice: unitPrice.trim() }],
  );
  const body = { prices: given, ...(until !== '' && { validUntil: endOfDay(until) }) };
  return (
    <AskForm
      button="Answer"
      reason={null}
      ready={!Object.values(prices).some(isWrong)}
      send={(_, intention) => write('POST', `/api/v1/quotes/${one.id}/answers`, body, intention)}
      refresh={['unplaced']}
      onDone={onDone}
    >
      <Text size="sm">
        The customer can order at these prices until the quote ends. A line that is left empty has the price
        of the lists.
      </Text>
      {one.lines.map((line) => (
        <TextInput
          key={line.lineNumber}
          label={`Line ${line.buyerLineNumber ?? line.lineNumber}: ${line.quantity} ${line.unit} of ${line.itemId ?? line.item ?? 'an unknown item'}`}
          placeholder={line.unitPrice ?? 'no price yet'}
          error={
            isWrong(prices[line.lineNumber])
              ? 'A price has at most six places, with a point: 12.5'
              : undefined
          }
          value={prices[line.lineNumber] ?? ''}
          onChange={(event) => setPrices({ ...prices, [line.lineNumber]: event.currentTarget.value })}
        />
      ))}
      <TextInput
        type="date"
        label="Prices hold until the end of"
        description="As long as the customer’s policy says, where nothing is said"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </AskForm>
  );
}
