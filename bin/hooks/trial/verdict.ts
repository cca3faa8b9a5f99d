/** What the start of a Claude Code has shown, in sentences. */
import { resolve } from 'node:path'
import { toOneLine } from '../../cli/text-width.ts'
import type { Finding } from '../findings.ts'
import type { Start } from './start.ts'

/** `untried`: nothing wrong was seen, and nothing was shown either. */
export type Verdict = { ok: string } | { problem: Finding } | { untried: string }

/** What was found out beside the start. */
export type Around = {
  program: string
  version: string
  /** The settings file that our hooks stand in, and Claude's folder as we know it. */
  file: string
  claudeDir: string
  /** Where it was started, as a person calls it. */
  where: string
  /** Files that say `disableAllHooks`. */
  switchedOff: readonly string[]
  /** What the hook has written to its own log during the start; null for nothing. */
  trouble: string | null
}

/** From what is sure to what is only likely. */
export function judgeStart(start: Start, around: Around): Verdict {
  const { program, version, file, claudeDir, where, switchedOff, trouble } = around
  const claude = `Claude Code ${version} (${program})`
  if (start.wasHeard)
    return { ok: `${claude}, started in ${where}, ran our hook, and the responder heard it.` }
  if (start.claudeDir === null) {
    if (/unknown option.*--(?:init-only|session-id|strict-mcp-config)/.test(start.said))
      return { untried: `${claude} is too old to be started for its hooks alone.` }
    const [off] = switchedOff
    if (off !== undefined)
      return problem(
        `disableAllHooks is true in ${off}, so ${claude} ran no hook.`,
        'Take it out of that file, or set it to false.',
      )
    if (start.exitCode === 0)
      return problem(
        `${claude} ran no hook at all, ours or another.`,
        'Settings of a company, or of the machine, forbid it: start claude and type /status, which names those it reads.',
      )
    const how = start.exitCode === null ? 'had to be ended' : `ended with exit code ${start.exitCode}`
    return problem(
      `${claude} ${how} before it ran a hook. ${toOneLine(start.said)}`.trim(),
      `See what it says: ${program} --version, then start it in ${where}.`,
    )
  }
  if (resolve(start.claudeDir) !== resolve(claudeDir))
    return problem(
      `${claude} has its settings in ${start.claudeDir}, and the hooks stand in ${file}.`,
      `Run: CLAUDE_CONFIG_DIR=${start.claudeDir} rc hooks install`,
    )
  if (trouble !== null)
    return problem(
      `${claude} started our hook, which was not heard. Its log says: ${toOneLine(trouble)}`,
      'rc hooks status says what is wrong with it.',
    )
  return problem(
    `${claude} runs hooks, but none of those in ${file}: it leaves out what it cannot read there, or all of that file.`,
    'Start claude and type /doctor: it names the entry. Then run rc hooks test again.',
  )
}

function problem(sentence: string, remedy: string): Verdict {
  return { problem: { problem: sentence, remedy } }
}
