/** What a hook tells the responder about the Claude that runs it. */
import type { ClaudeContext } from '../../server/protocol.ts'
import { type HookInput, textField, textOf } from '../events/types.ts'
import { claudePid } from './registry.ts'

/** Claude Code's own version, from `AI_AGENT` (2.1.330: `claude-code_2-1-330_harness`). */
export function contextOf(input: HookInput): ClaudeContext {
  const version = /claude-code_(\d+)-(\d+)-(\d+)/.exec(process.env['AI_AGENT'] ?? '')
  return {
    claude_session: textOf(input['session_id']) ?? 'unknown',
    cwd: textOf(input['cwd']) ?? '',
    ...textField('prompt_id', input['prompt_id']),
    ...textField('permission_mode', input['permission_mode']),
    ...textField('agent_id', input['agent_id']),
    ...textField('agent_type', input['agent_type']),
    ...(version && { claude_version: version.slice(1).join('.') }),
    place: placeOf(),
    // Documented for 2.1.199 and later: a bridge to the Claude app is open.
    ...(process.env['CLAUDE_CODE_BRIDGE_SESSION_ID'] && { remote_control: true }),
    ...(isHeadless(process.env) && { headless: true }),
  }
}

/** Where this Claude runs: its process and, in tmux, its pane. */
function placeOf(): NonNullable<ClaudeContext['place']> {
  const socket = process.env['TMUX']?.replace(/,[^,]*,[^,]*$/, '')
  const pane = process.env['TMUX_PANE']
  return { pid: claudePid(), ...(socket && pane && { tmux: { socket, pane } }) }
}

/**
 * Whether nobody sits before this Claude. `-p` sets its entrypoint again, whatever it inherits (2.1.197 and 2.1.332);
 * 2.1.197 does not know SESSION_ATTENDED and hands on a stale one.
 */
export function isHeadless(env: Readonly<Record<string, string | undefined>>): boolean {
  const { CLAUDE_CODE_ENTRYPOINT: entrypoint = '', CLAUDE_CODE_SESSION_ATTENDED: attended } = env
  if (attended === '0' || entrypoint === 'sdk-cli') return true
  return entrypoint.startsWith('sdk-') && attended !== '1'
}
