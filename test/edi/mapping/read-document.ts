import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionaryFor } from '../../../edi/dictionary/dictionary';
import { byteClasses } from '../../../edi/validate/element-value';
import { SetValidator } from '../../../edi/validate/set-validator';
import { readArrival } from '../../../edi/x12/arrival';
import type { Separators, TransactionSet } from '../../../edi/x12/model';
import { SegmentScanner } from '../../../edi/x12/scanner';

const fixtures = join(__dirname, '../../fixtures/edi/mapping');

export interface ReadDocument {
  readonly set: TransactionSet;
  readonly findings: readonly string[];
}

export function fixtureBytes(name: string): Buffer {
  return readFileSync(join(fixtures, name));
}

function validatorFor(set: string, version: string, separators: Separators): SetValidator {
  const dictionary = dictionaryFor(version);
  const def = dictionary?.set(set);
  if (!dictionary || !def) throw new Error(`no definition of ${set} in ${version}`);
  const context = {
    classes: byteClasses(separators, 'extended'),
    componentByte: separators.component.charCodeAt(0),
    repetitionByte: separators.repetition?.charCodeAt(0) ?? -1,
    repeats: version >= '005',
    utf8: false,
    notes: { trailingSeparators: false, blankElements: false },
  };
  return new SetValidator(dictionary, def, context, { keepsTree: true, fileOffset: (at) => at });
}

/** The first transaction set of what arrived, read and validated as intake does. */
export function readDocument(bytes: Buffer): ReadDocument {
  const interchange = readArrival(bytes).interchanges[0];
  const separators = interchange?.header.separators;
  if (interchange === undefined || separators === undefined || separators === null)
    throw new Error('not an interchange');
  const scanner = new SegmentScanner(interchange.bytes, separators, 0);
  let version = '';
  let validator: SetValidator | null = null;
  let st: readonly string[] = [];
  let position = 0;
  while (scanner.next()) {
    position += 1;
    if (scanner.id === 'GS') version = scanner.text(8);
    if (scanner.id === 'ST') {
      st = [scanner.text(1), scanner.text(2)];
      validator = validatorFor(scanner.text(1), version, separators);
      position = 1;
    } else if (scanner.id === 'SE') break;
    else validator?.segment(scanner, scanner.id, position);
  }
  if (validator === null) throw new Error('no transaction set');
  validator.finish(position);
  const [set = '', controlNumber = ''] = st;
  return {
    set: { set, controlNumber, version, separators, root: validator.root, segmentCount: position },
    findings: validator.findings.map((finding) => finding.text),
  };
}

export function readFixture(name: string): TransactionSet {
  return readDocument(fixtureBytes(name)).set;
}
