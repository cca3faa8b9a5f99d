/** Claude has ended its turn and is idle: a question that a typed reply answers. */
import { type LeavingEvent, objectOf, textOf } from './types.ts'

/** More of them would only bury Claude's own words. */
const MOST_NAMED = 8
const LONGEST_NAME = 100

/** What still runs after a turn (2.1.197 and 2.1.332); `wakes`: whatever it is, it ends by itself and Claude goes on then. */
type Running = { name: string; wakes: boolean }

export const stop: LeavingEvent = {
  does: 'leave-ask',
  event: 'Stop',
  since: '2.0.44',
  toQuestion(input) {
    const crons = listOf(input['session_crons'])
    const schedules = crons.flatMap((one) => textOf(one['prompt']) ?? [])
    const running = [...listOf(input['background_tasks']).map(toTask), ...crons.map(toSchedule)]
    const words = textOf(input['last_assistant_message']) ?? ''
    // First, since a push cuts what is long at its end.
    const text = running.length === 0 ? words : `Still runs: ${inWords(running)}\n\n${words}`.trim()
    // A schedule's prompt comes as if it had been typed (2.1.332): only its words tell.
    const known = {
      // A Stop hook, of the user's own, had sent Claude on after the stop before.
      ...(input['stop_hook_active'] === true && { continued: true }),
      ...(schedules.length > 0 && { schedules }),
      ...(running.length > 0 && { running: running.some(({ wakes }) => wakes) ? 'wakes' : 'stays' }),
    }
    return {
      kind: 'reply',
      text,
      ...(Object.keys(known).length > 0 && { input: known }),
    }
  },
}

/** Agents and workflows end and wake Claude; a shell or a monitor may run for ever. */
const WAKING: Record<string, string> = { subagent: 'agent', workflow: 'workflow' }

function toTask(task: Record<string, unknown>): Running {
  const type = textOf(task['type']) ?? 'task'
  const name = textOf(task['description']) || textOf(task['command']) || textOf(task['id']) || ''
  return { name: onLine(`${WAKING[type] ?? type} ${name}`), wakes: type in WAKING }
}

function toSchedule(cron: Record<string, unknown>): Running {
  return { name: onLine(`schedule ${textOf(cron['schedule']) ?? ''}`), wakes: false }
}

function inWords(running: Running[]): string {
  const more = running.length - MOST_NAMED
  const names = running.slice(0, MOST_NAMED).map(({ name }) => name)
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join('; ')
}

function onLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}
