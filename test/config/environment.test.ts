import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, loadConfig } from '../../config';
import blockedPorts from '../../config/blocked-ports.json';

const required = {
  DATABASE_URL: 'postgres://hub:secret@127.0.0.1:5432/hub',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
};

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://hub:9f2c@db.example.com/hub?sslmode=verify-full',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
  TEMPORAL_TLS: '1',
  HUB_PUBLIC_URL: 'https://hub.example.com/',
  HUB_SESSION_SECRET: 'a-long-enough-session-secret',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  test('needs only a database and Temporal; everything else has a default', () => {
    const config = loadConfig(required);
    expect(config.http).toEqual({
      port: 4080,
      publicUrl: 'http://localhost:4080',
      sessionSecret: null,
      metricsKey: null,
    });
    expect(config.temporal).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      apiKey: null,
      tls: null,
    });
    expect(config.as2Id).toBe('HUB');
    expect(config.timings.holdEscalatesAfterMs).toBe(4 * 3_600_000);
  });

  test('tells all its problems at once, each with the name of its variable', () => {
    expect(
      problemsOf({
        HUB_PORT: 'eighty',
        HUB_LOG_LEVEL: 'loud',
        TEMPORAL_ADDRESS: 'http://x',
        HUB_HOLD_EXPIRES_AFTER: 'soon',
      }),
    ).toEqual([
      expect.stringMatching(/^HUB_PORT: /),
      expect.stringMatching(/^HUB_LOG_LEVEL: /),
      'DATABASE_URL: is required',
      'TEMPORAL_ADDRESS: is not host:port',
      'HUB_HOLD_EXPIRES_AFTER: "soon" is not a duration; write it like 90s, 15m, 4h or 3d',
    ]);
  });

  test('refuses a port that browsers and fetch refuse, and says what to choose', () => {
    const why = 'is a port that browsers and fetch refuse to call; choose another, such as 4080 or 8080';
    expect(problemsOf({ ...required, HUB_PORT: '6000' })).toEqual([`HUB_PORT: 6000 ${why}`]);
    expect(problemsOf({ ...required, HUB_PUBLIC_URL: 'http://hub.local:10080/' })).toEqual([
      `HUB_PUBLIC_URL: the port in it ${why}`,
    ]);
    expect(problemsOf({ ...required, ERP_URL: 'http://erp.local:6667' })).toEqual([
      `ERP_URL: the port in it ${why}`,
    ]);
    for (const port of ['0', '80', '443', '4080', '5999', '8080', '10081'])
      expect(problemsOf({ ...required, HUB_PORT: port })).toEqual([]);
  });

  test('knows exactly the ports that fetch refuses', async () => {
    const dispatcher = {
      dispatch() {
        throw new Error('would be called');
      },
    };
    const isRefused = (port: number) =>
      fetch(`http://127.0.0.1:${port}`, { dispatcher } as never).then(
        () => false,
        (error: Error) => (error.cause as Error).message === 'bad port',
      );
    const refused: number[] = [];
    for (let port = 0; port < 12_000; port++) if (await isRefused(port)) refused.push(port);
    expect(blockedPorts).toEqual(refused);
  });

  test('takes a secret from the file that NAME_FILE names, without its last line break', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hub-config-')), 'url');
    writeFileSync(file, 'postgres://hub:from-file@127.0.0.1/hub\n');
    const config = loadConfig({ TEMPORAL_ADDRESS: 'localhost:7233', DATABASE_URL_FILE: file });
    expect(config.database.url).toBe('postgres://hub:from-file@127.0.0.1/hub');
  });

  test('refuses a secret given both ways, and names a file that cannot be read', () => {
    expect(problemsOf({ ...required, DATABASE_URL_FILE: '/x' })).toEqual([
      expect.stringMatching(/both DATABASE_URL and DATABASE_URL_FILE/),
    ]);
    expect(problemsOf({ TEMPORAL_ADDRESS: 'localhost:7233', DATABASE_URL_FILE: '/nowhere' })).toEqual([
      'DATABASE_URL_FILE: cannot read /nowhere (ENOENT)',
    ]);
  });

  test('treats a variable set to nothing as not set', () => {
    expect(loadConfig({ ...required, HUB_PORT: '', ERP_URL: '' }).http.port).toBe(4080);
  });
});

describe('in production', () => {
  test('a complete environment starts', () => {
    expect(loadConfig(production).http.publicUrl).toBe('https://hub.example.com');
  });

  test('a demo credential is refused wherever it stands', () => {
    const env = {
      ...production,
      HUB_DEMO: '1',
      DATABASE_URL: 'postgres://hub:demo@127.0.0.1/hub',
      HUB_SESSION_SECRET: 'demo-session-secret-0',
      ERP_API_KEY: 'demo-erp',
    };
    expect(problemsOf(env)).toEqual([
      'HUB_DEMO: demo data and logins are not for production',
      'HUB_SESSION_SECRET: is a demo credential',
      'ERP_API_KEY: is a demo credential',
      'DATABASE_URL: its password is a demo credential',
    ]);
  });

  test('a connection that leaves the machine needs TLS', () => {
    const env = {
      ...production,
      DATABASE_URL: 'postgres://hub:9f2c@db.example.com/hub',
      TEMPORAL_TLS: '',
      HUB_PUBLIC_URL: 'http://hub.example.com',
    };
    expect(problemsOf(env)).toEqual([
      expect.stringMatching(/^HUB_PUBLIC_URL: must be https/),
      expect.stringMatching(/^DATABASE_URL: leaves this machine without TLS/),
      expect.stringMatching(/^TEMPORAL_ADDRESS: leaves this machine without TLS/),
    ]);
    expect(problemsOf({ ...env, HUB_PLAINTEXT_NETWORK: '1' })).toEqual([]);
  });

  test('a counterparty whose callbacks could not be checked is refused', () => {
    expect(problemsOf({ ...production, WMS_URL: 'https://wms.example.com' })).toEqual([
      expect.stringMatching(/^WMS_CALLBACK_SECRET: is required/),
    ]);
  });
});
