/**
 * `rc hooks test`: starts the hook that stands in a settings file as Claude Code would, and follows its question to the
 * desk, to the phone and back. It plays Claude's part only: the command, the door, the push and the answer are real.
 * Then a real Claude is started for a moment, as only that shows whether it runs what stands there.
 */
import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readInstalled } from '../../hooks/install/file/file.ts'
import { findPolicy } from '../../hooks/install/policies.ts'
import { createOwnerClient, type OwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import type { House } from '../house/house.ts'
import { newId } from '../house/ports.ts'
import { forbidden } from './findings.ts'
import { isOfHost } from './places.ts'
import { type Scope, settingsFile } from './scope.ts'
import { tryClaudes } from './trial/claudes.ts'
import type { Verdict } from './trial/verdict.ts'

const ASKED_MS = 10_000
/** How long a person who sees it has for a tap. */
const TAP_MS = 60_000
const LOOK_MS = 150

/** Nothing was wrong, but no Claude has shown that it runs our hooks. */
const UNTRIED = 3

/** Gives the exit code: 0 where the answer came back to the hook, and each Claude of this machine ran one of ours. */
export async function tryHooks(
  house: House,
  { scope, folder, output }: { scope: Scope; folder: string; output: Output },
): Promise<number> {
  const file = settingsFile(scope, { ...house.paths, folder })
  const groups = await readInstalled(file, isOfHost)
  const command = groups.find(({ event }) => event === 'PermissionRequest')?.hooks[0]?.command
  if (command === undefined) {
    throw new CommandError(
      'not-installed',
      `There is no hook of ours for PermissionRequest in ${file}.`,
      `Install it with: rc hooks install --${scope}`,
    )
  }
  const policy = findPolicy(house.paths.claudeDir)
  if (policy !== null) {
    const { problem, remedy } = forbidden(policy)
    output.complain(`problem  ${problem}\n         ${remedy}`)
    return 1
  }
  const client = createOwnerClient(house.paths.ownerSocket)
  const { push_services: services } = await client.status()
  const temporary = await mkdtemp(join(tmpdir(), 'rc-hooks-test-'))
  try {
    const call = sampleCall(join(temporary, 'transcript.jsonl'), folder)
    await writeFile(call.input.transcript_path, call.transcript.asked)
    const hook = startHook(command, call.input)
    const ask = await waitForAsk(client, call.input.tool_input.command)
    if (ask === null) {
      output.complain(`problem  The hook in ${file} asked nothing. ${await hook.said()}`)
      output.complain('         rc hooks status says what is wrong with it.')
      return 1
    }
    output.print(`ok       The hook in ${file} has asked: ${ask.id}`)
    await waitForTap({ client, ask, services, output })
    const printed = await hook.output
    await appendFile(call.input.transcript_path, call.transcript.ended)
    const isBack = /"behavior":"(?:allow|deny)"/.test(printed)
    if (!isBack) {
      output.complain(
        'problem  The hook ended without an answer, so the keyboard would have stayed in charge.',
      )
      return 1
    }
    output.print('ok       The answer came back to the hook, as Claude Code reads it.')
    const events = groups.map(({ event }) => event)
    return show(await tryClaudes(house, { scope, folder, client, events }), output)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

function show(verdicts: readonly Verdict[], output: Output): number {
  for (const one of verdicts) {
    if ('ok' in one) output.print(`ok       ${one.ok}`)
    else if ('untried' in one)
      output.complain(
        `untried  ${one.untried}\n         The file, the script, the door and the answer are in order. No Claude has shown that it runs our hooks.`,
      )
    else output.complain(`problem  ${one.problem.problem}\n         ${one.problem.remedy}`)
  }
  if (verdicts.some((one) => 'problem' in one)) return 1
  return verdicts.some((one) => 'untried' in one) ? UNTRIED : 0
}

/** What Claude would tell the hook, and write to its transcript before and after. */
function sampleCall(transcript_path: string, cwd: string) {
  const id = `toolu_${newId()}`
  const tool_input = { command: `echo "rc hooks test ${newId()}: allow or deny, nothing happens"` }
  const use = { type: 'tool_use', id, name: 'Bash', input: tool_input }
  const word = { type: 'hook_permission_decision', toolUseID: id, decision: 'allow' }
  const result = { type: 'tool_result', tool_use_id: id, content: '' }
  const line = (value: object) => `${JSON.stringify(value)}\n`
  return {
    input: {
      session_id: `rc-hooks-test-${newId()}`,
      transcript_path,
      cwd,
      hook_event_name: 'PermissionRequest',
      permission_mode: 'default',
      tool_name: 'Bash',
      tool_input,
    },
    transcript: {
      asked: line({ message: { content: [use] } }),
      ended: line({ attachment: word }) + line({ message: { content: [result] } }),
    },
  }
}

/** As Claude Code starts it: a shell, a session of its own, and nothing inherited but the environment. */
function startHook(command: string, input: object) {
  // No pane: nothing is ever typed for a Claude that is not there. It counts as gone when we are.
  const { TMUX: _, TMUX_PANE: __, ...env } = process.env
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    env: { ...env, CLAUDE_PID: String(process.pid) },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(input))
  const output = new Promise<string>((resolve) => child.once('close', () => resolve(texts.stdout)))
  return {
    output,
    said: async () => (await Promise.race([output.then(() => texts.stderr), sleep(500, '')])).trim(),
  }
}

async function waitForAsk(client: OwnerClient, command: string): Promise<AskView | null> {
  for (let waited = 0; waited < ASKED_MS; waited += LOOK_MS) {
    const ask = (await client.asks(true)).find(({ input }) => input['command'] === command)
    if (ask !== undefined) return ask
    await sleep(LOOK_MS)
  }
  return null
}

type Tap = { client: OwnerClient; ask: AskView; services: string[]; output: Output }

/** Somebody who sits there may tap; otherwise the question is answered here. */
async function waitForTap({ client, ask, services, output }: Tap): Promise<void> {
  const stateNow = async () => (await client.asks(true)).find(({ id }) => id === ask.id)
  if (services.length === 0) output.note('         No push service is set up, so it is answered here.')
  else if (output.isNoteTerminal) {
    output.note(`         It is on its way through ${services.join(', ')}. Tap an answer within a minute.`)
    for (let waited = 0; waited < TAP_MS; waited += LOOK_MS) {
      const now = await stateNow()
      if (now?.state === 'answered') {
        output.print(`ok       It was answered: ${now.answer}, by ${now.answered_by}.`)
        return
      }
      await sleep(LOOK_MS)
    }
    output.note('         Nobody tapped, so it is answered here.')
  }
  await client.answer(ask.id, { answer: 'allow' })
}
