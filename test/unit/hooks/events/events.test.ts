import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contextOf, isHeadless } from '../../../../hooks/client/context.ts'
import { SOCKET_NAME } from '../../../../hooks/client/door.ts'
import { MAX_INPUT_BYTES } from '../../../../hooks/client/invocation.ts'
import { PROTOCOL_VERSION as HOOK_VERSION } from '../../../../hooks/client/run.ts'
import { elicitation } from '../../../../hooks/events/elicitation.ts'
import { HOOK_EVENTS } from '../../../../hooks/events/index.ts'
import { permissionRequest } from '../../../../hooks/events/permission-request.ts'
import { stop } from '../../../../hooks/events/stop.ts'
import type { HookEvent, HookInput } from '../../../../hooks/events/types.ts'
import {
  askDraft,
  GATE_SOCKETS,
  MAX_ASK_BYTES,
  PROTOCOL_VERSION,
  signal,
} from '../../../../server/protocol.ts'

const sample = (name: string): HookInput =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../fixtures/hooks/${name}.json`), 'utf8'))
const KEY = '00000000-0000-4000-8000-000000000000'
const draft = (question: object | null, input: HookInput = {}) =>
  askDraft.parse({ v: PROTOCOL_VERSION, key: KEY, context: contextOf(input), ...question })
/** What the responder takes for an event's input: an ask, or news. */
const taken = (event: HookEvent, input: HookInput) =>
  event.does === 'tell'
    ? signal.parse({
        v: PROTOCOL_VERSION,
        event: event.event,
        context: contextOf(input),
        ...event.toNews(input),
      })
    : draft(event.toQuestion(input), input)

test('the scripts and the responder speak of the same version, socket and size', () => {
  expect(HOOK_VERSION).toBe(PROTOCOL_VERSION)
  expect(SOCKET_NAME).toBe(GATE_SOCKETS.hooks)
  expect(MAX_INPUT_BYTES).toBe(MAX_ASK_BYTES)
})

describe('a recorded PermissionRequest becomes an ask that the responder takes', () => {
  test.each([
    ['PermissionRequest-Bash', 'permission', 'Bash', 0],
    ['PermissionRequest-Write', 'permission', 'Write', 1],
    ['PermissionRequest-WebFetch', 'permission', 'WebFetch', 1],
    ['PermissionRequest-mcp__lab__echo', 'permission', 'mcp__lab__echo', 1],
    ['PermissionRequest-mcp__lab__ask', 'permission', 'mcp__lab__ask', 1],
    ['PermissionRequest-AskUserQuestion', 'question', 'AskUserQuestion', 0],
    ['PermissionRequest-ExitPlanMode', 'plan', 'ExitPlanMode', 0],
  ])('%s', (name, kind, tool, suggestions) => {
    const input = sample(name)
    const asked = draft(permissionRequest.toQuestion(input), input)
    expect(asked).toMatchObject({ kind, tool, input: input['tool_input'] })
    expect(asked.suggestions).toHaveLength(suggestions)
    expect(contextOf(input).claude_session).toBe(input['session_id'])
  })
})

describe('a decision becomes what Claude reads', () => {
  const decisionFor = (name: string, decision: Parameters<typeof permissionRequest.toOutput>[1]) =>
    permissionRequest.toOutput(sample(name), decision)['hookSpecificOutput']

  test('an allowed tool goes back without its input, or Claude would check the rule again', () => {
    expect(decisionFor('PermissionRequest-Bash', { behavior: 'allow' })).toEqual({
      hookEventName: 'PermissionRequest',
      decision: { behavior: 'allow' },
    })
  })

  test('a plan goes back with its input, or Claude would leave the dialog open', () => {
    const input = {
      ...sample('PermissionRequest-ExitPlanMode'),
      tool_input: { plan: '# Do', planFilePath: '/p' },
    }
    expect(permissionRequest.toOutput(input, { behavior: 'allow' })).toMatchObject({
      hookSpecificOutput: {
        decision: { behavior: 'allow', updatedInput: { plan: '# Do', planFilePath: '/p' } },
      },
    })
  })

  test('a question goes back with its questions and the answers', () => {
    const answers = { 'Which?': 'Blue' }
    const { questions } = sample('PermissionRequest-AskUserQuestion')['tool_input'] as { questions: unknown }
    expect(
      decisionFor('PermissionRequest-AskUserQuestion', { behavior: 'allow', choices: answers }),
    ).toMatchObject({
      decision: { behavior: 'allow', updatedInput: { questions, answers } },
    })
  })

  test('the preview of the chosen option goes with the answer, and only that one', () => {
    const question = {
      question: 'Which?',
      options: [
        { label: 'A', preview: 'AAA' },
        { label: 'B', preview: 'BBB' },
      ],
    }
    const input = {
      ...sample('PermissionRequest-AskUserQuestion'),
      tool_input: { questions: [question, { question: 'Why?' }, null] },
    }
    const updated = (choices: Record<string, string>) =>
      JSON.parse(JSON.stringify(permissionRequest.toOutput(input, { behavior: 'allow', choices })))
        .hookSpecificOutput.decision.updatedInput
    expect(updated({ 'Which?': 'B', 'Why?': 'so' }).annotations).toEqual({ 'Which?': { preview: 'BBB' } })
    expect(updated({ 'Which?': 'neither', 'Why?': 'A' })).not.toHaveProperty('annotations')
  })

  test('a denial keeps its words to the letter and stops Claude only when it says so', () => {
    expect(decisionFor('PermissionRequest-Bash', { behavior: 'deny', message: ' "no" \n' })).toEqual({
      hookEventName: 'PermissionRequest',
      decision: { behavior: 'deny', message: ' "no" \n' },
    })
  })

  test('a chosen suggestion is echoed as it came', () => {
    const suggestion = { type: 'setMode', mode: 'acceptEdits', destination: 'session' }
    expect(
      decisionFor('PermissionRequest-Write', { behavior: 'allow', updated_permissions: [suggestion] }),
    ).toMatchObject({ decision: { behavior: 'allow', updatedPermissions: [suggestion] } })
  })
})

test('an idle Claude asks for a reply with its last words', () => {
  expect(draft(stop.toQuestion(sample('Stop')))).toMatchObject({
    kind: 'reply',
    text: 'Hello from the fake API.',
  })
})

describe('every recorded input is taken by the responder as its event gives it', () => {
  const names = readdirSync(join(import.meta.dirname, '../../../fixtures/hooks')).filter((name) =>
    name.endsWith('.json'),
  )
  const eventOf = (name: string) =>
    HOOK_EVENTS.find(({ event }) => event === name.replace(/\.json$/, '').split('-')[0])
  const registered = names.filter((name) => eventOf(name) !== undefined)

  test.each(registered)('%s', (name) => {
    const input = sample(name.replace(/\.json$/, ''))
    const event = eventOf(name) as HookEvent
    expect(event.event).toBe(input['hook_event_name'])
    expect(taken(event, input)).toMatchObject({
      v: PROTOCOL_VERSION,
      context: { claude_session: input['session_id'] },
      ...(event.does === 'tell' && { event: event.event }),
    })
  })

  test('and there are recordings of most events', () => {
    expect(new Set(registered.map((name) => name.split(/[-.]/)[0])).size).toBeGreaterThanOrEqual(8)
  })
})

describe('a form', () => {
  test('is asked with the words and the schema of its server', () => {
    expect(draft(elicitation.toQuestion(sample('Elicitation')))).toMatchObject({
      kind: 'form',
      text: 'Which colour?',
      input: { server: 'lab', mode: 'form', schema: { required: ['colour'] } },
    })
  })

  test.each<[string, Parameters<typeof elicitation.toOutput>[1], object]>([
    [
      'sent',
      { behavior: 'allow', content: { colour: 'red' } },
      { action: 'accept', content: { colour: 'red' } },
    ],
    ['declined', { behavior: 'deny' }, { action: 'decline' }],
    ['cancelled', { behavior: 'deny', interrupt: true }, { action: 'cancel' }],
  ])('is %s in the words of Claude', (_, decision, output) => {
    expect(elicitation.toOutput(sample('Elicitation'), decision)).toEqual({
      hookSpecificOutput: { hookEventName: 'Elicitation', ...output },
    })
  })
})

describe('hook input that Claude never sent before', () => {
  test.each([
    ['nothing at all', {}],
    ['a tool name that is a number', { tool_name: 5, tool_input: {} }],
  ])('%s is no question', (_, input) => {
    expect(permissionRequest.toQuestion(input)).toBeNull()
  })

  test.each([
    ['an input that is a list', { tool_name: 'Bash', tool_input: ['rm'] }],
    ['an input that is missing', { tool_name: 'Bash' }],
    ['suggestions that are a text', { tool_name: 'Bash', tool_input: {}, permission_suggestions: 'all' }],
    ['a session id that is missing', { tool_name: 'Bash', tool_input: {}, cwd: 7 }],
  ])('%s still becomes a question', (_, input) => {
    expect(draft(permissionRequest.toQuestion(input)).tool).toBe('Bash')
  })
})

describe('whether nobody sits before a Claude', () => {
  test.each([
    ['-p', 'sdk-cli', '0', true],
    ['-p of 2.1.197', 'sdk-cli', undefined, true],
    ['-p of 2.1.197 that has inherited a terminal', 'sdk-cli', '1', true],
    ['a program', 'sdk-ts', undefined, true],
    ['a program', 'sdk-py', '0', true],
    ['a program with a person before it', 'sdk-ts', '1', false],
    ['a terminal', 'cli', '1', false],
    ['a terminal of 2.1.197', 'cli', undefined, false],
    ['an editor', 'claude-vscode', '1', false],
    ['an editor that nobody sits before', 'claude-vscode', '0', true],
    ['an unknown one', undefined, undefined, false],
  ])('%s: %s, attended %s: %s', (_, entrypoint, attended, is) => {
    expect(isHeadless({ CLAUDE_CODE_ENTRYPOINT: entrypoint, CLAUDE_CODE_SESSION_ATTENDED: attended })).toBe(
      is,
    )
  })
})

describe('an idle Claude of which something still runs', () => {
  const shell = { id: 'b1', type: 'shell', status: 'running', description: 'npm run dev' }
  const agent = { id: 'a1', type: 'subagent', status: 'running', description: 'review\nof all' }
  const cron = { id: 'c1', schedule: '*/5 * * * *', recurring: true, prompt: 'look' }
  const asked = (more: HookInput) => draft(stop.toQuestion({ last_assistant_message: 'Done.', ...more }))

  test.each([
    ['shell npm run dev', 'stays', { background_tasks: [shell] }],
    ['agent review of all', 'wakes', { background_tasks: [agent] }],
    ['agent review of all; shell npm run dev', 'wakes', { background_tasks: [agent, shell] }],
    ['schedule */5 * * * *', 'stays', { session_crons: [cron] }],
    ['monitor b2', 'stays', { background_tasks: [{ id: 'b2', type: 'monitor' }] }],
  ])('says first that %s does', (words, running, input) => {
    expect(asked(input)).toMatchObject({ text: `Still runs: ${words}\n\nDone.`, input: { running } })
  })

  test.each([{}, { background_tasks: [], session_crons: [] }, { background_tasks: 'x', session_crons: 1 }])(
    'says nothing of it for %j',
    (input) => expect(asked(input)).toMatchObject({ text: 'Done.', input: {} }),
  )
  test.each([
    [true, { continued: true }],
    [false, {}],
    ['yes', {}],
  ])('says whether a Stop hook had sent Claude on before, where that is %j', (active, input) =>
    expect(asked({ stop_hook_active: active }).input).toEqual(input),
  )

  test('names eight of a hundred', () => {
    expect(asked({ background_tasks: Array(100).fill(shell) }).text).toContain('; 92 more\n')
  })
})
