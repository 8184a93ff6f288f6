import { Alert, Button, Group, List, Text } from '@mantine/core';
import type { ProblemView } from '../../../api/contract/common';
import { CallProblem } from '../http/call';

/** What to do next, where the hub's own words do not say it. */
const advice: Readonly<Record<number, string>> = {
  401: 'Log in again.',
  403: 'Ask somebody whose key may do this.',
  404: 'Check the address, or go back to the list.',
  412: 'Go back: the page shows how it is now. Then decide again.',
  429: 'Wait a moment, then try again.',
  500: 'Try again. If it stays, tell operations the request number below.',
  503: 'Try again in a few seconds.',
};

/** Refused because somebody was faster: the words say what is, not what to do. */
const overtaken: readonly string[] = ['already-decided', 'order-closed', 'case-closed'];

function adviceOn({ status, type }: ProblemView): string | undefined {
  if (overtaken.some((code) => type.endsWith(`/${code}`)))
    return 'Look at what happened meanwhile, then decide again.';
  return advice[status];
}

/** What a field is called on the page, by its name in the API. */
export type FieldNames = Readonly<Record<string, string>>;

/** "/limitMinor" as the page calls it. */
const named = (pointer: string | undefined, names: FieldNames = {}): string | undefined =>
  pointer === undefined ? undefined : (names[pointer.split('/').at(-1) ?? ''] ?? pointer);

interface ProblemAlertProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly fieldNames?: FieldNames | undefined;
}

export function ProblemAlert({ error, onRetry, fieldNames }: ProblemAlertProps) {
  const problem = error instanceof CallProblem ? error.problem : undefined;
  // Of a request that is not valid the words only sum the list up, and name the fields as the API does.
  const isSummary = fieldNames !== undefined && problem?.type.endsWith('/invalid-request') === true;
  const title = problem?.title ?? 'Something went wrong in this page';
  const detail = problem?.detail ?? (error instanceof Error ? error.message : 'Reload the page.');
  return (
    <Alert color="red.9" variant="outline" title={title} role="alert" bg="white">
      {!isSummary && <Text size="sm">{detail}</Text>}
      {problem?.errors && problem.errors.length > 0 && (
        <List size="sm" mt="xs">
          {problem.errors.slice(0, 10).map((one) => (
            <List.Item key={`${one.pointer ?? one.parameter ?? ''}${one.detail}`}>
              {[named(one.pointer ?? one.parameter, fieldNames), one.detail].filter(Boolean).join(': ')}
            </List.Item>
          ))}
        </List>
      )}
      {problem && adviceOn(problem) && (
        <Text size="sm" mt="xs">
          {adviceOn(problem)}
        </Text>
      )}
      {problem?.requestId !== undefined && problem.status >= 500 && (
        <Text size="xs" mt="xs" ff="monospace">
          Request {problem.requestId}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
