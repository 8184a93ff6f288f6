import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import blockedPorts from './blocked-ports.json';
import { productionProblems, usesTemporalTls } from './production';
import { type Environment, readSecretFiles } from './secrets';

/** Everything that is wrong with the environment, at once: nobody should start a process six times to learn six things. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `15m`, `4h`, `3d`: in milliseconds afterwards. */
const durationMs = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
      if (match) return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
      context.addIssue(`"${text}" is not a duration; write it like 90s, 15m, 4h or 3d`);
      return z.NEVER;
    });

const count = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);
const flag = z
  .enum(['0', '1', 'true', 'false', ''])
  .default('0')
  .transform((text) => text === '1' || text === 'true');
/** Of the fetch standard (WHATWG, "port blocking"): a server there runs, and no browser, fetch or portal ever reaches it. */
const isBlocked = (port: number): boolean => blockedPorts.includes(port);
const BLOCKED = 'is a port that browsers and fetch refuse to call; choose another, such as 4080 or 8080';
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http or https address' })
  .refine((text) => !isBlocked(Number(URL.parse(text)?.port)), { error: `the port in it ${BLOCKED}` })
  .transform((text) => text.replace(/\/+$/, ''));
const file = z.string().refine((path) => existsSync(path), { error: 'no such file' });

/** `lookup`: the system forgets Idempotency-Key, so it is asked for the reference before anything is posted again. */
const idempotency = z.enum(['key', 'lookup']).default('key');

/** `erp=5,warehouse/CHI=0.5`: calls a second to a counterparty, over all workers. */
const callLimits = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').filter((entry) => entry.trim() !== '');
    return entries.flatMap((entry) => {
      const match = /^\s*(erp|carrier|warehouse(?:\/[^\s=/]+)?)=(\d+(?:\.\d+)?)\s*$/.exec(entry);
      if (match && Number(match[2]) > 0)
        return [{ counterparty: match[1] ?? '', perSecond: Number(match[2]) }];
      context.addIssue(
        `"${entry}" is not a limit; write erp=5, carrier=20, warehouse=10 or warehouse/NODE=2`,
      );
      return [];
    });
  });

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HUB_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .refine((port) => !isBlocked(port), { error: ({ input }) => `${String(input)} ${BLOCKED}` })
    .default(4080),
  HUB_PUBLIC_URL: httpUrl.optional(),
  HUB_DATA_DIR: z.string().default('.hub'),
  HUB_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** AS2 names may hold blanks and 1 to 128 printable characters, but no quote or backslash (RFC 4130 section 6.2). */
  HUB_AS2_ID: z
    .string()
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'is not a valid AS2 name')
    .default('HUB'),
  HUB_SESSION_SECRET: z.string().min(16, 'needs at least 16 characters').optional(),
  HUB_METRICS_KEY: z.string().min(16, 'needs at least 16 characters').optional(),
  HUB_MAIL_URL: z.url({ protocol: /^smtps?$/, error: 'is not an smtp:// or smtps:// address' }).optional(),
  HUB_MAIL_FROM: z.string().min(3).max(300).optional(),
  HUB_DEMO: flag,
  HUB_PLAINTEXT_NETWORK: flag,

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgres:// address' }),
  HUB_DATABASE_POOL: count(10, 500),

  TEMPORAL_ADDRESS: z.string().regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'is not host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** The version of this worker's code; given, its orders' tasks come to it as worker deployments say. */
  HUB_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'may have letters, digits, dots, dashes and underscores')
    .optional(),
  HUB_CALL_LIMITS: callLimits,
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_TLS: flag,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: file.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: file.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: file.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),

  ERP_URL: httpUrl.optional(),
  ERP_API_KEY: z.string().min(1).optional(),
  ERP_CALLBACK_SECRET: z.string().min(1).optional(),
  ERP_IDEMPOTENCY: idempotency,
  WMS_URL: httpUrl.optional(),
  WMS_API_KEY: z.string().min(1).optional(),
  WMS_CALLBACK_SECRET: z.string().min(1).optional(),
  WMS_IDEMPOTENCY: idempotency,
  CARRIER_URL: httpUrl.optional(),
  CARRIER_API_KEY: z.string().min(1).optional(),
  CARRIER_CALLBACK_SECRET: z.string().min(1).optional(),
  CARRIER_IDEMPOTENCY: idempotency,

  HUB_OUTSIDE_CALL_TIMEOUT: durationMs('10s'),
  HUB_HOLD_ESCALATES_AFTER: durationMs('4h'),
  HUB_HOLD_EXPIRES_AFTER: durationMs('3d'),
  HUB_ACK_OVERDUE_AFTER: durationMs('24h'),
  HUB_CHANGE_WAITS_FOR_ORDER: durationMs('24h'),
  HUB_SHUTDOWN_GRACE: durationMs('10s'),
});

export type Variables = z.output<typeof schema>;

/** A system of the company's own: where it answers, the key we call it with, the secret it signs its callbacks with. */
export interface Counterparty {
  readonly url: string | null;
  readonly apiKey: string | null;
  readonly callbackSecret: string | null;
  readonly idempotency: 'key' | 'lookup';
}

