import { Group, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StoreKeyView } from '../../../api/contract/store-keys';
import { write } from '../http/call';
import { storeKeysQuery } from '../http/queries';
import { AskButton, AskForm } from '../parts/ask-form';
import { type Column, DataTable } from '../parts/data-table';
import { Deadline, Instant } from '../parts/instant';
import { PageHead } from '../parts/page-head';
import { Pager, useCursor } from '../parts/pager';
import { ProblemAlert } from '../parts/problem-alert';
import { endsSoon } from '../session/key-end';
import { useSession } from '../session/session';
import { GiveStoreKey } from './give-store-key';

const about: readonly Column<StoreKeyView>[] = [
  {
    name: 'who',
    header: 'Whose',
    wrap: true,
    cell: (one) => (
      <>
        <strong>{one.name}</strong>
        <div className="soft small">{one.person ?? 'no person'}</div>
      </>
    ),
  },
  {
    name: 'store',
    header: 'Store',
    wrap: true,
    cell: (one) => (
      <>
        {one.node.name}
        <div className="soft small">{one.node.id}</div>
      </>
    ),
  },
  {
    name: 'given',
    header: 'Given',
    cell: (one) => (
      <>
        <Instant at={one.givenAt} />
        <div className="soft small">{one.givenBy === null ? 'not through the hub' : `by ${one.givenBy}`}</div>
      </>
    ),
  },
];

const ending: readonly Column<StoreKeyView>[] = [
  {
    name: 'expires',
    header: 'Valid until',
    cell: (one) => (one.expiresAt === null ? 'no end set' : <ValidUntil at={one.expiresAt} />),
  },
  { name: 'revoke', header: 'Revoke', cell: (one) => <Revoke one={one} /> },
];

const ended: readonly Column<StoreKeyView>[] = [
  {
    name: 'ended',
    header: 'Ended',
    wrap: true,
    cell: (one) =>
      one.revokedAt === null ? (
        <>expired {one.expiresAt !== null && <Instant at={one.expiresAt} />}</>
      ) : (
        <>
          revoked {one.revokedBy !== null && `by ${one.revokedBy}, `}
          <Instant at={one.revokedAt} />
          {one.reason !== null && <div className="soft small">{one.reason}</div>}
        </>
      ),
  },
];

function ValidUntil({ at }: { readonly at: string }) {
  return (
    <>
      <Instant at={at} />
      {endsSoon(at) && (
        <div className="overdue small">
          ends <Deadline at={at} />
        </div>
      )}
    </>
  );
}

function Revoke({ one }: { readonly one: StoreKeyView }) {
  return (
    <AskButton label="Revoke…" size="xs" named={`Revoke the key of ${one.name}`} title={`Key of ${one.name}`}>
      {(close) => (
        <AskForm
          button="Revoke it"
          danger
          reason={{ description: 'Kept with the key, with your name' }}
          send={(reason, intention) =>
            write('POST', `/api/v1/store-keys/${one.id}/revocations`, { reason }, intention)
          }
          refresh={['store-keys']}
          told={() => ({ title: 'Store keys', message: `The key of ${one.name} is revoked.` })}
          onDone={close}
        >
          It works no more within seconds, and whoever is logged in with it is logged out. It cannot be
          undone: a new key can be given.
        </AskForm>
      )}
    </AskButton>
  );
}

/** Keys with which people of stores log in: each works the tasks of one store and nothing else. */
export function StoreKeysPage() {
  const session = useSession();
  const [shown, setShown] = useState('true');
  const cursor = useCursor(shown);
  const keys = useQuery(storeKeysQuery({ works: shown, limit: 25, after: cursor.after }));
  const isPerson = session.person !== null;
  return (
    <>
      <PageHead title="Store keys">
        <Group gap="sm">
          <SegmentedControl
            aria-label="Which keys"
            value={shown}
            onChange={setShown}
            data={[
              { value: 'true', label: 'Working' },
              { value: 'false', label: 'Ended' },
            ]}
          />
          {isPerson && <GiveStoreKey />}
        </Group>
      </PageHead>
      {keys.error && !keys.data ? (
        <ProblemAlert error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <>
          <DataTable
            caption="Keys of the people of stores, the newest first"
            columns={[...about, ...(shown === 'false' ? ended : isPerson ? ending : ending.slice(0, 1))]}
            rows={keys.data?.items}
            keyOf={(one) => one.id}
            empty={
              shown === 'true'
                ? 'Nobody of a store has a key: its people cannot log in.'
                : 'No key was revoked or has expired.'
            }
          />
          <Pager cursor={cursor} next={keys.data?.next} />
        </>
      )}
    </>
  );
}
