import type { Variables } from './environment';
import { SECRET_NAMES } from './secrets';

/** Demo credentials are published with the source, so they carry this mark and never pass for real ones. */
export const DEMO_MARK = 'demo';

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || host.startsWith('127.');
}

/** Any TLS setting of Temporal's means TLS; an API key is never sent without. */
export function usesTemporalTls(v: Variables): boolean {
  return Boolean(
    v.TEMPORAL_TLS ||
      v.TEMPORAL_API_KEY ||
      v.TEMPORAL_TLS_SERVER_CA_CERT_PATH ||
      v.TEMPORAL_TLS_CLIENT_CERT_PATH ||
      v.TEMPORAL_TLS_SERVER_NAME,
  );
}

function databaseProblem(url: string): string | null {
  const { hostname, searchParams } = new URL(url);
  // A host in the query or none at all is a Unix socket: nothing to encrypt.
  if (hostname === '' || isLocal(hostname) || searchParams.get('host')?.startsWith('/')) return null;
  const mode = searchParams.get('sslmode');
  if (mode === 'require' || mode === 'verify-ca' || mode === 'verify-full') return null;
  return 'DATABASE_URL: leaves this machine without TLS; add sslmode=verify-full';
}

/** What a production start refuses on top of what is wrong anywhere. Empty: nothing. */
export function productionProblems(v: Variables): string[] {
  const problems: string[] = [];
  if (v.HUB_DEMO) problems.push('HUB_DEMO: demo data and logins are not for production');
  for (const name of SECRET_NAMES) {
    const value = v[name];
    if (name !== 'DATABASE_URL' && value?.toLowerCase().startsWith(DEMO_MARK))
      problems.push(`${name}: is a demo credential`);
  }
  const password = decodeURIComponent(new URL(v.DATABASE_URL).password).toLowerCase();
  if (password.startsWith(DEMO_MARK)) problems.push('DATABASE_URL: its password is a demo credential');
  if (!v.HUB_SESSION_SECRET) problems.push('HUB_SESSION_SECRET: is required in production');
  if (!v.HUB_PUBLIC_URL)
    problems.push('HUB_PUBLIC_URL: is required in production (partners and browsers are told this address)');
  for (const [url, secret, name] of [
    [v.ERP_URL, v.ERP_CALLBACK_SECRET, 'ERP'],
    [v.WMS_URL, v.WMS_CALLBACK_SECRET, 'WMS'],
    [v.CARRIER_URL, v.CARRIER_CALLBACK_SECRET, 'CARRIER'],
  ] as const) {
    if (url && !secret)
      problems.push(
        `${name}_CALLBACK_SECRET: is required when ${name}_URL is set (its callbacks could not be checked)`,
      );
  }
  // HUB_PLAINTEXT_NETWORK=1 says aloud that everything between these processes is a private network.
  if (v.HUB_PLAINTEXT_NETWORK) return problems;
  if (v.HUB_PUBLIC_URL?.startsWith('http:') && !isLocal(new URL(v.HUB_PUBLIC_URL).hostname)) {
    problems.push('HUB_PUBLIC_URL: must be https in production');
  }
  const database = databaseProblem(v.DATABASE_URL);
  if (database) problems.push(database);
  const temporalHost = v.TEMPORAL_ADDRESS.replace(/:\d+$/, '');
  if (!isLocal(temporalHost) && !usesTemporalTls(v)) {
    problems.push(
      'TEMPORAL_ADDRESS: leaves this machine without TLS; set TEMPORAL_TLS=1 or its certificate files',
    );
  }
  return problems;
}
