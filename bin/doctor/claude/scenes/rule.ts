/** An ask that a permission rule raised in bypass mode, and what a hook can say to it. */
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Scene, See } from '../facts.ts'
import { AWKWARD, decision, type HookRecord } from '../recorder.ts'
import type { Stage } from '../stage.ts'
import { bash, GUARDED, guardedSettings } from './guarded.ts'
import { stays } from './stays.ts'

const WORDS = 'Nein: "nicht" so – nimm {lieber} <etwas> anderes'

export const ruleScene: Scene = {
  name: 'a rule in bypass mode',
  args: GUARDED,
  settings: guardedSettings,
  scripts: {
    'mark-free': [bash('echo free'), { text: 'Done free.' }],
    'mark-bare': [bash('touch bare.txt'), { text: 'Done bare.' }],
    'mark-linger': [bash('touch linger.txt'), { text: 'Done linger.' }],
    'mark-same': [bash('touch same.txt'), { text: 'Done same.' }],
    'mark-nonsense': [bash('touch nonsense.txt'), { text: 'Done nonsense.' }],
    'mark-deny': [bash('touch deny.txt'), { text: 'Done deny.' }],
    'mark-stop': [bash('touch stop.txt'), { text: 'Done stop.' }],
  },
  facts: [
    { id: 'session-start', fact: 'SessionStart tells its source' },
    { id: 'prompt-submit', fact: 'UserPromptSubmit tells the typed prompt' },
    { id: 'if-filter', fact: 'an `if` filter and a rule that do not match start no hook' },
    { id: 'rule-asks', fact: 'a permissions.ask rule fires PermissionRequest in bypass mode' },
    {
      id: 'rule-input',
      fact: 'PermissionRequest tells session_id, transcript_path, cwd, tool_name, tool_input',
    },
    { id: 'rule-no-suggestions', fact: 'an ask of a rule has no permission_suggestions' },
    { id: 'pre-tool-use', fact: 'PreToolUse fires for a matching `if` and tells tool_use_id' },
    { id: 'exec-form', fact: 'with `args` no shell stands between Claude and the hook' },
    { id: 'ai-agent', fact: "AI_AGENT tells a hook Claude's version" },
    { id: 'tmux', fact: 'TMUX reaches the hook' },
    { id: 'claude-pid', fact: "CLAUDE_PID tells a hook Claude's pid", since: '2.1.330' },
    { id: 'transcript-call', fact: 'the transcript holds the tool_use line while the ask is open' },
    { id: 'bare-allow', fact: 'a bare allow answers an ask of a rule' },
    { id: 'stop', fact: 'Stop tells last_assistant_message' },
    { id: 'exit-awaited', fact: "a hook's answer counts when its process has ended, not before" },
    { id: 'input-again', fact: 'an allow with updatedInput on an ask of a rule leaves the dialog' },
    { id: 'no-decision', fact: 'exit 1 and nonsense on stdout decide nothing: the dialog stays' },
    { id: 'deny-words', fact: 'the message of a denial reaches the model verbatim' },
    { id: 'deny-stop', fact: 'a denial with interrupt ends the turn, without Stop' },
    { id: 'session-end', fact: 'SessionEnd fires at the end, and the registry file goes' },
  ],

  async play(stage, see) {
    const { claude, idle, wait, made } = stage
    await see('session-start', async () => {
      const start = await wait('SessionStart', async () => find(await stage.records(), 'SessionStart'))
      return start.input?.['source'] === 'startup' || `source is ${start.input?.['source']}`
    })
    const free = await stage.ask('mark-free')
    await see('prompt-submit', async () => {
      const { input } = await free.heard('UserPromptSubmit')
      return input?.['prompt'] === 'mark-free' || `prompt is ${input?.['prompt']}`
    })
    await claude.shows(/Done free\./)
    await idle()
    await see('if-filter', async () => {
      const started = (await free.since()).filter(({ event }) => /PermissionRequest|PreToolUse/.test(event))
      return started.length === 0 || `${started[0]?.event} started`
    })

    await bareAllow(stage, see)

    const linger = await stage.ask('mark-linger', {
      stdout: decision({ behavior: 'allow' }),
      lingerMs: 1_000,
    })
    await see('exit-awaited', async () => {
      await wait('the tool to run', async () => made('linger.txt'))
      const end = await linger.heard('PermissionRequest', 'end')
      const { mtimeMs } = await stat(join(claude.project, 'linger.txt'))
      return mtimeMs > end.at - 50 || 'the tool ran while the hook was alive'
    })
    await idle()

    await stays(stage, see, 'input-again', 'mark-same', {
      stdout: decision({ behavior: 'allow' }),
      echo: true,
    })
    await stays(stage, see, 'no-decision', 'mark-nonsense', { stdout: 'nonsense', exitCode: 1 })

    await stage.ask('mark-deny', { stdout: decision({ behavior: 'deny', message: WORDS }) })
    await see('deny-words', async () => {
      const result = await wait('the tool result', async () =>
        stage.model.toolResults().find(({ content }) => String(content).includes('Nein')),
      )
      return result.content === WORDS || `the model got ${JSON.stringify(result.content)}`
    })
    await claude.shows(/Done deny\./)
    await idle()

    const stop = await stage.ask('mark-stop', { stdout: decision({ behavior: 'deny', interrupt: true }) })
    await see('deny-stop', async () => {
      await claude.shows(/Interrupted/)
      await idle()
      if (made('stop.txt')) return 'the tool ran'
      return find(await stop.since(), 'Stop') === undefined || 'Stop fired'
    })

    await claude.type('/exit')
    await see('session-end', async () => {
      await wait('SessionEnd', async () => find(await stage.records(), 'SessionEnd'))
      await wait('the registry file to go', async () => (await stage.registry()).length === 0)
      return true
    })
  },
}

