import { readGuide } from '../../edi/guides/check-guide';
import type { Guide } from '../../edi/guides/guide';
import { HubCommandError } from '../hub-api';
import { readEdiFile } from './read-file';

/** The guides of a JSON file: one, or a list of them. @throws HubCommandError naming every rule that is not right */
export async function readGuides(path: string): Promise<readonly Guide[]> {
  const body = await readJsonFile(path);
  const problems: string[] = [];
  const guides: Guide[] = [];
  for (const one of Array.isArray(body) ? (body as unknown[]) : [body]) {
    const read = readGuide(one);
    if (read.kind === 'guide') guides.push(read.guide);
    else problems.push(...read.problems.map(({ where, text }) => `  ${where}: ${text}`));
  }
  if (problems.length > 0)
    throw new HubCommandError(`The guide ${path} is not right:\n${problems.join('\n')}`);
  return guides;
}

export async function readJsonFile(path: string): Promise<unknown> {
  const read = await readEdiFile(path);
  if ('error' in read) throw new HubCommandError(`The guide ${path}: ${read.error}`);
  try {
    return JSON.parse(Buffer.from(read.bytes).toString('utf8'));
  } catch (error) {
    throw new HubCommandError(`The guide ${path} is not JSON: ${String(error)}`);
  }
}
