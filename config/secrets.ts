import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that may also be given as NAME_FILE, the path of a file that holds the value (Docker and Kubernetes secrets). */
export const SECRET_NAMES = [
  'DATABASE_URL',
  'TEMPORAL_API_KEY',
  'HUB_SESSION_SECRET',
  'HUB_METRICS_KEY',
  'HUB_MAIL_URL',
  'ERP_API_KEY',
  'ERP_CALLBACK_SECRET',
  'WMS_API_KEY',
  'WMS_CALLBACK_SECRET',
  'CARRIER_API_KEY',
  'CARRIER_CALLBACK_SECRET',
] as const;

/**
 * The environment with every NAME_FILE replaced by what its file holds. A trailing line break is not part of a secret.
 * Both forms at once is a mistake that would show only when one of them changes, so it is a problem.
 */
export function readSecretFiles(env: Environment): {
  readonly env: Environment;
  readonly problems: readonly string[];
} {
  const values: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) {
      problems.push(`${name}: both ${name} and ${name}_FILE are set; keep one`);
      continue;
    }
    try {
      values[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(
        `${name}_FILE: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
    }
  }
  return { env: values, problems };
}

/**
 * Secrets that are named by settings in the database (an AS2 channel's keys, a webhook's): read from NAME, or from the file that NAME_FILE
 * names, each time one is asked for, so that a renewed file counts without a restart. Only names of their own family are
 * answered: whoever may edit a channel cannot read the database's password through it.
 */
export function channelSecrets(env: Environment = process.env): (name: string) => string | null {
  return (name) => {
    if (!CHANNEL_SECRET.test(name)) return null;
    const path = env[`${name}_FILE`];
    if (!path) return env[name] || null;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  };
}

const CHANNEL_SECRET = /^(AS2|WEBHOOK)_[A-Z0-9_]+$/;
