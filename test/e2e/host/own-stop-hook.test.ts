/** Stop hooks of the user's own beside ours: the phone rings when Claude waits, and not at each stop before. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { createSiteWorld, type SiteWorld } from '../site-world.ts'
import { until } from '../until.ts'

const scripts = {
  'say-it': Array.from({ length: 12 }, (_, at) => ({ text: `Said ${at}.` })),
  'use-an-agent': [
    {
      tools: [
        {
          name: 'Agent',
          input: { description: 'say something', prompt: 'agent-speaks', subagent_type: 'general-purpose' },
        },
      ],
    },
    { text: 'The agent has been sent.' },
    { text: 'The agent has done it.' },
  ],
  'agent-speaks': [{ text: 'I speak.' }, { text: 'I speak again.' }],
}

/** Later than ours, which sees the stop first; the first `times` do what `then` says. */
const first = (times: number, then: string) =>
  `sleep 0.5; n=$(cat "$HOME/stops" 2>/dev/null || echo 0); echo $((n+1)) > "$HOME/stops"; [ $n -ge ${times} ] || { ${then}; }; exit 0`
const BLOCK = `echo '{"decision":"block","reason":"keep going"}'`
const hooks = (event: string, ...commands: string[]) =>
  JSON.stringify({
    hooks: { [event]: [{ hooks: commands.map((command) => ({ type: 'command', command })) }] },
  })

let world: SiteWorld

afterEach(() => world.destroy())

describe.each([NEWEST, OLDEST])('the phone, of Claude Code %s', (version) => {
  async function begin(settings: string, project?: string) {
    world = await createSiteWorld({ version, scripts, settings })
    if (project !== undefined) {
      await mkdir(join(world.folder('app'), '.claude'))
      await writeFile(join(world.folder('app'), '.claude/settings.json'), project)
    }
    await world.must('hooks', 'install')
    return await world.open('app')
  }

  /** Waits for the push of Claude's last words, and gives the texts of all that have left by then, and the ends of its stops. */
  async function whenItHasRung(words: string, sight: () => Promise<string>) {
    const texts = () => world.pushover.pushes.map(({ message }) => message)
    await until(
      `the push "${words}"`,
      async () => texts().includes(words),
      async () => `${await sight()}\n${texts()}\n${JSON.stringify(await world.asks(), null, 1)}`,
    )
    return { texts: texts(), ends: (await world.asks()).map(({ state, because }) => because ?? state) }
  }

  test.each<[string, [string, string?], string, number]>([
    ['a Stop hook that blocks three times', [hooks('Stop', first(3, BLOCK))], 'Said 3.', 3],
    [
      "a project's Stop hook that ends twice with exit code 2",
      ['{}', hooks('Stop', first(2, 'echo more >&2; exit 2'))],
      'Said 2.',
      2,
    ],
    ['a Stop hook that blocks for ever, until Claude overrules it', [hooks('Stop', BLOCK)], 'Said 8.', 8],
    ['a Stop hook that changes nothing', [hooks('Stop', 'sleep 0.5')], 'Said 0.', 0],
    ['no Stop hook but ours', ['{}'], 'Said 0.', 0],
  ])('rings once, at the true end, beside %s', async (_, [user, project], last, times) => {
    const claude = await begin(user, project)
    await claude.type('say-it')
    const { texts, ends } = await whenItHasRung(last, claude.screen)
    expect(texts).toEqual([last])
    expect(ends).toEqual([...Array(times).fill('went-on'), 'pending'])
  })

  test('rings when a Stop hook that takes its time has ended, and the stop is on the desk before', async () => {
    const claude = await begin(hooks('Stop', 'until [ -e "$HOME/go" ]; do sleep 0.1; done'))
    await claude.type('say-it')
    const { text } = await world.ask({ kind: 'reply', state: 'pending' }, claude.screen)
    expect(text).toBe('Said 0.')
    await claude.shows(/stop hook/i)
    expect(world.pushover.pushes).toEqual([])
    await writeFile(join(world.home, 'go'), '')
    expect((await whenItHasRung('Said 0.', claude.screen)).texts).toEqual(['Said 0.'])
  })

  test('rings when one Stop hook blocks and another ends the turn', async () => {
    const claude = await begin(hooks('Stop', BLOCK, `echo '{"continue":false,"stopReason":"enough"}'`))
    await claude.type('say-it')
    expect((await whenItHasRung('Said 0.', claude.screen)).texts).toEqual(['Said 0.'])
  })

  test('rings once for a turn in which an agent was sent on by a SubagentStop hook', async () => {
    const claude = await begin(hooks('SubagentStop', first(1, BLOCK)))
    await claude.type('use-an-agent')
    const last = version === OLDEST ? 'The agent has been sent.' : 'The agent has done it.'
    const { texts, ends } = await whenItHasRung(last, claude.screen)
    expect(texts).toEqual([last])
    expect(ends.filter((end) => end === 'answered-at-keyboard')).toEqual([])
  })
})
