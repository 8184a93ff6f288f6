import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev` serves the sources; the API answers where it always does. */
const api = process.env['HUB_PUBLIC_URL'] ?? 'http://localhost:4080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: '../dist/portal', emptyOutDir: true, chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': api, '/docs': api } },
});
