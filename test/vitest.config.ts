import { defineConfig } from 'vitest/config'

const jsx = { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } } as const

/** What types into a real tmux runs with the end-to-end tests: a fresh machine has none yet. */
const inTmux = ['test/container/terminal.test.ts', 'test/container/pane.test.ts']

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  oxc: jsx,
  test: {
    root: `${import.meta.dirname}/..`,
    projects: [
      {
        oxc: jsx,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...inTmux],
          testTimeout: 10_000,
        },
      },
      { oxc: jsx, test: { name: 'tmux', include: inTmux, testTimeout: 10_000 } },
      {
        oxc: jsx,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
