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
