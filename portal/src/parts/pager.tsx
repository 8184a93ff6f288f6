import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';

/** Pages by cursor: the hub tells where the next one starts, and this remembers where the earlier ones did. */
export function useCursor(filterKey: string) {
  const [place, setPlace] = useState<{ readonly filter: string; readonly cursors: readonly string[] }>({
    filter: filterKey,
    cursors: [],
  });
  // Another filter is another list: its first page.
  const cursors = place.filter === filterKey ? place.cursors : [];
  return {
    after: cursors.at(-1) ?? null,
    page: cursors.length + 1,
    forward: (cursor: string) => setPlace({ filter: filterKey, cursors: [...cursors, cursor] }),
    back: () => setPlace({ filter: filterKey, cursors: cursors.slice(0, -1) }),
  };
}

interface PagerProps {
  readonly cursor: ReturnType<typeof useCursor>;
  readonly next: string | null | undefined;
}

export function Pager({ cursor, next }: PagerProps) {
  if (cursor.page === 1 && !next) return null;
  return (
    <Group justify="flex-end" mt="md" component="nav" aria-label="Pages">
      <Button variant="default" size="sm" disabled={cursor.page === 1} onClick={cursor.back}>
        Previous
      </Button>
      <Text size="sm" aria-live="polite">
        Page {cursor.page}
      </Text>
      <Button variant="default" size="sm" disabled={!next} onClick={() => next && cursor.forward(next)}>
        Next
      </Button>
    </Group>
  );
}
