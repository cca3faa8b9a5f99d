import { expect, test } from 'vitest'
import { askLending } from '../../../../bin/setup/lend-steps.ts'
import { askLogin } from '../../../../bin/setup/login-step.ts'
import type { Check, Prompts } from '../../../../bin/setup/prompts.ts'
import { configSchema } from '../../../../setup/config/config.ts'

const TOKEN = `sk-ant-oat01-${'x'.repeat(95)}`
const KEY = `sk-ant-api03-${'x'.repeat(95)}`

/** A person whose answers are known: to each question that begins with a key, its value. */
function person(answers: Record<string, string | boolean>) {
  const asked: string[] = []
  const said: string[] = []
  const answer = (message: string): string | boolean => {
    asked.push(message)
    const start = Object.keys(answers).find((one) => message.startsWith(one))
    if (start === undefined) throw new Error(`nobody answers: ${message}`)
    return answers[start] ?? ''
  }
  const checked = async (message: string, check: Check) => {
    const text = String(answer(message))
    expect(check(text)).toBeNull()
    return text
  }
  const prompts: Prompts = {
    begin: () => {},
    say: (text) => void said.push(text),
    confirm: async (message, initial) => {
      const given = answer(message)
      return given === 'as offered' ? initial : given === true
    },
    choose: async (message, choices, initial) => {
      const given = answer(message)
      return choices.find(({ value }) => value === given)?.value ?? initial
    },
    secret: checked,
    line: (message, _, check) => checked(message, check),
    summarize: () => {},
    end: () => {},
  }
  return { prompts, asked, said }
}

const config = (given: object = {}) => configSchema.parse(given)
const login = (path: string, value: unknown) => ({ path: ['credentials', 'anthropic', path], value })

test('a token takes the place of what was stored, so that one login is left', async () => {
  const stored = config({
    credentials: {
      anthropic: { api_key: 'k', gateway: { base_url: 'https://g.example.com', token: 't' } },
      claude: 'file',
    },
  })
  const { prompts, said } = person({ 'How shall': 'token', 'Paste the token': TOKEN })
  expect(await askLogin(prompts, stored, null)).toEqual([
    login('oauth_token', TOKEN),
    login('api_key', undefined),
    login('gateway', undefined),
    { path: ['credentials', 'claude'], value: 'none' },
  ])
  expect(said.join()).toContain('claude setup-token')
})

test('claude setup-token is run only when the person wants it', async () => {
  for (const wanted of [true, false]) {
    let runs = 0
    const { prompts } = person({ 'How shall': 'token', 'Run claude': wanted, 'Paste the token': TOKEN })
    await askLogin(prompts, config(), async () => {
      runs += 1
    })
    expect(runs).toBe(wanted ? 1 : 0)
  }
})

test('what is stored stays when the person says so, and no secret is asked for', async () => {
  const { prompts, asked } = person({ 'How shall': 'as offered' })
  const stored = config({ credentials: { anthropic: { oauth_token: TOKEN } } })
  expect(await askLogin(prompts, stored, null)).toEqual([])
  expect(asked).toHaveLength(1)
})

test('a login inside the box is stored nowhere, and the person knows how long it lasts', async () => {
  const { prompts, said } = person({ 'How shall': 'inside' })
  const stored = config({ credentials: { anthropic: { api_key: KEY } } })
  expect(await askLogin(prompts, stored, null)).toEqual([login('api_key', undefined)])
  expect(said.join()).toMatch(/\/login.*ends with it/)
})

const ON_LIST = 'Sessions reach listed hosts only'

test.each([
  ['https://gateway.example.com', 'gateway.example.com:443'],
  ['http://gateway.example.com/claude', 'gateway.example.com:80'],
  ['http://host.docker.internal:4000', 'host.docker.internal:4000'],
])('the host of the gateway %s is allowed only after asking, and only at its port', async (url, host) => {
  const about = { 'How shall': 'gateway', 'Where is': url, 'Paste its': 'anything' }
  const stored = login('gateway', { base_url: url, token: 'anything' })
  const yes = person({ ...about, [ON_LIST]: true })
  expect(await askLogin(yes.prompts, config(), null)).toEqual([
    stored,
    {
      path: ['network', 'allowed_domains'],
      add: host,
      to: ['api.anthropic.com', 'platform.claude.com'],
    },
  ])
  expect(await askLogin(person({ ...about, [ON_LIST]: false }).prompts, config(), null)).toEqual([stored])
  const listed = config({ network: { allowed_domains: [host] } })
  expect(await askLogin(person(about).prompts, listed, null)).toEqual([stored])
})

const lending = async (given: object, answers: Record<string, string | boolean>, found = {}) =>
  await askLending(
    person({ 'Shall commits': 'as offered', 'May sessions': 'as offered', ...answers }).prompts,
    config({ credentials: given }),
    { hasSshAgent: true, hasGh: false, ...found },
  )

test('nothing is written where everything is left as offered', async () => {
  expect(await lending({}, {})).toEqual([])
  expect(await lending({}, {}, { hasSshAgent: false })).toEqual([])
  expect(
    await lending({ git: false, ssh: 'mount', github: true }, { 'Shall sessions': 'as offered' }),
  ).toEqual([])
})

test('what was chosen otherwise is written, and GitHub is offered only where there is gh', async () => {
  expect(await lending({}, { 'Shall commits': false, 'May sessions': 'mount' })).toEqual([
    { path: ['credentials', 'git'], value: false },
    { path: ['credentials', 'ssh'], value: 'mount' },
  ])
  expect(await lending({}, { 'Shall sessions': true }, { hasGh: true })).toEqual([
    { path: ['credentials', 'github'], value: true },
  ])
})
