/** A hook event is one file and one line in the list: the settings and its script follow. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOOK_EVENTS, scriptOf } from '../../../../hooks/events/index.ts'
import type { HookEvent, TellingEvent } from '../../../../hooks/events/types.ts'
import { toGroups } from '../../../../hooks/install/block.ts'
import { approvalsOptions } from '../../../../hooks/options.ts'
import { managedSettings } from '../../../../hooks/settings.ts'
import { buildHookScripts } from '../../../../setup/build/hook-scripts.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rc-build-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What went into each script, by its name. */
async function build(events: readonly HookEvent[], sources?: string) {
  const { outputs } = await buildHookScripts({
    outdir: folder,
    events,
    ...(sources !== undefined && { folder: sources }),
  })
  return Object.fromEntries(
    Object.entries(outputs).map(([path, { inputs, bytes }]) => [
      basename(path, '.cjs'),
      { inputs: Object.keys(inputs), bytes },
    ]),
  )
}

test('each event is written into a script of its own, without the code of another event', async () => {
  const scripts = await build(HOOK_EVENTS)
  expect(Object.keys(scripts).sort()).toEqual([...HOOK_EVENTS.map(scriptOf), 'witness'].sort())
  for (const event of HOOK_EVENTS) {
    const inputs = scripts[scriptOf(event)]?.inputs ?? []
    expect(inputs.filter((path) => path.startsWith('hooks/events/') && !path.endsWith('/types.ts'))).toEqual([
      `hooks/events/${scriptOf(event)}.ts`,
    ])
  }
})

test('a script that only tells is small: nothing of what asks goes into it', async () => {
  const scripts = await build(HOOK_EVENTS)
  for (const event of HOOK_EVENTS.filter(({ does }) => does === 'tell')) {
    const { inputs = [], bytes = 0 } = scripts[scriptOf(event)] ?? {}
    expect(inputs).not.toContain('hooks/client/ask.ts')
    expect(bytes).toBeLessThan((scripts['permission-request']?.bytes ?? 0) / 2)
  }
})

describe('a made-up event', () => {
  const petted: TellingEvent = {
    does: 'tell',
    event: 'CatPetted',
    since: '2.0.44',
    matcher: 'tabby',
    toNews: () => ({ text: 'purr' }),
  }
  const list = [...HOOK_EVENTS, petted]
  const places = { hooksDir: '/opt/hooks', log: '/tmp/log' }

  test('stands in the settings of a session', () => {
    const approvals = approvalsOptions.parse({})
    const { hooks } = managedSettings({ ...places, runner: ['node'], gate: '/run/gate', approvals }, list)
    expect(hooks['CatPetted']).toEqual([
      {
        matcher: 'tabby',
        hooks: [expect.objectContaining({ args: expect.arrayContaining(['/opt/hooks/cat-petted.cjs']) })],
      },
    ])
  })

  test('stands in the block that is installed', () => {
    const door = ['--gate', '/run/gate']
    const wanted = { allTools: false, version: '2.1.332', seconds: 60 }
    const groups = toGroups({ ...places, ...wanted, node: '/usr/bin/node', door }, list)
    expect(groups.at(-1)).toMatchObject({ event: 'CatPetted', matcher: 'tabby' })
    expect(JSON.stringify(groups.at(-1))).toContain('/opt/hooks/cat-petted.cjs')
  })

  test('is compiled from its one file', async () => {
    writeFileSync(
      join(folder, 'cat-petted.ts'),
      `export const catPetted = ${JSON.stringify({ ...petted, toNews: undefined }).slice(0, -1)}, toNews: () => ({ text: 'purr' }) }`,
    )
    const scripts = await build([petted], folder)
    expect(Object.keys(scripts).sort()).toEqual(['cat-petted', 'witness'])
    expect(readFileSync(join(folder, 'cat-petted.cjs'), 'utf8')).toContain('purr')
  })

  test('that exports nothing under its name stops the build', async () => {
    writeFileSync(join(folder, 'cat-petted.ts'), 'export const other = {}')
    await expect(build([petted], folder)).rejects.toThrow('No matching export')
  })
})
