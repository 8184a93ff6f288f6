import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from './format';

/** How many entries of a long list are shown, more when asked: a browser is slow with thousands. */
export function useShown(count: number, atOnce = 100) {
  const [asked, setAsked] = useState(atOnce);
  const shown = Math.min(asked, count);
  return { shown, count, next: Math.min(atOnce, count - shown), more: () => setAsked(asked + atOnce) };
}

interface ShowMoreProps {
  readonly list: ReturnType<typeof useShown>;
  /** What more there is: "more", "earlier". */
  readonly which?: string;
}

export function ShowMore({ list: { shown, count, next, more }, which = 'more' }: ShowMoreProps) {
  if (next === 0) return null;
  return (
    <Group gap="sm" p="sm" justify="center">
      <Text size="sm" className="soft" aria-live="polite">
        {formatCount(shown)} of {formatCount(count)} shown
      </Text>
      <Button variant="default" size="xs" onClick={more}>
        Show {formatCount(next)} {which}
      </Button>
    </Group>
  );
}
