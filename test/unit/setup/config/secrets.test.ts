import { expect, test } from 'vitest'
import { hasSecrets, maskSecrets } from '../../../../setup/config/secrets.ts'

test('what would let somebody in is masked, and nothing else', () => {
  const config = {
    docker: { image: 'rc' },
    network: { allowed_domains: ['token.example'] },
    credentials: { anthropic: { oauth_token: 'one', api_key: 'two' }, git: true, ssh: 'ask' },
    notifications: {
      pushover: { user_key: 'three', api_token: 'four', api_url: 'https://api.example' },
      webhook_url: 'https://hooks.example/five',
    },
    tmux: { session_prefix: 'rc' },
  }
  const masked = JSON.stringify(maskSecrets(config))
  for (const secret of ['one', 'two', 'three', 'four', 'five']) expect(masked).not.toContain(`"${secret}`)
  expect(maskSecrets(config)).toMatchObject({
    docker: { image: 'rc' },
    network: { allowed_domains: ['token.example'] },
    credentials: { anthropic: { api_key: '********' }, git: true, ssh: 'ask' },
    notifications: { pushover: { api_url: 'https://api.example' }, webhook_url: '********' },
  })
})

test('a variable for Claude is masked unless it is plainly harmless', () => {
  const masked = maskSecrets({
    claude: {
      env: {
        ANTHROPIC_BASE_URL: 'http://host.docker.internal:4000/v1',
        GATEWAY: 'https://me:pw@gateway.example/v1?key=abc',
        ANTHROPIC_AUTH_TOKEN: '1234',
        DISABLE_TELEMETRY: '1',
        HEADERS: 'x-api-key: abc',
      },
    },
  })
  expect(masked).toEqual({
    claude: {
      env: {
        ANTHROPIC_BASE_URL: 'http://host.docker.internal:4000/v1',
        GATEWAY: 'https://gateway.example/v1',
        ANTHROPIC_AUTH_TOKEN: '********',
        DISABLE_TELEMETRY: '1',
        HEADERS: '********',
      },
    },
  })
})

test('a configuration of defaults holds no secrets', () => {
  expect(hasSecrets({ docker: { image: 'rc' }, notifications: { pushover: {} } })).toBe(false)
  expect(hasSecrets({ notifications: { pushover: { user_key: 'x' } } })).toBe(true)
})
