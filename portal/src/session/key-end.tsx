import { Text } from '@mantine/core';
import { secondsSince } from '../parts/format';
import { Instant } from '../parts/instant';
import { useSession } from './session';

/** As long before as the hub tells the company's own people. */
const WARNING_SECONDS = 14 * 86_400;

export const endsSoon = (at: string): boolean => -secondsSince(at, Date.now()) < WARNING_SECONDS;

/** Whoever logs in with a key that ends soon asks for another before nobody can log in with it. */
export function KeyEnd() {
  const { keyExpiresAt } = useSession();
  if (keyExpiresAt === null || !endsSoon(keyExpiresAt)) return null;
  return (
    <section className="panel notice" aria-label="Your key">
      <Text fw={650}>Your key ends soon</Text>
      <Text size="sm">
        You can log in with it until <Instant at={keyExpiresAt} />. Ask whoever gave it to you for a new one
        before then.
      </Text>
    </section>
  );
}
