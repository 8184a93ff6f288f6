import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './app';
import { CallProblem } from './http/call';
import { theme } from './theme';

/** What is wrong with the question stays wrong; what is wrong with the way there may pass. */
const mayPass = (error: unknown) =>
  !(error instanceof CallProblem) || error.status === 0 || error.status >= 500;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that has ended shows the login, wherever one is.
    onError: (error) => {
      if (error instanceof CallProblem && error.status === 401) client.setQueryData(['session'], null);
    },
  }),
  defaultOptions: { queries: { retry: (count, error) => mayPass(error) && count < 2, staleTime: 1_000 } },
});

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="light">
      {/* Filters and buttons are at the top of pages: what is told must not lie over them. */}
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