async function bareAllow(stage: Stage, see: See): Promise<void> {
  const bare = await stage.ask('mark-bare', { delayMs: 1_500, stdout: decision({ behavior: 'allow' }) })
  let asked: HookRecord | undefined
  await see('rule-asks', async () => {
    asked = await bare.heard('PermissionRequest')
    return true
  })
  const { input = {}, env = {} } = asked ?? {}
  const [registry] = await stage.registry()
  await see('rule-input', async () => {
    const missing = ['session_id', 'transcript_path', 'cwd', 'tool_name'].filter(
      (it) => typeof input[it] !== 'string',
    )
    if (missing.length > 0) return `${missing.join(', ')} missing`
    if (!isAbsolute(String(input['transcript_path']))) return 'transcript_path is not absolute'
    const { command } = (input['tool_input'] ?? {}) as { command?: unknown }
    return command === 'touch bare.txt' || `tool_input is ${JSON.stringify(input['tool_input'])}`
  })
  await see('rule-no-suggestions', async () => {
    const { permission_suggestions: suggestions = [] } = input
    return (suggestions as unknown[]).length === 0 || JSON.stringify(suggestions)
  })
  await see('pre-tool-use', async () => {
    const { input: told } = await bare.heard('PreToolUse')
    return typeof told?.['tool_use_id'] === 'string' || 'tool_use_id is missing'
  })
  await see('exec-form', async () => {
    if (asked?.word !== AWKWARD) return `the argument became ${asked?.word}`
    return asked.ppid === registry?.['pid'] || `the parent is ${asked.ppid}, Claude is ${registry?.['pid']}`
  })
  await see(
    'ai-agent',
    async () => /^claude-code_\d+-\d+-\d+_/.test(env['AI_AGENT'] ?? '') || `AI_AGENT is ${env['AI_AGENT']}`,
  )
  await see('tmux', async () => env['TMUX'] !== undefined || 'TMUX is not set')
  await see(
    'claude-pid',
    async () => env['CLAUDE_PID'] === String(registry?.['pid']) || `CLAUDE_PID is ${env['CLAUDE_PID']}`,
  )
  const transcript = () => readFile(String(input['transcript_path']), 'utf8').catch(() => '')
  await see('transcript-call', async () => {
    await stage.wait('the tool_use line', async () =>
      (await transcript())
        .split('\n')
        .some((line) => /"tool_use"/.test(line) && /touch bare\.txt/.test(line)),
    )
    return !stage.made('bare.txt') || 'only after the tool had run'
  })
  await see('bare-allow', async () => await stage.wait('the tool to run', async () => stage.made('bare.txt')))
  await see('stop', async () => {
    const { input: told } = await bare.heard('Stop')
    return told?.['last_assistant_message'] === 'Done bare.' || `it is ${told?.['last_assistant_message']}`
  })
  await stage.idle()
}

function find(records: HookRecord[], event: string): HookRecord | undefined {
  return records.find((one) => one.event === event && one.phase === 'start')
}
