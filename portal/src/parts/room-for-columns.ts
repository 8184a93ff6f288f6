import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Columns as they like to stand; closer, with texts in several lines; each row a block of labelled values. */
const layouts = ['columns', 'close', 'blocks'] as const;
type Layout = (typeof layouts)[number];

/**
 * How a table is laid out in the room that its frame has. Measured, not guessed: it depends on what the rows say. What a
 * layout was too wide for is remembered until there is that much room, or other rows are shown.
 */
export function useRoomForColumns(frame: RefObject<HTMLElement | null>, rows: unknown): Layout {
  const [layout, setLayout] = useState<Layout>('columns');
  const measured = useRef<{ readonly rows: unknown; wanted: Partial<Record<Layout, number>> }>({
    rows,
    wanted: {},
  });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    if (measured.current.rows !== rows) measured.current = { rows, wanted: {} };
    const { wanted } = measured.current;
    const measure = () => {
      if (layout !== 'blocks' && element.scrollWidth > element.clientWidth)
        wanted[layout] = element.scrollWidth;
      setLayout(layouts.find((one) => (wanted[one] ?? 0) <= element.clientWidth) ?? 'blocks');
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, layout, rows]);
  return layout;
}
