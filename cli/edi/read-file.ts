import { readFile } from 'node:fs/promises';

/** A file's bytes, or why they cannot be had. */
export async function readEdiFile(path: string): Promise<{ bytes: Uint8Array } | { error: string }> {
  try {
    return { bytes: await readFile(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { error: 'there is no such file' };
    if (code === 'EISDIR') return { error: 'this is a folder' };
    return { error: `cannot be read (${code ?? 'unknown error'})` };
  }
}
