/** What an approval in advance is about: one call, or every call that says as much as the one that was shown. Pure. */
import { createHash } from 'node:crypto'
import { isCertain } from '../claude/rules.ts'
import type { Ask } from './ask.ts'

/**
 * The key under which "always" is remembered, and under which a later call has to come to be let through. Rules are
 * remembered together: a call that falls under one of them only, or under one more, was shown to nobody.
 */
export function standingKey({
  rules,
  tool,
  input,
  context,
}: Pick<Ask, 'rules' | 'tool' | 'input' | 'context'>): string {
  if (isCertain(rules, tool, input)) return `rules:${JSON.stringify([...new Set(rules)].sort())}`
  // The description of a command is the agent's own words about it, and another one each time.
  const { description, ...done } = input
  const call = [tool, tool === 'Bash' ? done : input, context.cwd]
  return `call:${createHash('sha256').update(JSON.stringify(call)).digest('hex').slice(0, 32)}`
}

/** The same in words, for the one who is about to say it. */
export function describeWhat({ rules, tool, input }: Pick<Ask, 'rules' | 'tool' | 'input'>): string {
  if (isCertain(rules, tool, input)) return `any ${describeRules([...new Set(rules)].sort())}`
  return `exactly this ${tool === 'Bash' ? 'command' : 'call'} in the same folder`
}

/** The key's rules in words. A plain command is one command: no `&&`, `|`, `;`, `$`, redirection, or line break. */
export function describeRules([first = '', ...others]: readonly string[]): string {
  const noun = first.startsWith('Bash') ? 'plain command' : 'call'
  return `${noun} that matches ${[first, ...others].join(' and ')} and no other rule of this session`
}
