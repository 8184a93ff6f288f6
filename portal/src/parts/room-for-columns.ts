import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Columns as they like to stand; closer, with texts in several lines; each row a block of labelled values. */
const layouts = ['columns', 'close', 'blocks'] as const;
type Layout = (typeof layouts)[number];

/**
 * How a table is laid out in the room that its frame has. Measured, not guessed: it depends on what the rows say. What a
 * layout was too wide for is remembered until there is that much room: a list that refreshes itself would else change
 * its looks under its reader, and be tried in columns each time, so much shorter that the browser scrolls up.
 */
export function useRoomForColumns(frame: RefObject<HTMLElement | null>, rows: unknown): Layout {
  const [layout, setLayout] = useState<Layout>('columns');
  const wanted = useRef<Partial<Record<Layout, number>>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows may be wider
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      if (layout !== 'blocks' && element.scrollWidth > element.clientWidth)
        wanted.current[layout] = element.scrollWidth;
      setLayout(layouts.find((one) => (wanted.current[one] ?? 0) <= element.clientWidth) ?? 'blocks');
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, layout, rows]);
  return layout;
}
