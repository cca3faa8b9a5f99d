import { expect, test } from 'vitest'
import { checkSocketPaths, pathsFrom } from '../../../setup/paths.ts'

const user = { home: '/home/passwd', uid: 1000 }

test('without XDG variables everything lies below the home folder', () => {
  const paths = pathsFrom({ HOME: '/home/me' }, user)
  expect(paths.configFile).toBe('/home/me/.config/remote-claude/config.yaml')
  expect(paths.stateDir).toBe('/home/me/.local/state/remote-claude')
  expect(paths.cacheDir).toBe('/home/me/.cache/remote-claude')
  expect(paths.ownerSocket).toBe('/home/me/.local/state/remote-claude/owner.sock')
})

test('XDG variables win, unless they are relative or empty', () => {
  const env = { HOME: '/home/me', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'relative', XDG_CACHE_HOME: '' }
  const paths = pathsFrom(env, user)
  expect(paths.configFile).toBe('/c/remote-claude/config.yaml')
  expect(paths.stateDir).toBe('/home/me/.local/state/remote-claude')
  expect(paths.cacheDir).toBe('/home/me/.cache/remote-claude')
})

test.each([{}, { HOME: '' }, { HOME: 'relative' }])(
  'with HOME as %j the home folder is that of the user database',
  (env) => {
    expect(pathsFrom(env, user).stateDir).toBe('/home/passwd/.local/state/remote-claude')
  },
)

test('an instance is one user with one state folder, and nothing else', () => {
  const instance = (home: string, uid: number, extra = {}) =>
    pathsFrom({ HOME: home, ...extra }, { home, uid }).instance
  expect(instance('/a', 1)).toMatch(/^[0-9a-f]{12}$/)
  expect(instance('/a', 1)).toBe(instance('/a', 1, { XDG_CONFIG_HOME: '/other' }))
  expect(instance('/a', 1)).not.toBe(instance('/b', 1))
  expect(instance('/a', 1)).not.toBe(instance('/a', 2))
})

test('a state folder too deep for sockets is refused, in bytes and with a remedy', () => {
  expect(() => checkSocketPaths(pathsFrom({ HOME: '/home/somebody' }, user))).not.toThrow()
  expect(() => checkSocketPaths(pathsFrom({ HOME: `/${'x'.repeat(60)}` }, user))).toThrow(
    expect.objectContaining({ code: 'path-too-long', remedy: expect.stringContaining('XDG_STATE_HOME') }),
  )
  expect(() => checkSocketPaths(pathsFrom({ HOME: `/${'ü'.repeat(25)}` }, user))).toThrow()
})
