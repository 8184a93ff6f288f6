import { freePort, Program } from '../orders/processes';

export interface ApiProcess {
  readonly program: Program;
  readonly url: string;
}

/** The API as it runs everywhere, to be killed: a process of its own that takes orders while the workflow engine is away. */
export async function startApiProcess(name: string, given: NodeJS.ProcessEnv = {}): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Nothing listens there.
  const env = { ...given, HUB_PORT: String(port), HUB_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const program = new Program(name, 'api/main.js', { env });
  const answers = () =>
    fetch(`${url}/livez`).then(
      (reply) => reply.ok,
      () => false,
    );
  await program.until('answering', answers);
  return { program, url };
}
