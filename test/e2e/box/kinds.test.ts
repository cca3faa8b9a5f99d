/** Every kind of question of the real Claude Code, answered on the page, with rc answer, and at the keyboard. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../../bin/demo/scripted-model.ts'
import type { AskView } from '../../../server/protocol.ts'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { createSupervision, type Supervision } from '../hook-scripts.ts'
import { type HostClaude, startHostClaude } from '../host-claude.ts'
import { ANSWERS, type Answer, ARGS, scripts } from '../kinds.ts'
import { until } from '../until.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.each([NEWEST, OLDEST])('Claude Code %s', (version) => {
  let model: ScriptedModel
  let supervision: Supervision
  let claude: HostClaude

  async function begin(prompt: string) {
    model = await startScriptedModel({ scripts })
    supervision = await createSupervision({ ask: ['Bash(touch *)'] })
    await supervision.start()
    const args = ARGS[prompt] ?? []
    claude = await startHostClaude({
      version,
      modelUrl: model.url,
      settings: supervision.settings,
      prompt,
      args,
    })
    return await until('the question', async () => (await supervision.client.asks(false))[0], claude.screen)
  }
  afterEach(async () => {
    await claude.stop()
    await supervision.destroy()
    await model.close()
  })

  async function check({ file, noFile, told, notTold, mode }: Answer) {
    const isHere = (name: string) => existsSync(join(claude.project, name))
    if (file !== undefined) await until(`${file} to be made`, async () => isHere(file), claude.screen)
    const results = () => model.toolResults().map(({ content }) => JSON.stringify(content))
    if (told !== undefined) {
      await until(`${told} to be told`, async () => results().some((one) => told.test(one)), claude.screen)
    }
    if (mode !== undefined) await claude.shows(mode)
    if (notTold !== undefined) expect(results().filter((one) => notTold.test(one))).toEqual([])
    if (noFile !== undefined) expect(isHere(noFile)).toBe(false)
  }
  const isApplied = (ask: AskView) =>
    until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')

  test.each(Object.entries(ANSWERS))('%s is given on the page', async (_, answer) => {
    const ask = await begin(answer.prompt)
    expect(ask.kind).toBe(answer.kind)
    const page = await fetch(ask.url ?? '').then((response) => response.text())
    for (const shown of answer.shown ?? []) expect(page).toContain(shown)
    const body = new URLSearchParams([['digest', ask.digest], ...answer.page])
    const response = await fetch(ask.url ?? '', { method: 'POST', body, redirect: 'manual' })
    expect([response.status, response.status === 303 ? '' : await response.text()]).toEqual([303, ''])
    await check(answer)
    await isApplied(ask)
  })

  test.each(Object.entries(ANSWERS))('%s is given with rc answer', async (_, answer) => {
    const ask = await begin(answer.prompt)
    const done = await execa('./bin/rc', ['answer', ask.id, ...answer.cli], {
      env: supervision.env,
      reject: false,
    })
    expect([done.exitCode, done.stderr]).toEqual([0, ''])
    await check(answer)
    await isApplied(ask)
  })

  const typed = Object.entries(ANSWERS).filter(([, { keys }]) => keys !== undefined)
  test.each(typed)('%s is given at the keyboard, and the question is over', async (_, answer) => {
    const ask = await begin(answer.prompt)
    await claude.dialogStands()
    for (const key of answer.keys ?? []) {
      await claude.press(key)
      await pause(150)
    }
    await check(answer)
    expect(await supervision.ended(ask.id)).toMatchObject({
      state: 'superseded',
      because: 'ended-in-session',
    })
  })
})
