import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../../bin/demo/scripted-model.ts'
import { createTerminal } from '../../../container/terminal/terminal.ts'
import type { Terminal } from '../../../server/ports.ts'
import type { AskView, JsonObject, SessionId } from '../../../server/protocol.ts'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { createSupervision, type Supervision } from '../hook-scripts.ts'
import { type HostClaude, startHostClaude } from '../host-claude.ts'
import { askUser, COLOUR } from '../questions.ts'
import { until } from '../until.ts'

const SESSION = 'hostsession1' as SessionId
const bash = (command: string) => ({ tools: [{ name: 'Bash', input: { command, description: 'Do it' } }] })
const content = Array.from({ length: 60 }, (_, at) => `line ${at}`).join('\n')
const scripts = {
  'ask-me': [{ tools: [askUser(COLOUR)] }, { text: 'Done.' }],
  'write-it': [{ tools: [{ name: 'Write', input: { file_path: 'long.txt', content } }] }, { text: 'Done.' }],
  'push-it': [bash('git push origin main'), { text: 'Done.' }],
  'make-two': [bash('touch one.txt'), bash('touch two.txt'), { text: 'Done.' }],
}
const MANUAL = { args: ['--permission-mode', 'default'] }
type Start = Omit<Partial<Parameters<typeof startHostClaude>[0]>, 'version' | 'modelUrl'>

