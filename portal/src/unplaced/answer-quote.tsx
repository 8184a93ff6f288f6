import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UnplacedView } from '../../../api/contract/unplaced';
import { write } from '../http/call';
import { ProblemAlert } from '../parts/problem-alert';

const decimal = /^\d{1,12}(\.\d{1,6})?$/;

/** Sales gives a quote its prices; a line that is left as it is keeps the price of the lists. */
export function AnswerQuote({ one }: { readonly one: UnplacedView }) {
  const [open, modal] = useDisclosure();
  const [prices, setPrices] = useState<Readonly<Record<number, string>>>({});
  const [until, setUntil] = useState('');
  const [intention, setIntention] = useState('');
  const client = useQueryClient();
  const given = Object.entries(prices).flatMap(([lineNumber, unitPrice]) =>
    unitPrice.trim() === '' ? [] : [{ lineNumber: Number(lineNumber), unitPrice: unitPrice.trim() }],
  );
  const answer = useMutation({
    mutationFn: () => {
      const body = {
        prices: given,
        // To the end of that day, as the person who says it counts it.
        ...(until !== '' && { validUntil: new Date(`${until}T23:59:59`).toISOString() }),
      };
      return write('POST', `/api/v1/quotes/${one.id}/answers`, body, intention);
    },
    onSuccess: modal.close,
    // What was corrected after a refusal is another intention.
    onError: () => setIntention(crypto.randomUUID()),
    onSettled: () => void client.invalidateQueries({ queryKey: ['unplaced'] }),
  });
  const start = () => {
    setIntention(crypto.randomUUID());
    setPrices({});
    answer.reset();
    modal.open();
  };
  const wrong = (text: string | undefined) =>
    text !== undefined && text.trim() !== '' && !decimal.test(text.trim());
  return (
    <>
      <Button onClick={start}>{one.state === 'requested' ? 'Answer…' : 'New prices…'}</Button>
      <Modal opened={open} onClose={modal.close} title={`Prices of quote ${one.number}`} size="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            answer.mutate();
          }}
        >
          <Stack>
            <Text size="sm">
              The customer can order at these prices until the quote ends. A line that is left empty has the
              price of the lists.
            </Text>
            {one.lines.map((line) => (
              <TextInput
                key={line.lineNumber}
                label={`Line ${line.buyerLineNumber ?? line.lineNumber}: ${line.quantity} ${line.unit} of ${line.itemId ?? line.item ?? 'an unknown item'}`}
                placeholder={line.unitPrice ?? 'no price yet'}
                error={
                  wrong(prices[line.lineNumber])
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
            {answer.error && <ProblemAlert error={answer.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={modal.close}>
                Back
              </Button>
              <Button
                type="submit"
                loading={answer.isPending}
                disabled={Object.values(prices).some((text) => wrong(text))}
              >
                Answer
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
