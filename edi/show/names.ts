import { codeNameText } from './names/codes';
import { elementNameText } from './names/elements';
import { segmentNameText } from './names/segments';

/** Names for people, in our own words. What has no name here is shown by its number alone. */

/** The lines of a table, put into a map when somebody first looks: whoever shows nothing pays nothing. */
function table(text: string): (key: string) => string | undefined {
  let names: ReadonlyMap<string, string> | null = null;
  return (key) => {
    names ??= new Map(text.trim().split('\n').map(entry));
    return names.get(key);
  };
}

function entry(line: string): [string, string] {
  const [key = '', ...words] = line.trim().split(' ');
  return [key, words.join(' ')];
}

/** `PO1` is an order line. */
export const segmentName = table(segmentNameText);

/** By data element or composite reference: `355` is a unit. */
export const elementName = table(elementNameText);

let codeNames: ReadonlyMap<string, ReadonlyMap<string, string>> | null = null;

function readCodeNames(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let list = new Map<string, string>();
  for (const line of codeNameText.trim().split('\n')) {
    if (line.startsWith(' ')) list.set(...entry(line));
    else {
      list = new Map();
      found.set(line, list);
    }
  }
  return found;
}

/** `EA` of element `355` is each. */
export function codeName(reference: string, code: string): string | undefined {
  codeNames ??= readCodeNames();
  return codeNames.get(reference)?.get(code);
}
