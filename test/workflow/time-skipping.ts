import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { placeOf } from '../support/needs';
import { OrderStage, quietRuntime, type StageOptions } from './order-stage';

const STARTS_WITHIN_MS = 90_000;

/** A Temporal whose time is ours to move. */
interface SkippedTime {
  readonly environment: TestWorkflowEnvironment;
  readonly address: string;
  readonly end: () => Promise<void>;
}

/**
 * Starts the server ourselves: the SDK gives it five seconds, which a Java program on a busy machine may not keep, and
 * begins from the start when they are over.
 */
async function startTimeSkipping(path: string): Promise<SkippedTime> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = spawn(path, [String(port)], { stdio: 'ignore' });
  await untilItAnswers(address, server);
  // Not public: the SDK connects to running servers only as to ones without time skipping.
  const open = TestWorkflowEnvironment as unknown as {
    create(options: object): Promise<TestWorkflowEnvironment>;
  };
  const options = { server: { type: 'existing' }, namespace: 'default', supportsTimeSkipping: true, address };
  const environment = await open.create(options);
  const end = async () => {
    await environment.teardown();
    server.kill('SIGKILL');
  };
  return { environment, address, end };
}

/** A stage over such a server, whose orders are placed by its clock. Call `close` of what comes back, once. */
export async function openSkipped(options: Omit<StageOptions, 'address' | 'clock'>) {
  quietRuntime();
  const { environment: time, address, end } = await startTimeSkipping(placeOf('time-skipping-server'));
  const stage = await OrderStage.open({ ...options, address, clock: () => time.currentTimeMs() });
  const close = async () => {
    await stage.close();
    await end();
    await Runtime.instance().shutdown();
  };
  return { stage, time, close };
}

async function untilItAnswers(address: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + STARTS_WITHIN_MS; ; await pause(200)) {
    try {
      await (await NativeConnection.connect({ address })).close();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
