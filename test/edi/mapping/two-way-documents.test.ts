import fc from 'fast-check';
import { functionalIdOf } from '../../../edi/judge/functional-groups';
import { readApplicationAdvice, renderApplicationAdvice } from '../../../edi/mapping/application-advice';
import {
  readCreditDebitAdjustment,
  renderCreditDebitAdjustment,
} from '../../../edi/mapping/credit-debit-adjustment';
import { readDecimal } from '../../../edi/mapping/inbound-values';
import {
  readOrderStatusInquiry,
  readOrderStatusReport,
  renderOrderStatusInquiry,
  renderOrderStatusReport,
} from '../../../edi/mapping/order-status';
import { readRemittanceAdvice, renderRemittanceAdvice } from '../../../edi/mapping/remittance-advice';
import type { Rendered, RenderingOptions } from '../../../edi/mapping/rendering';
import {
  readReturnAuthorization,
  renderReturnAuthorization,
} from '../../../edi/mapping/return-authorization';
import type { DocumentRead } from '../../../edi/mapping/shape';
import type { Loop, Segment, TransactionSet } from '../../../edi/x12/model';
import { documents } from '../random-document';
import { readDocument } from './read-document';
import { draftOf, judged, problemsOf, type Version, versions, write } from './write-document';

interface TwoWay {
  readonly read: (set: TransactionSet) => DocumentRead<unknown>;
  readonly render: (document: never, options: RenderingOptions) => Rendered;
}

const mappings: Readonly<Record<string, TwoWay>> = {
  '180': { read: readReturnAuthorization, render: renderReturnAuthorization },
  '812': { read: readCreditDebitAdjustment, render: renderCreditDebitAdjustment },
  '820': { read: readRemittanceAdvice, render: renderRemittanceAdvice },
  '869': { read: readOrderStatusInquiry, render: renderOrderStatusInquiry },
  '870': { read: readOrderStatusReport, render: renderOrderStatusReport },
  '824': { read: readApplicationAdvice, render: renderApplicationAdvice },
};

function flat(loop: Loop): Segment[] {
  return [...loop.segments, ...loop.loops.flatMap(flat)].sort((a, b) => a.position - b.position);
}

/** Every value that a document says, numbers in one form, with its place. */
function values(set: TransactionSet): { readonly value: string; readonly place: string }[] {
  return flat(set.root).flatMap(({ id, position, elements }) =>
    // What orders the others (HL, CTT) is numbered anew.
    ['ST', 'SE', 'CTT'].includes(id)
      ? []
      : elements.flatMap((text, index) =>
          text
            .split(/[>^]/)
            .map((part) => part.trimEnd())
            .filter((part) => part !== '' && !(id === 'HL' && index !== 2))
            // A state by its two letters stands in N402 again, where it needs no qualifier.
            .filter((part) => !(id === 'N4' && index === 4 && part === 'SP' && elements[5]?.trim()))
            .map((part) => ({
              value: (readDecimal(part) ?? part).replace(/^-0$/, '0'),
              place: `${position}/${index + 1}`,
            })),
        ),
  );
}

/** What stands in neither the document that was written again nor in the list of what found no field. */
function lost(
  set: TransactionSet,
  read: Extract<DocumentRead<unknown>, { kind: 'read' }>,
  again: TransactionSet,
) {
  const kept = new Set(
    read.unhandled.map(({ at }) => `${at.segment}/${at.element === undefined ? '' : String(at.element)}`),
  );
  const left = values(again).map(({ value }) => value);
  return values(set).filter(({ value, place }) => {
    if (kept.has(place) || kept.has(`${place.split('/')[0] ?? ''}/`)) return false;
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const asDocument = (set: string, version: Version) =>
  documents(version, set).map((draft) => readDocument(write(draft, version)).set);

describe('what the hub reads of a document it can write again', () => {
  for (const [set, { read, render }] of Object.entries(mappings)) {
    for (const version of versions) {
      test(`${set} in ${version}: the same document, valid, and nothing lost on the way`, () => {
        expect(functionalIdOf(set)).toHaveLength(2);
        fc.assert(
          fc.property(asDocument(set, version), (received) => {
            const first = read(received);
            if (first.kind !== 'read') throw new Error(JSON.stringify(first.problems));
            const rendered = render(first.document as never, { version });
            expect(problemsOf(rendered)).toEqual([]);
            const bytes = write(draftOf(rendered), version);
            expect(judged(bytes)).toEqual({ ack: 'A', findings: [] });
            const written = readDocument(bytes).set;
            expect(read(written)).toEqual({ kind: 'read', document: first.document, unhandled: [] });
            expect(lost(received, first, written)).toEqual([]);
          }),
          { numRuns: 40 },
        );
      });
    }
  }
});
