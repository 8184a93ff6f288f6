import { Text } from '@mantine/core';
import type { DocumentView, ShownSegmentView } from '../../../api/contract/documents';

function Segment({ segment }: { readonly segment: ShownSegmentView }) {
  const wrong = segment.findings.length > 0;
  return (
    <li
      className={wrong ? 'shown-segment found' : 'shown-segment'}
      style={{ '--depth': segment.depth } as React.CSSProperties}
    >
      <div className="shown-head">
        <span className="number">{segment.position ?? ''}</span>
        <span className="mono">{segment.id}</span>
        <span>{segment.name}</span>
      </div>
      {segment.elements.length > 0 && (
        <dl className="shown-elements">
          {segment.elements.map((element, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: archived elements never change order
            <div key={index} className={element.faulty ? 'faulty' : undefined}>
              <dt>
                <span className="mono soft">{element.place}</span> {element.name}
              </dt>
              <dd>
                <span className="value">{element.value}</span>
                {element.meaning !== null && <span className="meaning"> {element.meaning}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {segment.findings.map((finding) => (
        <p key={`${finding.place} ${finding.text}`} className="shown-finding">
          <strong>{finding.place}</strong> {finding.text}
        </p>
      ))}
    </li>
  );
}

/** Segments, elements and codes by their names, loops indented, findings where they are. */
export function ReadableDocument({ document }: { readonly document: DocumentView }) {
  if (document.segments === null) return <Text>The archived bytes are too large to show here.</Text>;
  return (
    <>
      <ol className="shown panel" aria-label="The document, segment by segment">
        {document.segments.map((segment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: archived segments never change order
          <Segment key={index} segment={segment} />
        ))}
      </ol>
      {document.moreSegments && (
        <Text size="sm" mt="sm">
          Only the first {document.segments.length} segments are shown; the raw bytes have the rest.
        </Text>
      )}
    </>
  );
}
