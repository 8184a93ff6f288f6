import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const root = join(__dirname, '../..');

export interface Import {
  /** A path from the project's root without extension for a file of ours, else the package's name. */
  readonly target: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Files of the project as git sees them (tracked, or new and not ignored); everything on disk where git is missing. */
export function projectFiles(): readonly string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
    });
    return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  } catch {
    const skipped = /(^|\/)(node_modules|dist|\.git|\.hub|\.hub-dev|\.test|coverage)(\/|$)/;
    return (
      readdirSync(root, { recursive: true, withFileTypes: true }) as {
        isFile(): boolean;
        parentPath: string;
        name: string;
      }[]
    )
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((file) => !skipped.test(file));
  }
}

const STATEMENT =
  /(?:^|[\n;])\s*(import|export)\s+(type\s+)?((?:[^'"`;]*?\sfrom\s*)?)['"]([^'"\n]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** `import { type A, type B } from` runs nothing either. */
function namesOnlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s*from$/.exec(clause.trim());
  return (
    names !== null &&
    (names[1] ?? '').split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
  );
}

function withoutComments(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g,
    (comment, before: string | undefined) => `${before ?? ''}${comment.replace(/[^\n]/g, '')}`,
  );
}

/** A source file without its comments, its lines where they were. */
export function codeOf(file: string): string {
  return withoutComments(readFileSync(join(root, file), 'utf8'));
}

export function importsOf(file: string): readonly Import[] {
  const source = codeOf(file);
  return [...source.matchAll(STATEMENT)].flatMap((match): readonly Import[] => {
    const specifier = match[4] ?? match[5];
    if (!specifier) return [];
    const ours = specifier.startsWith('.');
    const target = ours
      ? normalize(join(dirname(file), specifier)).replace(/\.(ts|tsx|js|mjs|cjs)$/, '')
      : specifier.startsWith('node:')
        ? specifier
        : specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/');
    const typeOnly = match[2] !== undefined || namesOnlyTypes(match[3] ?? '');
    return [{ target, ours, typeOnly, line: source.slice(0, match.index + 1).split('\n').length }];
  });
}
