import { defineConfig } from 'vitest/config'

const jsx = { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } } as const

/** What works on a real tmux and setfacl runs with the end-to-end tests: a fresh machine has neither yet. */
const onTools = ['terminal', 'presser', 'pane', 'sessions', 'site-terminal', 'site-container'].map(
  (name) => `test/container/${name}.test.ts`,
)

/** Stories that need no Docker and run beside the others, as many as make both rows last about as long. */
const onHost = [
  'chaos',
  'contract',
  'default-rules',
  'dialogs',
  'hooks',
  'own-answer',
  'site',
  'site-terminal',
].map((name) => `test/e2e/${name}.test.ts`)

const endToEnd = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 600_000 }

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
          exclude: ['test/e2e/**', ...onTools],
          testTimeout: 10_000,
        },
      },
      { oxc: jsx, test: { name: 'tools', include: onTools, testTimeout: 10_000 } },
      {
        oxc: jsx,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: onHost, ...endToEnd },
      },
      { oxc: jsx, test: { name: 'host', include: onHost, ...endToEnd } },
    ],
  },
})
