import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: {
    alias: [
      { find: '@', replacement: here('./src') },
      // What every icon of Lucide is drawn by.
      { find: /^\.\.\/Icon\.svelte$/, replacement: here('./src/design/Icon.svelte') },
    ],
    // Vitest would otherwise take the server build of Svelte.
    ...(mode === 'test' ? { conditions: ['browser'] } : {}),
  },
  // The words are data: read as such, several times faster than as code.
  json: { stringify: true, namedExports: false },
  build: {
    outDir: mode === 'pictures' ? here('./dist-pictures') : here('./dist'),
    emptyOutDir: true,
    // The window's policy allows neither data: addresses nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'baseline-widely-available',
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['./src/test.ts'],
  },
}))
