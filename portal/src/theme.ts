import { createTheme, type MantineColorsTuple } from '@mantine/core';

const hub: MantineColorsTuple = [
  '#eaf2fa',
  '#d3e2f2',
  '#a5c4e4',
  '#75a5d6',
  '#4f8acb',
  '#397ac4',
  '#2a6cb3',
  '#1f5a99',
  '#1f4e79',
  '#153a5c',
];

// The library's own cross has no name for those who hear the page.
const closeButtonProps = { 'aria-label': 'Close' };

export const theme = createTheme({
  primaryColor: 'hub',
  primaryShade: 8,
  colors: { hub },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  defaultRadius: 'md',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { closeButtonProps } },
    Drawer: { defaultProps: { closeButtonProps } },
    // Its text is too light otherwise (4.5:1).
    Notification: {
      defaultProps: { closeButtonProps },
      styles: { description: { color: 'var(--ink-soft)' } },
    },
  },
});