export interface Config {
  readonly production: boolean;
  /** Demo data and demo logins are allowed. */
  readonly demo: boolean;
  /** `publicUrl` is without a trailing slash. */
  readonly http: {
    readonly port: number;
    readonly publicUrl: string;
    readonly sessionSecret: string | null;
    /** Null: /metrics answers callers of a private network only. */
    readonly metricsKey: string | null;
  };
  readonly database: { readonly url: string; readonly poolMax: number };
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey: string | null;
    /** Null: no TLS. The fields are paths of PEM files; all may be null (the system's authorities, no client certificate). */
    readonly tls: {
      readonly caFile: string | null;
      readonly certFile: string | null;
      readonly keyFile: string | null;
      readonly serverName: string | null;
    } | null;
  };
  /** What mail to buyers is sent with; null: none is. */
  readonly mail: { readonly url: string; readonly from: string; readonly requireTls: boolean } | null;
  /** Null: any worker takes any order's tasks. */
  readonly buildId: string | null;
  readonly callLimits: readonly { readonly counterparty: string; readonly perSecond: number }[];
  /** An absolute path. */
  readonly dataDir: string;
  readonly logLevel: Variables['HUB_LOG_LEVEL'];
  readonly as2Id: string;
  readonly erp: Counterparty;
  readonly warehouse: Counterparty;
  readonly carrier: Counterparty;
  readonly timings: {
    readonly outsideCallTimeoutMs: number;
    readonly holdEscalatesAfterMs: number;
    readonly holdExpiresAfterMs: number;
    readonly ackOverdueAfterMs: number;
    readonly changeWaitsForOrderMs: number;
    readonly shutdownGraceMs: number;
  };
}

/**
 * The environment, checked once at the start of a process.
 * @throws ConfigurationError with every problem found
 */
export function loadConfig(env: Environment = process.env): Config {
  const secrets = readSecretFiles(env);
  // A variable that is set to nothing is not set: that is what `NAME=` in a compose file or an env file means.
  const given = Object.fromEntries(
    Object.entries(secrets.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const problems = [...secrets.problems];
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      // A secret file that could not be read is the cause; that its variable is missing follows from it.
      if (problems.some((problem) => problem.startsWith(`${name}_FILE`))) continue;
      problems.push(`${name}: ${given[name] === undefined ? 'is required' : issue.message}`);
    }
    throw new ConfigurationError(problems);
  }
  const v = parsed.data;
  if (!v.TEMPORAL_TLS_CLIENT_CERT_PATH !== !v.TEMPORAL_TLS_CLIENT_KEY_PATH) {
    problems.push('TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH: one needs the other');
  }
  if (!v.HUB_MAIL_URL !== !v.HUB_MAIL_FROM) problems.push('HUB_MAIL_URL, HUB_MAIL_FROM: one needs the other');
  if (v.NODE_ENV === 'production') problems.push(...productionProblems(v));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return toConfig(v);
}

function toConfig(v: Variables): Config {
  const counterparty = (
    idempotency: Counterparty['idempotency'],
    url?: string,
    apiKey?: string,
    callbackSecret?: string,
  ): Counterparty => ({
    url: url ?? null,
    apiKey: apiKey ?? null,
    callbackSecret: callbackSecret ?? null,
    idempotency,
  });
  return {
    production: v.NODE_ENV === 'production',
    demo: v.HUB_DEMO,
    http: {
      port: v.HUB_PORT,
      publicUrl: v.HUB_PUBLIC_URL ?? `http://localhost:${v.HUB_PORT}`,
      sessionSecret: v.HUB_SESSION_SECRET ?? null,
      metricsKey: v.HUB_METRICS_KEY ?? null,
    },
    database: { url: v.DATABASE_URL, poolMax: v.HUB_DATABASE_POOL },
    temporal: {
      address: v.TEMPORAL_ADDRESS,
      namespace: v.TEMPORAL_NAMESPACE,
      apiKey: v.TEMPORAL_API_KEY ?? null,
      tls: usesTemporalTls(v)
        ? {
            caFile: v.TEMPORAL_TLS_SERVER_CA_CERT_PATH ?? null,
            certFile: v.TEMPORAL_TLS_CLIENT_CERT_PATH ?? null,
            keyFile: v.TEMPORAL_TLS_CLIENT_KEY_PATH ?? null,
            serverName: v.TEMPORAL_TLS_SERVER_NAME ?? null,
          }
        : null,
    },
    mail:
      v.HUB_MAIL_URL && v.HUB_MAIL_FROM
        ? {
            url: v.HUB_MAIL_URL,
            from: v.HUB_MAIL_FROM,
            requireTls: v.NODE_ENV === 'production' && !v.HUB_PLAINTEXT_NETWORK,
          }
        : null,
    buildId: v.HUB_BUILD_ID ?? null,
    callLimits: v.HUB_CALL_LIMITS,
    dataDir: resolve(v.HUB_DATA_DIR),
    logLevel: v.HUB_LOG_LEVEL,
    as2Id: v.HUB_AS2_ID,
    erp: counterparty(v.ERP_IDEMPOTENCY, v.ERP_URL, v.ERP_API_KEY, v.ERP_CALLBACK_SECRET),
    warehouse: counterparty(v.WMS_IDEMPOTENCY, v.WMS_URL, v.WMS_API_KEY, v.WMS_CALLBACK_SECRET),
    carrier: counterparty(v.CARRIER_IDEMPOTENCY, v.CARRIER_URL, v.CARRIER_API_KEY, v.CARRIER_CALLBACK_SECRET),
    timings: {
      outsideCallTimeoutMs: v.HUB_OUTSIDE_CALL_TIMEOUT,
      holdEscalatesAfterMs: v.HUB_HOLD_ESCALATES_AFTER,
      holdExpiresAfterMs: v.HUB_HOLD_EXPIRES_AFTER,
      ackOverdueAfterMs: v.HUB_ACK_OVERDUE_AFTER,
      changeWaitsForOrderMs: v.HUB_CHANGE_WAITS_FOR_ORDER,
      shutdownGraceMs: v.HUB_SHUTDOWN_GRACE,
    },
  };
}
