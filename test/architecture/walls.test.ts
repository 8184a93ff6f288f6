import { builtinModules } from 'node:module';
import { codeOf, type Import, importsOf, projectFiles } from './source-files';
import { closedRooms, temporalClientRooms, type Wall, walls } from './walls';

const sources = projectFiles().filter((file) => /\.(ts|tsx)$/.test(file) && roomOf(file) !== null);

function isWithin(path: string, place: string): boolean {
  const parts = place.split('/');
  const own = path.split('/');
  return parts.every((part, index) => part === '*' || part === own[index]);
}

/** The narrowest room that holds the file: `edi/mapping` before `edi`. */
function roomOf(file: string): string | null {
  const path = file.replace(/\.(ts|tsx)$/, '');
  const holding = Object.keys(walls).filter((room) => isWithin(path, room));
  return holding.sort((a, b) => b.length - a.length)[0] ?? null;
}

function packageTrouble(wall: Wall, found: Import): string | null {
  const builtin = found.target.startsWith('node:') || builtinModules.includes(found.target);
  if (!wall.packages) return null;
  const allowed = wall.packages.includes(found.target) || (builtin && wall.packages.includes('node:'));
  return allowed ? null : `may not use the package ${found.target}`;
}

function trouble(file: string, found: Import): string | null {
  const room = roomOf(file) as string;
  const wall = walls[room] as Wall;
  if (!found.ours) {
    if (
      found.target === '@temporalio/client' &&
      !found.typeOnly &&
      !temporalClientRooms.some((place) => isWithin(file.replace(/\.ts$/, ''), place))
    ) {
      return 'may not hold the Temporal client: workflows/client is the only one';
    }
    return packageTrouble(wall, found);
  }
  if (isWithin(found.target, room) && roomOf(found.target) === room) return null;
  const closed = closedRooms.find((place) => isWithin(found.target, place));
  if (closed)
    return room === 'test' || (room === 'bench' && closed !== 'test')
      ? null
      : `imports ${closed}, which nothing may import`;
  if (wall.mayImport === 'everything') return null;
  if (wall.mayImport.some((place) => isWithin(found.target, place))) return null;
  if (wall.typesOnly?.some((place) => isWithin(found.target, place))) {
    return found.typeOnly ? null : `may import only types from ${found.target}`;
  }
  return `may not import ${found.target}`;
}

test('every import keeps within the walls of docs/architecture.md', () => {
  const broken = sources.flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const why = trouble(file, found);
      return why ? [`${file}:${found.line} (${roomOf(file)}) ${why}`] : [];
    }),
  );
  expect(broken).toEqual([]);
});

test('domain knows neither the clock nor chance', () => {
  const guilty = sources
    .filter((file) => roomOf(file) === 'domain')
    .filter((file) =>
      /\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bMath\.random\s*\(|\brandomUUID\s*\(/.test(codeOf(file)),
    );
  expect(guilty).toEqual([]);
});

test('the wall test itself sees a forbidden import', () => {
  const seen = (target: string, ours: boolean, typeOnly = false): Import => ({
    target,
    ours,
    typeOnly,
    line: 1,
  });
  expect(trouble('domain/order/states.ts', seen('knex', false))).toMatch(/may not use/);
  expect(trouble('domain/order/states.ts', seen('db/connection', true))).toMatch(/may not import/);
  expect(trouble('edi/x12/writer.ts', seen('domain/shared/money', true))).toMatch(/may not import/);
  expect(trouble('edi/mapping/order.ts', seen('domain/shared/money', true))).toBeNull();
  expect(trouble('simulators/erp/main.ts', seen('adapters/erp/contract', true))).toBeNull();
  expect(trouble('simulators/erp/main.ts', seen('adapters/erp/client', true))).toMatch(/may not import/);
  expect(trouble('activities/order.ts', seen('workflows/contracts/order', true))).toMatch(/only types/);
  expect(trouble('activities/order.ts', seen('workflows/contracts/order', true, true))).toBeNull();
  expect(trouble('api/main.ts', seen('bench/parse', true))).toMatch(/nothing may import/);
  expect(trouble('application/order/place-order.ts', seen('@temporalio/client', false))).toMatch(
    /Temporal client/,
  );
});
