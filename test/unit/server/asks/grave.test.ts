import { expect, test } from 'vitest'
import { DEFAULT_GRAVE, graveOf } from '../../../../server/asks/grave.ts'

const workspace = '/home/me/app'
const bash = (command: string) =>
  ({ kind: 'permission', tool: 'Bash', input: { command }, workspace }) as const

test.each([
  ['git push origin main', 'push to origin/main'],
  ['git push origin HEAD:main', 'push to origin/main'],
  ['git push origin feature:refs/heads/main', 'push to origin/main'],
  ['git -C sub push origin release/2.0', 'push to origin/release/2.0'],
  ['git push', 'push to the usual remote, whatever branch this is'],
  ['git push origin', 'push to origin, whatever branch this is'],
  ['git push -u origin HEAD', 'push to origin/HEAD'],
  ['git push --force origin feature', 'push to origin feature with --force'],
  ['git push -fu origin feature', 'push to origin feature with -fu'],
  ['git push origin +feature', 'push to origin/feature by force'],
  ['git push origin :feature', 'push to origin/feature'],
  ['git push origin $BRANCH', 'push to origin/$BRANCH'],
  ['cd x && git push "origin" \'main\'', 'push to origin/main'],
  ['GIT_SSH_COMMAND=ssh git push origin main', 'push to origin/main'],
  ['env A=1 nice -n 5 git push origin main', 'push to origin/main'],
  ['sh -c "git push origin main"', 'push to origin/main'],
  ['echo $(git push origin main)', 'push to origin/main'],
  ['if true; then git push origin main; fi', 'push to origin/main'],
  ['git \\\n push origin main', 'push to origin/main'],
  ['/usr/bin/git push origin main', 'push to origin/main'],
  ['npm publish --access public', 'publish: npm publish --access public'],
  ['yarn npm publish', 'publish: yarn npm publish'],
  ['python3 -m twine upload dist/*', 'publish: python3 -m twine upload dist/*'],
  ['docker image push x/y', 'publish: docker image push x/y'],
  ['gh release create v1', 'publish: gh release create v1'],
  ['sudo apt-get install x', 'run as another user: sudo apt-get install x'],
  ['echo hi | sudo tee /etc/x', 'run as another user: sudo tee /etc/x'],
  ['rm -rf /etc/x', 'delete /etc/x'],
  ['rm -rf ~/old', 'delete ~/old'],
  ['rm -rf "$HOME/old"', 'delete $HOME/old'],
  ['rm -rf ../other', 'delete ../other'],
  ['rm -rf /home/me/app-2', 'delete /home/me/app-2'],
  ['find / -name x -delete', 'delete /'],
  ['find /tmp/x -exec rm {} +', 'delete /tmp/x'],
])('%s is grave', (command, object) => {
  expect(graveOf(bash(command), DEFAULT_GRAVE)).toBe(object)
})

test.each([
  'git push origin feature',
  'git push -u origin feature/x',
  'git push origin feature:feature',
  'git pull origin main',
  'git log main',
  'rm -rf node_modules',
  'rm -rf /home/me/app/dist',
  'rm -rf ./dist',
  'find . -name x -delete',
  'find /etc -name x',
  'npm test',
  'npm run build',
  'docker build .',
  'echo sudoku',
  'ls',
  '',
])('%j is not grave', (command) => {
  expect(graveOf(bash(command), DEFAULT_GRAVE)).toBe(null)
})

test('a permission rule in the list makes what it matches grave', () => {
  const list = { ...DEFAULT_GRAVE, grave: ['Bash(kubectl *)', 'mcp__github__*'] }
  expect(graveOf(bash('kubectl delete ns x'), list)).toBe('Bash(kubectl *)')
  expect(graveOf({ kind: 'permission', tool: 'mcp__github__merge', input: {}, workspace }, list)).toBe(
    'mcp__github__*',
  )
  expect(graveOf(bash('git push origin main'), list)).toBe(null)
})

test('with an empty list nothing is grave', () => {
  expect(graveOf(bash('sudo git push origin main'), { grave: [], protectedBranches: ['main'] })).toBe(null)
})

test.each([
  ['a login to a known host', { purpose: 'login', hosts: ['github.com'], host_key: 'SHA256:x' }, null],
  [
    'a login to a host that nobody knows',
    { purpose: 'login', hosts: [], host_key: 'SHA256:x' },
    'sign for an unknown host',
  ],
  ['a login that names no host', { purpose: 'login', hosts: [], host_key: null }, 'sign for an unknown host'],
  ['bytes of unknown meaning', { purpose: 'unknown', hosts: [], host_key: null }, 'sign for an unknown host'],
  ['the signature of a commit', { purpose: 'signature', hosts: [], host_key: null, namespace: 'git' }, null],
])('a signature for %s', (_, input, object) => {
  expect(graveOf({ kind: 'key', tool: null, input, workspace }, DEFAULT_GRAVE)).toBe(object)
})

test('what a person reads hides nothing and is short', () => {
  const long = graveOf(bash(`rm -rf /${'x'.repeat(10_000)}`), DEFAULT_GRAVE) ?? ''
  expect(Array.from(long).length).toBeLessThanOrEqual(60)
  expect(graveOf(bash('rm -rf /a\u202eb'), DEFAULT_GRAVE)).toBe('delete /a‹U+202E›b')
})

test('a command that nobody reads through is grave whatever it does', () => {
  expect(graveOf(bash(`echo ${'x'.repeat(30_000)}`), DEFAULT_GRAVE)).toBe('run 30005 characters')
})

test.each([
  'env '.repeat(4_900),
  '-'.repeat(19_900),
  'git push '.repeat(2_200),
  '(('.repeat(9_900),
  'sh -c '.repeat(3_300),
  'sh '.repeat(6_600),
])('a hostile command of that kind is looked through in time: %.9s', (command) => {
  const plain = process.cpuUsage()
  for (let round = 0; round < 50; round++) graveOf(bash('x'.repeat(19_900)), DEFAULT_GRAVE)
  const plainMs = process.cpuUsage(plain).user
  const hostile = process.cpuUsage()
  graveOf(bash(command), DEFAULT_GRAVE)
  expect(process.cpuUsage(hostile).user).toBeLessThan(plainMs * 20)
})
