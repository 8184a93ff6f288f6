import type { NativeConnection } from '@temporalio/worker';
import { searchAttributes } from '../workflows/contracts/search-attributes';

/** As the server's API numbers the types. */
const INDEXED_VALUE_TYPE = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
} as const;

const UNIMPLEMENTED = 12;

/** The time-skipping test server can add attributes and not list them. */
async function knownAttributes(connection: NativeConnection, namespace: string): Promise<readonly string[]> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(customAttributes ?? {});
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIMPLEMENTED) return [];
    throw error;
  }
}

/**
 * Makes the orders' search attributes known to the namespace. Before anything is started: an unknown one makes a start
 * fail, and a workflow task try for ever.
 */
export async function registerSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<void> {
  const known = await knownAttributes(connection, namespace);
  const missing = Object.values(searchAttributes).filter(({ name }) => !known.includes(name));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPE[type]])),
  });
}
