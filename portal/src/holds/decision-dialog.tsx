import { Modal, Text } from '@mantine/core';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { write } from '../http/call';
import { AskForm, type Told } from '../parts/ask-form';

export interface Question {
  /** Where decisions on it are posted: of the seller's people, or of the buyer's own. */
  readonly path: string;
  readonly orderNumber: string;
  /** What is decided, in words. */
  readonly about: string;
  readonly action: 'release' | 'reject';
  /** What it comes to as it is shown: of more nothing is released. */
  readonly seenTotalMinor?: number;
  /** What is said once it is decided so. */
  readonly done: Readonly<Record<'release' | 'reject', string>>;
}

const AskContext = createContext<(question: Question) => void>(() => undefined);

/** Opens the dialog that asks for a decision's reason. */
export const useAskForDecision = () => useContext(AskContext);

const verbs = { release: 'Approve', reject: 'Reject' } as const;

/**
 * One dialog for the whole portal, above the lists: when somebody else decides meanwhile, the row goes but the dialog
 * stays and can say so.
 */
export function DecisionDialog({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<(Question & { readonly key: number }) | null>(null);
  const [open, setOpen] = useState(false);
  const ask = (question: Question) => {
    setAsked((before) => ({ ...question, key: (before?.key ?? 0) + 1 }));
    setOpen(true);
  };
  return (
    <AskContext value={ask}>
      {children}
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={asked && `${verbs[asked.action]} order ${asked.orderNumber}`}
      >
        {asked && <DecisionForm key={asked.key} question={asked} onDone={() => setOpen(false)} />}
      </Modal>
    </AskContext>
  );
}

interface Outcome {
  readonly kind: 'resolved' | 'needs-second-person' | 'prepayment-requested';
}

/** What a decision on a hold makes stale. */
export const decisionRefreshes = [
  'holds',
  'order',
  'orders',
  'timeline',
  'credit',
  'credit-case',
  'buyer-approvals',
  'buyer-settings',
];

/** What a person is told of its decision. */
export const toldOfDecision = (outcome: Outcome, done: string): Told =>
  outcome.kind === 'needs-second-person'
    ? {
        title: 'A second person has to agree',
        message: 'Your approval is kept. The order goes on when somebody else approves it too.',
        waits: true,
      }
    : { title: 'Decided', message: done };

function DecisionForm({ question, onDone }: { readonly question: Question; readonly onDone: () => void }) {
  const { path, action, about, done, seenTotalMinor } = question;
  return (
    <AskForm<Outcome>
      button={verbs[action]}
      danger={action === 'reject'}
      reason={{ description: 'Kept with the decision, with your name and the figures as they stand now' }}
      send={(reason, intention) =>
        write(
          'POST',
          path,
          { action, reason, ...(seenTotalMinor !== undefined && { seenTotalMinor }) },
          intention,
        )
      }
      refresh={decisionRefreshes}
      told={(outcome) => toldOfDecision(outcome, done[action])}
      onDone={onDone}
    >
      <Text size="sm">{about}</Text>
    </AskForm>
  );
}
