import { readFileSync } from 'node:fs';

/** Where Temporal is and how it is reached; the shape of `Config.temporal`. TLS fields are paths of PEM files. */
export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
  /** Where several hubs share a namespace (tests do): each its own. */
  readonly taskQueue?: string;
  readonly apiKey: string | null;
  readonly tls: {
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
    readonly serverName: string | null;
  } | null;
}

/** The same for the client's connection and the worker's native one. */
export function connectionOptions({ address, apiKey, tls }: TemporalPlace) {
  return {
    address,
    ...(apiKey !== null && { apiKey }),
    ...(tls !== null && {
      tls: {
        ...(tls.caFile !== null && { serverRootCACertificate: readFileSync(tls.caFile) }),
        ...(tls.certFile !== null &&
          tls.keyFile !== null && {
            clientCertPair: { crt: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
          }),
        ...(tls.serverName !== null && { serverNameOverride: tls.serverName }),
      },
    }),
  };
}
