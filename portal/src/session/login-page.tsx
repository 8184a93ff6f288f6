import { Button, Center, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { ProblemAlert } from '../parts/problem-alert';
import { useLogIn } from './session';

export function LoginPage() {
  const logIn = useLogIn();
  const [key, setKey] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Log in · Order hub';
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await logIn(key.trim());
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" radius="md" w="100%" maw={420}>
        <form onSubmit={submit}>
          <Stack>
            <Group gap="sm">
              <img src="/hub.svg" alt="" width={36} height={36} />
              <Title order={1} size="h2">
                Order hub
              </Title>
            </Group>
            <Text c="gray.7" size="sm">
              Log in with the access key that you were given. It is exchanged for a session of 12 hours and
              not kept in this browser.
            </Text>
            <PasswordInput
              label="Access key"
              autoComplete="current-password"
              required
              autoFocus
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
            />
            {error !== null && <ProblemAlert error={error} />}
            <Button type="submit" loading={busy} disabled={key.trim() === ''}>
              Log in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
