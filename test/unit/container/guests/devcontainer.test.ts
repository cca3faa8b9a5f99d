import { expect, test } from 'vitest'
import { readDevcontainer } from '../../../../container/guests/devcontainer.ts'

const nothing = { user: null, configDir: null }

test.each<[string, unknown, object]>([
  ['no label', undefined, nothing],
  ['an object', { remoteUser: 'vscode' }, { ...nothing, user: 'vscode' }],
  [
    'a list, of which the last counts',
    [{ remoteUser: 'node' }, { remoteUser: 'vscode' }, { init: true }],
    { ...nothing, user: 'vscode' },
  ],
  ['the user of the container', [{ containerUser: 'node' }], { ...nothing, user: 'node' }],
  ['both users', [{ remoteUser: 'vscode' }, { containerUser: 'node' }], { ...nothing, user: 'vscode' }],
  [
    "Claude's folder",
    [{ remoteEnv: { CLAUDE_CONFIG_DIR: '/claude' } }],
    { ...nothing, configDir: '/claude' },
  ],
  [
    'a folder in a variable of the container',
    { remoteEnv: { CLAUDE_CONFIG_DIR: `$\{containerEnv:DATA}/claude` } },
    { ...nothing, configDir: '/data/claude' },
  ],
  [
    'a folder that only the editor knows',
    { remoteEnv: { CLAUDE_CONFIG_DIR: `$\{localEnv:HOME}/claude` } },
    nothing,
  ],
  ['a folder that is none', { remoteEnv: { CLAUDE_CONFIG_DIR: 'claude' } }, nothing],
  ['a user that is none', { remoteUser: '--privileged' }, nothing],
  ['other shapes', [null, 7, { remoteUser: 7, remoteEnv: [] }], nothing],
])('%s', (_, label, told) => {
  const labels = label === undefined ? {} : { 'devcontainer.metadata': JSON.stringify(label) }
  expect(
    readDevcontainer({ labels: labels as Record<string, string>, environment: { DATA: '/data' } }),
  ).toEqual(told)
})

test('a label that is no JSON says nothing', () => {
  expect(readDevcontainer({ labels: { 'devcontainer.metadata': '{' }, environment: {} })).toEqual(nothing)
})
