import { expect, test } from 'vitest'
import { findLogin } from '../../container/credentials.ts'
import { credentialsOptions } from '../../container/options.ts'

type From = { given?: object; configured?: Record<string, string>; shell?: Record<string, string> }
const login = ({ given = {}, configured = {}, shell = {} }: From) =>
  findLogin(credentialsOptions.parse(given), { configured, shell })

const shell = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_AUTH_TOKEN: 't' }

test('exactly one login is used: the configuration before the shell, the token before the key', () => {
  const both = { anthropic: { oauth_token: 'o', api_key: 'c' } }
  expect(login({ given: both, shell }).env).toEqual({ CLAUDE_CODE_OAUTH_TOKEN: 'o' })
  expect(login({ given: { anthropic: { api_key: 'c' } }, shell }).env).toEqual({ ANTHROPIC_API_KEY: 'c' })
  expect(login({ shell }).env).toEqual({ ANTHROPIC_API_KEY: 'k' })
})

test('a login in claude.env is enough, and no other one is put beside it', () => {
  const { env, notice } = login({ configured: { ANTHROPIC_AUTH_TOKEN: 'gateway' }, shell })
  expect(env).toEqual({})
  expect(notice).toBe('Claude uses ANTHROPIC_AUTH_TOKEN of claude.env.')
})

test("a shell's login goes to the shell's gateway, never to somebody else", () => {
  const gateway = { ANTHROPIC_AUTH_TOKEN: 't', ANTHROPIC_BASE_URL: 'https://gateway.example.com' }
  expect(login({ shell: gateway }).env).toEqual(gateway)
  expect(login({ given: { anthropic: { api_key: 'c' } }, shell: gateway }).env).toEqual({
    ANTHROPIC_API_KEY: 'c',
  })
})

test('without a login a person is told so, and no notice shows a secret', () => {
  expect(login({})).toMatchObject({ env: {}, notice: expect.stringContaining('no login') })
  for (const from of [
    { shell: { ANTHROPIC_API_KEY: 'sk-secret', ANTHROPIC_BASE_URL: 'https://u:sk-secret@h' } },
    { configured: { ANTHROPIC_API_KEY: 'sk-secret' } },
    { given: { anthropic: { oauth_token: 'sk-secret' } } },
  ])
    expect(login(from).notice).not.toContain('sk-secret')
})
