import { DefaultLogger, makeTelemetryFilterString, type RuntimeOptions } from '@temporalio/worker';
import pino, { type Logger } from 'pino';

export type Log = Logger;

/** One line of JSON an event, on standard output. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: { process: 'worker', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** What Temporal's SDK and its core have to say, in the same lines. */
export function temporalRuntime(log: Log): RuntimeOptions {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    const { error, ...about } = meta ?? {};
    const line = { ...about, ...(error !== undefined && { err: error as unknown }) };
    log[level === 'ERROR' ? 'error' : 'warn'](line, message);
  });
  return {
    // The worker decides itself when to end: a drained half must not outlive the other.
    shutdownSignals: [],
    logger,
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} } },
  };
}