describe.each([NEWEST, OLDEST])('screens of Claude Code %s that no hook answers', (version) => {
  let model: ScriptedModel
  let supervision: Supervision
  let claude: HostClaude
  let terminal: Terminal

  async function begin({ settings = {}, ...start }: Start): Promise<void> {
    model = await startScriptedModel({ scripts })
    supervision = await createSupervision(
      {},
      lateTerminal(() => terminal),
    )
    await supervision.start()
    claude = await startHostClaude({
      awaits: /\S/,
      ...start,
      version,
      modelUrl: model.url,
      settings: { ...supervision.settings, ...settings },
    })
    await claude.markPane('@rc_pane', SESSION)
    terminal = createTerminal({ socketName: claude.socket, prefix: 'rc', programs: ['claude'] })
  }
  afterEach(async () => {
    await claude.stop()
    await supervision.destroy()
    await model.close()
  })

  const keyOf = (ask: AskView, label: string) =>
    (ask.input['options'] as JsonObject[]).find((one) => one['label'] === label)?.['key'] as string
  const dialog = (name: string) =>
    until(
      `an ask about ${name}`,
      async () => {
        const asks = await supervision.client.asks(false)
        return asks.find((ask) => ask.kind === 'dialog' && ask.input['name'] === name)
      },
      async () => `${await claude.screen()}\n${JSON.stringify(await supervision.client.asks(true))}`,
    )
  async function pressed(name: string, label: string): Promise<AskView> {
    const ask = await dialog(name)
    return await supervision.client.answer(ask.id, {
      answer: 'press',
      key: keyOf(ask, label),
      digest: ask.digest,
    })
  }
  const applied = { state: 'answered', answer: 'press', result: 'applied' }

  test('the folder is trusted and Claude begins', async () => {
    await begin({ state: { projects: {} } })
    expect(await pressed('trust', 'Yes, I trust this folder')).toMatchObject(applied)
    await claude.shows(/^❯\u00a0/m)
  })

  test('the folder is not trusted and Claude ends', async () => {
    await begin({ state: { projects: {} } })
    expect(await pressed('trust', 'No, exit')).toMatchObject(applied)
    await until('Claude to end', async () => (await terminal.capture(SESSION)) === null)
  })

  test('the warning about bypassing permissions is accepted', async () => {
    await begin({
      state: { bypassPermissionsModeAccepted: false },
      settings: { skipDangerousModePermissionPrompt: false } as Start['settings'] & object,
    })
    expect(await pressed('bypass', 'Yes, I accept')).toMatchObject(applied)
    await claude.shows(/bypass permissions on/)
  })

  test('one dialog behind the other: an API key, then the folder', async () => {
    await begin({ state: { customApiKeyResponses: { approved: [], rejected: [] }, projects: {} } })
    for (let count = 0; count < 2; count += 1) {
      const ask = await until('a dialog', async () =>
        (await supervision.client.asks(false)).find(({ kind }) => kind === 'dialog'),
      )
      const label = ask.input['name'] === 'trust' ? 'Yes, I trust this folder' : 'Yes'
      expect(
        await supervision.client.answer(ask.id, { answer: 'press', key: keyOf(ask, label) }),
      ).toMatchObject(applied)
    }
    await claude.shows(/^❯\u00a0/m)
  })

  test('a dialog that has been answered and replaced by the next gets no key of the first', async () => {
    await begin({ args: ['--permission-mode', 'default'], prompt: 'make-two', settings: { hooks: {} } })
    const one = await until('the first dialog', () => terminal.read(SESSION), claude.screen)
    expect(one).toMatchObject({ name: 'permission', screen: expect.stringContaining('touch one.txt') })
    await claude.answer('1')
    const two = await until('the second dialog', async () => {
      const view = await terminal.read(SESSION)
      return view?.screen.includes('touch two.txt') ? view : null
    })
    expect(await terminal.press(SESSION, { digest: one.digest, key: '1' })).toMatchObject({
      status: 'refused',
      code: 'screen-changed',
    })
    expect(existsSync(join(claude.project, 'two.txt'))).toBe(false)
    expect(await terminal.press(SESSION, { digest: two.digest, key: '1' })).toEqual({
      status: 'pressed',
      isGone: true,
    })
    await until('the second file', async () => existsSync(join(claude.project, 'two.txt')))
  })

  test('a question is answered though its cursor stands where a digit would be text', async () => {
    await begin({ prompt: 'ask-me', settings: { hooks: {} } })
    await claude.dialogStands()
    await claude.press('Down')
    await claude.shows(/❯ 2\. Blue/)
    await claude.press('Down')
    await claude.shows(/❯ 3\. Type/)
    const view = await terminal.read(SESSION)
    expect(view?.options.map(({ label }) => label)).toEqual(['Red', 'Blue', 'Chat about this', 'Esc'])
    expect(await terminal.press(SESSION, { digest: view?.digest ?? '', key: '2' })).toEqual({
      status: 'pressed',
      isGone: true,
    })
    await until('the answer', async () =>
      model.toolResults().some((one) => JSON.stringify(one.content).includes('Blue')),
    )
  })

  test('a file that is longer than the screen is refused from afar and never allowed', async () => {
    await begin({ args: ['--permission-mode', 'default'], prompt: 'write-it', settings: { hooks: {} } })
    await claude.shows(/❯ 1\. Yes/)
    const view = await until('the dialog', () => terminal.read(SESSION), claude.screen)
    expect(view).toMatchObject({ name: 'permission', isCut: true })
    const press = (key: string) => terminal.press(SESSION, { digest: view.digest, key })
    expect(await press('1')).toMatchObject({ code: 'no-such-key' })
    const no = view.options.find(({ label }) => label === 'No')
    expect(await press(no?.key ?? '')).toEqual({ status: 'pressed', isGone: true })
    await until(
      'the refusal',
      async () =>
        model.toolResults().length > 0 ||
        /Interrupted|rejected|doesn't want|What should Claude do/i.test(await claude.screen()),
    )
    expect(existsSync(join(claude.project, 'long.txt'))).toBe(false)
  })

  test('the editor that Claude starts gets no key', async () => {
    await begin({ variables: { EDITOR: 'vi' }, awaits: /^❯/m })
    await claude.press('C-g')
    await claude.shows(/^~$/m)
    const before = await claude.screen()
    expect(await terminal.read(SESSION)).toBeNull()
    expect(await terminal.press(SESSION, { digest: '', key: 'Enter' })).toMatchObject({
      code: 'other-program',
    })
    expect(await claude.screen()).toBe(before)
    await claude.type(':q!')
  })

  test('with a native cursor a menu that hides it is answered as any other', async () => {
    const variables = { CLAUDE_CODE_NATIVE_CURSOR: '1' }
    await begin({ ...MANUAL, prompt: 'make-two', settings: { hooks: {} }, variables })
    await claude.dialogStands()
    const view = await until('the dialog', () => terminal.read(SESSION), claude.screen)
    expect(await terminal.whyNotRead?.(SESSION)).toBeNull()
    const no = view.options.find(({ label }) => label === 'No')
    expect(await terminal.press(SESSION, { digest: view.digest, key: no?.key ?? '' })).toEqual({
      status: 'pressed',
      isGone: true,
    })
  })

  test.each([
    ['for a magnifier', { CLAUDE_CODE_ACCESSIBILITY: '1' }],
    ['for a screen reader', { CLAUDE_AX_SCREEN_READER: '1' }],
  ])('a menu %s shows a cursor: the reason is told and no key is pressed', async (_, variables) => {
    await begin({ ...MANUAL, prompt: 'make-two', settings: { hooks: {} }, variables })
    await claude.shows(/Do you want to proceed/)
    const why = await until('the reason', async () => terminal.whyNotRead?.(SESSION), claude.screen)
    expect(why).toMatch(/text cursor.*native cursor or for a screen reader/)
    expect(await terminal.read(SESSION)).toBeNull()
    // Without its head, where the logo moves.
    const menu = async () => (await claude.screen()).replace(/^[\s\S]*(?=Bash command)/, '')
    const before = await menu()
    for (const press of [terminal.press(SESSION, { digest: '', key: '1' }), terminal.escape(SESSION)])
      expect(await press).toMatchObject({ status: 'refused' })
    expect(await menu()).toBe(before)
    expect(existsSync(join(claude.project, 'one.txt'))).toBe(false)
  })

  test('a reply reaches Claude in vim mode left in NORMAL, and behind the name of an emoji', async () => {
    await begin({
      settings: { hooks: {}, editorMode: 'vim' } as Start['settings'] & object,
      awaits: /INSERT/,
    })
    await claude.press('Escape')
    for (const text of ['dd and say :smile', 'x :hea', 'see /co']) {
      expect(await terminal.typeInto(SESSION, text, { asCommand: false })).toEqual({ status: 'typed' })
      await until(text, async () => JSON.stringify(model.requests).includes(text), claude.screen)
      await claude.shows(/^❯\u00a0$/m)
    }
  })

  test('Escape refuses what the session has drawn a prompt over, and the reply allows nothing', async () => {
    await begin({ args: ['--permission-mode', 'default'], prompt: 'make-two', settings: { hooks: {} } })
    await claude.dialogStands()
    expect(await terminal.escape(SESSION)).toEqual({ status: 'pressed', isGone: true })
    await claude.shows(/Interrupted/)
    expect(existsSync(join(claude.project, 'one.txt'))).toBe(false)
  })

  test('a question that a hook waits for is not put twice', async () => {
    await begin({ args: ['--permission-mode', 'default'], prompt: 'make-two' })
    await claude.shows(/Do you want to proceed/)
    await supervision.pending()
    // Claude notifies after six seconds.
    await new Promise((resolve) => setTimeout(resolve, 9_000))
    expect((await supervision.client.asks(true)).map(({ kind }) => kind)).toEqual(['permission'])
  })

  // 2.1.197 has no such dialog.
  if (version === NEWEST)
    test('auto mode: its notice, and then its own dialog', async () => {
      // Our own rules would override it.
      const settings = { permissions: {} } as Start['settings'] & object
      await begin({ args: ['--permission-mode', 'auto'], prompt: 'push-it', settings })
      expect(await pressed('auto', 'stay in auto mode')).toMatchObject(applied)
      await claude.shows(/❯ No/)
      expect(await pressed('auto', 'Yes')).toMatchObject(applied)
      await until('git to run', async () =>
        model.toolResults().some((one) => String(one.content).includes('not a git repository')),
      )
    })
})

/** The pane comes later than the responder that looks into it. */
function lateTerminal(now: () => Terminal | undefined): Terminal {
  const none = { status: 'refused', code: 'no-pane', message: 'There is no pane yet.', remedy: '' } as const
  return {
    typeInto: async (...given) => (await now()?.typeInto(...given)) ?? none,
    capture: async (session) => (await now()?.capture(session)) ?? null,
    read: async (session) => (await now()?.read(session)) ?? null,
    whyNotRead: async (session) => (await now()?.whyNotRead?.(session)) ?? null,
    press: async (...given) => (await now()?.press(...given)) ?? none,
    escape: async (session) => (await now()?.escape(session)) ?? none,
  }
}
