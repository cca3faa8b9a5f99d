/** The `approvals` part of the configuration. */
import * as z from 'zod'
import { GRAVE_KINDS } from '../server/protocol.ts'
import { DEFAULT_ASK } from './default-rules.ts'

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Beyond 24.8 days a hook's timeout is none to Claude Code (2.1.197), and it ends the hook at once. */
const MOST_DAYS = 24

const duration = z
  .union([z.number().int().positive(), z.string().regex(/^[1-9]\d*\s*[smhd]$/)], {
    error: 'a number of seconds, or a text such as 90m or 12h',
  })
  .transform((value) => {
    if (typeof value === 'number') return value
    return Number.parseInt(value, 10) * UNITS[value.slice(-1) as keyof typeof UNITS]
  })
  .refine((seconds) => seconds <= MOST_DAYS * UNITS.d, `at most ${MOST_DAYS} days`)

const rule = z
  .string()
  .regex(
    /^(?:[A-Za-z_][\w-]*(?:\(.+\))?|mcp__[\w*-]+)$/s,
    'a permission rule such as Bash(git push *), WebFetch or mcp__github__*',
  )

/** Absent `ask` means the default list, an empty one means that nothing is asked. */
export const approvalsOptions = z
  .strictObject({
    mode: z
      .enum(['guarded', 'all', 'off'])
      .default('guarded')
      .describe('guarded: ask for the rules below; all: every prompt of Claude; off: ask nothing'),
    ask: z
      .array(rule)
      .default([...DEFAULT_ASK])
      .describe('permission rules that need a person'),
    deny: z.array(rule).default([]).describe('permission rules that are never allowed'),
    timeout: duration.default(12 * UNITS.h).describe('how long an ask waits, in seconds or as 90m, 12h'),
    on_timeout: z
      .enum(['wait', 'deny'])
      .default('wait')
      .describe(
        "what a timeout does: leave Claude's own dialog on the screen, or deny and say so, for when nobody sits there; hours that the machine sleeps count",
      ),
    headless: z
      .enum(['skip', 'ask'])
      .default('skip')
      .describe(
        'claude -p in a script or cron job: skip asks and pushes nothing, so that Claude decides at once; ask treats it as any other',
      ),
    grave: z
      .array(z.union([z.enum(GRAVE_KINDS), rule]))
      .optional()
      .describe(
        `what cannot be undone, and so is pushed as urgent: ${GRAVE_KINDS.join(', ')}, or permission rules; absent: all of these words`,
      ),
    protected_branches: z
      .array(z.string().min(1))
      .optional()
      .describe('branches to which a push is grave, such as main or release/*'),
    subagent_wait: duration
      .default(60)
      .describe(
        "how long a background subagent's ask or an MCP server's form waits before the keyboard may answer it, where on_timeout is wait",
      ),
  })
  .prefault({})

export type ApprovalsOptions = z.output<typeof approvalsOptions>
