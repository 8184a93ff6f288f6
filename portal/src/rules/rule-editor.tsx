import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleKindView, RuleVersionView } from '../../../api/contract/rules';
import { CallProblem, write } from '../http/call';
import { ruleVersionsQuery } from '../http/queries';
import { Instant } from '../parts/instant';
import { ProblemAlert } from '../parts/problem-alert';
import { emptyOf, fieldOf, type Schema } from './schema';
import { JsonField, ObjectFields, SchemaField } from './schema-form';

interface RuleEditorProps {
  readonly kind: RuleKindView;
  /** The latest version; null: a rule for a scope that has none. */
  readonly rule: RuleVersionView | null;
  readonly readOnly: boolean;
  readonly onDone: () => void;
}

/** What was refused, by the place in the body that it is about. */
function problemsOf(error: unknown): ReadonlyMap<string, string> {
  const errors = error instanceof CallProblem ? (error.problem.errors ?? []) : [];
  return new Map(
    errors.map(({ pointer, detail }) => [(pointer ?? '').replace(/^\/body/, ''), detail] as const),
  );
}

export function RuleEditor({ kind, rule, readOnly, onDone }: RuleEditorProps) {
  const schema = kind.schema as Schema;
  const client = useQueryClient();
  const [scope, setScope] = useState(rule?.scope ?? '');
  const [body, setBody] = useState<unknown>(() => rule?.body ?? (rule ? kind.example : emptyOf(schema)));
  const [note, setNote] = useState('');
  const [asJson, setAsJson] = useState(fieldOf(schema).kind === 'json');
  const save = useMutation({
    mutationFn: (next: unknown) =>
      write<{ version: number }>('POST', `/api/v1/rules/${kind.kind}`, {
        scope: scope.trim(),
        body: next,
        note: note.trim(),
        basedOn: rule?.version ?? 0,
      }),
    onSuccess: ({ version }) => {
      notifications.show({ message: `${scope.trim()}: version ${version} is saved.`, color: 'green.9' });
      onDone();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['rules'] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(body);
      }}
    >
      <Stack>
        <TextInput
          label="For"
          description={kind.scopeIs}
          required
          readOnly={rule !== null}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
        />
        <Group justify="space-between">
          <Text size="sm" className="soft">
            What is left out stays as the hub was delivered.
          </Text>
          <SegmentedControl
            size="xs"
            aria-label="How to edit"
            value={asJson ? 'json' : 'form'}
            onChange={(value) => setAsJson(value === 'json')}
            data={[
              { value: 'form', label: 'Form' },
              { value: 'json', label: 'JSON' },
            ]}
          />
        </Group>
        <fieldset disabled={readOnly} className="plain-fieldset">
          {asJson ? (
            <JsonField label="The rule as JSON" value={body} onChange={setBody} />
          ) : (
            <RuleBody schema={schema} value={body} onChange={setBody} problems={problemsOf(save.error)} />
          )}
        </fieldset>
        {!readOnly && (
          <>
            <Textarea
              label="Why"
              required
              minLength={3}
              autosize
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {save.error && <ProblemAlert error={save.error} />}
            <Group justify="space-between">
              {rule !== null && !rule.withdrawn ? (
                <Button
                  variant="default"
                  disabled={note.trim().length < 3}
                  loading={save.isPending}
                  onClick={() => save.mutate(null)}
                >
                  Withdraw the rule
                </Button>
              ) : (
                <span />
              )}
              <Group>
                <Button variant="default" onClick={onDone}>
                  Back
                </Button>
                <Button type="submit" loading={save.isPending} disabled={note.trim().length < 3}>
                  Save version {(rule?.version ?? 0) + 1}
                </Button>
              </Group>
            </Group>
          </>
        )}
        {rule !== null && <Versions kind={kind.kind} scope={rule.scope} />}
      </Stack>
    </form>
  );
}

function RuleBody(props: {
  readonly schema: Schema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly problems: ReadonlyMap<string, string>;
}) {
  if (fieldOf(props.schema).kind === 'object') return <ObjectFields {...props} pointer="" />;
  return <SchemaField {...props} name="rule" pointer="" optional={false} />;
}

/** Who saved what before, and why: decisions name the version they went by. */
function Versions({ kind, scope }: { readonly kind: string; readonly scope: string }) {
  const versions = useQuery(ruleVersionsQuery(kind, scope));
  if (!versions.data) return null;
  return (
    <section aria-label="Versions">
      <Text fw={600} size="sm" mb={4}>
        Versions
      </Text>
      <Stack gap="xs">
        {versions.data.items.map((one) => (
          <details key={one.version}>
            <summary>
              {one.version}, <Instant at={one.savedAt} />, {one.savedBy}
              {one.inForce && ' (in force)'}
              {one.withdrawn && ' (withdrawn)'}
              {one.note !== '' && <span className="soft">: {one.note}</span>}
            </summary>
            <pre className="rule-json" tabIndex={0}>
              {JSON.stringify(one.body, null, 2)}
            </pre>
          </details>
        ))}
      </Stack>
    </section>
  );
}
