import { Button, Flex } from '@mantine/core';
import type { HoldView } from '../../../api/contract/holds';
import { inWords } from '../parts/format';
import { useAskForDecision } from './decision-dialog';

interface DecideHoldProps {
  readonly hold: HoldView;
  readonly orderNumber: string;
  readonly amount: string;
  /** What it comes to as it is shown, in minor units. */
  readonly seenTotalMinor?: number;
  readonly size?: 'xs' | 'sm';
}

/** Approve and reject, each asking for the reason that is kept with the decision. */
export function DecideHold({ hold, orderNumber, amount, seenTotalMinor, size = 'sm' }: DecideHoldProps) {
  const ask = useAskForDecision();
  const place = hold.lineNumber === null ? amount : `line ${hold.lineNumber}`;
  const question = {
    path: `/api/v1/holds/${hold.id}/decisions`,
    orderNumber,
    ...(seenTotalMinor !== undefined && { seenTotalMinor }),
    about: `${inWords(hold.type)} hold on ${place}: ${hold.reasonText}.`,
    done: {
      release: 'The hold is released.',
      reject: 'The hold is rejected; what it stood for is not delivered.',
    },
  };
  return (
    // One above the other in a table's row: a row of a desk's width shows both without scrolling.
    <Flex gap="xs" className={size === 'xs' ? 'row-actions upright' : 'row-actions'}>
      <Button
        size={size}
        onClick={() => ask({ ...question, action: 'release' })}
        aria-label={`Approve ${orderNumber}`}
      >
        Approve…
      </Button>
      <Button
        size={size}
        variant="default"
        onClick={() => ask({ ...question, action: 'reject' })}
        aria-label={`Reject ${orderNumber}`}
      >
        Reject…
      </Button>
    </Flex>
  );
}
