import type { DocumentView } from '../../../api/contract/documents';
import { inWords } from '../parts/format';
import { Instant } from '../parts/instant';

const dots: Readonly<Record<string, string>> = {
  arrival: 'document',
  validation: 'decision',
  delivery: 'call',
  acknowledgement: 'change',
  exception: 'hold',
};

/** What became of the document, in the order in which it happened. */
export function DocumentHistory({ document }: { readonly document: DocumentView }) {
  return (
    <ol className="timeline" aria-label="What became of the document">
      {document.history.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what has happened never changes order
        <li key={index} className="timeline-entry">
          <div className="timeline-when">
            <Instant at={entry.at} />
          </div>
          <div className="timeline-rail" aria-hidden>
            <span className={`timeline-dot ${dots[entry.aspect] ?? ''}`} />
          </div>
          <div className="timeline-body">
            <div className="timeline-title">{inWords(entry.aspect)}</div>
            <p>{entry.text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
