import { defineConfig } from 'vitest/config'

const jsx = { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } } as const

const endToEnd = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 600_000 }

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  oxc: jsx,
  test: {
    root: `${import.meta.dirname}/..`,
    projects: [
      { oxc: jsx, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 10_000 } },
      // What works on a real tmux and setfacl runs with the end-to-end tests: a fresh machine has neither yet.
      { oxc: jsx, test: { name: 'tools', include: ['test/tools/**/*.test.ts'], testTimeout: 10_000 } },
      { oxc: jsx, test: { name: 'box', include: ['test/e2e/box/*.test.ts'], ...endToEnd } },
      // Stories that need no Docker and run beside the others, as many as make both rows last about as long.
      { oxc: jsx, test: { name: 'host', include: ['test/e2e/host/*.test.ts'], ...endToEnd } },
    ],
  },
})
