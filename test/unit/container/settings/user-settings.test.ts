import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { guardVariables } from '../../../../container/settings/guarded-variables.ts'
import { bringCommand } from '../../../../container/settings/user-commands.ts'
import { bringHooks } from '../../../../container/settings/user-hooks.ts'
import {
  forBox,
  inVain,
  type SettingsFacts,
  settingsVariables,
} from '../../../../container/settings/user-settings.ts'

const PROGRAMS = [
  'sh',
  'bash',
  'cat',
  'jq',
  'python3',
  'node',
  'npx',
  'grep',
  'xargs',
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/jq',
  '/tmp',
  '/usr/bin',
  '/w/own.sh',
]
const FILES = [
  'hooks/fmt.sh',
  'hooks/guard.py',
  'guard.sh',
  'my hooks/x.sh',
  'hooks/words.txt',
  'hooks/old.rb',
]
const facts: SettingsFacts = {
  home: '/home/me',
  claudeDir: '/home/me/.claude',
  workspace: '/w',
  isProxied: true,
  lendsOwn: false,
  has: (what) => PROGRAMS.includes(what),
  file: (path) => (FILES.includes(path) ? { interpreter: path.endsWith('.rb') ? 'ruby' : null } : null),
}
const U = '/opt/remote-claude/hooks/user'
const RULES = { permissions: { deny: ['Bash(rm *)', 'Read(./secrets/**)'], ask: ['WebFetch'] } }
const hook = (command: string, more = {}) => ({ type: 'command', command, ...more })
const of = (given: object | string, more: Partial<SettingsFacts> = {}) =>
  forBox(typeof given === 'string' ? given : JSON.stringify(given), { ...facts, ...more })

describe('rules of the user are never lost', () => {
  test.each<[string, string]>([
    ['after a BOM', `\uFEFF${JSON.stringify(RULES)}`],
    ['with line ends of Windows', JSON.stringify(RULES, null, 2).replaceAll('\n', '\r\n')],
    ...[
      { _comment: 'mine' },
      { _comment: ['mine'] },
      { Stop: [hook('cat')] },
      { Stop: ['cat'] },
      { Stop: [{ hooks: ['cat'] }] },
      { Stop: [{ hooks: [{ type: 'magic' }] }] },
      { Stop: [{ hooks: [hook('cat', { timeout: '5' })] }] },
      { Stop: { hooks: [hook('cat')] } },
      { Stop: null },
      { NoSuchEvent: [{ hooks: [hook('cat')] }] },
      null,
      [],
      7,
      'text',
    ].map((hooks): [string, string] => [
      `beside hooks ${JSON.stringify(hooks)}`,
      JSON.stringify({ ...RULES, hooks }),
    ]),
    ['beside an env that is none', JSON.stringify({ ...RULES, env: { A: null, B: 7 } })],
  ])('%s', (_, text) => {
    expect(of(text).settings).toMatchObject(RULES)
  })

  test('a hook that is right comes along beside one that is wrong', () => {
    const { managed, leftOut } = of({
      hooks: { _comment: 'x', Stop: [hook('flat'), { hooks: [hook('cat')] }] },
    })
    expect(managed.hooks).toEqual({ Stop: [{ hooks: [hook('cat')] }] })
    expect(leftOut).toEqual([expect.stringContaining('a hook for Stop: it is not written as')])
  })

  test.each(['not json', '[]', '{"a":1,}', '// x\n{}', '7'])(
    'what Claude ignores as a whole is said: %s',
    (text) => {
      expect(of(text).settings).toEqual({ skipDangerousModePermissionPrompt: true })
      expect(of(text).leftOut).toEqual([expect.stringContaining('all of settings.json')])
    },
  )

  test.each([null, '', '  \n'])('no settings are none, and nothing is said of them: %j', (text) => {
    expect(forBox(text, facts)).toMatchObject({ managed: { hooks: {} }, leftOut: [], files: [] })
  })
})

describe('a command comes along with its scripts', () => {
  test.each([
    ['~/.claude/hooks/fmt.sh', `${U}/hooks/fmt.sh`],
    ['"$HOME/.claude/hooks/fmt.sh" --quiet', `"${U}/hooks/fmt.sh" --quiet`],
    ['"$HOME"/.claude/hooks/fmt.sh', `${U}/hooks/fmt.sh`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own.
    ['python3 ${HOME}/.claude/hooks/guard.py', `python3 ${U}/hooks/guard.py`],
    ['python3 -u /home/me/.claude/hooks/guard.py', `python3 -u ${U}/hooks/guard.py`],
    ['bash "/home/me/.claude/my hooks/x.sh"', `bash "${U}/my hooks/x.sh"`],
    ['FOO=1 exec sh ~/.claude/guard.sh', `FOO=1 exec sh ${U}/guard.sh`],
    ['jq -r .x | grep -qf ~/.claude/hooks/words.txt', `jq -r .x | grep -qf ${U}/hooks/words.txt`],
    ['bash -c "cat | ~/.claude/hooks/fmt.sh"', `bash -c "cat | ${U}/hooks/fmt.sh"`],
    ['if cat; then ~/.claude/guard.sh; fi', `if cat; then ${U}/guard.sh; fi`],
  ])('%s', (command, moved) => {
    expect(bringCommand({ command }, facts)).toMatchObject({ command: moved })
  })

  test.each([
    ['/etc/claude/hooks/fmt.sh', `${U}/hooks/fmt.sh`],
    ['"$CLAUDE_CONFIG_DIR/hooks/fmt.sh"', `"${U}/hooks/fmt.sh"`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own.
    ['bash ${CLAUDE_CONFIG_DIR}/guard.sh', `bash ${U}/guard.sh`],
    ['bash -c "cat | $CLAUDE_CONFIG_DIR/hooks/fmt.sh"', `bash -c "cat | ${U}/hooks/fmt.sh"`],
  ])('from a folder that CLAUDE_CONFIG_DIR names: %s', (command, moved) => {
    const elsewhere = { ...facts, claudeDir: '/etc/claude' }
    expect(bringCommand({ command }, elsewhere)).toMatchObject({ command: moved })
    expect(bringCommand({ command: '~/.claude/hooks/fmt.sh' }, elsewhere)).toMatchObject({
      why: expect.stringContaining('outside'),
    })
  })

  test.each([
    'jq -r .tool_input.file_path | { read f; if echo "$f" | grep -q "\\.ts$"; then npx prettier --write "$f"; fi; }',
    'jq -r .x >> ~/.claude/log.txt',
    'cat >"$HOME/.claude/hooks/words.txt"',
    'sh own.sh',
    '$CLAUDE_PROJECT_DIR/own.sh',
    'case "$x" in *.py) python3 -m black . ;; esac',
    'node -e "1"',
    'echo done && exit 2',
    '[ -f x ] || exit 0',
    '/usr/bin/jq .',
  ])('as it stands: %s', (command) => {
    expect(bringCommand({ command }, facts)).toEqual({ command, files: [] })
  })

  test.each([
    ['sh missing.sh', '/w/missing.sh'],
    ['~/.claude/hooks/none.sh', 'no ~/.claude/hooks/none.sh'],
    ['~/.claude/hooks/../../.ssh/run', '.ssh/run'],
    ['~/bin/guard.py', '/home/me/bin/guard.py is outside ~/.claude'],
    ['/home/me/bin/guard.py', 'outside'],
    ['python3 ~/dotfiles/guard.py', 'outside'],
    ['prettier --write x', 'no prettier'],
    ['jq . | osascript -e x', 'no osascript'],
    ['cat && notify-send done', 'no notify-send'],
    ['ls | xargs -r prettier --write', 'no ls'],
    ['cat | xargs -r prettier --write', 'no prettier'],
    ['timeout 5 ruff check', 'no ruff'],
    ['bash -c "prettier x"', 'no prettier'],
    ['/opt/homebrew/bin/jq .', 'no /opt/homebrew/bin/jq'],
    ['~/.claude/hooks/old.rb', 'no ruby'],
    ['$CLAUDE_PROJECT_DIR/none.sh', '/w/none.sh'],
  ])('or is left out: %s', (command, why) => {
    expect(bringCommand({ command }, facts)).toEqual({ why: expect.stringContaining(why) })
  })

  test('in the exec form, where no shell reads it', () => {
    const args = ['/home/me/.claude/hooks/fmt.sh', '~/x']
    expect(bringCommand({ command: 'bash', args }, facts)).toEqual({
      command: 'bash',
      args: [`${U}/hooks/fmt.sh`, '~/x'],
      files: ['hooks/fmt.sh'],
    })
  })

  test('what was moved is the same program to a shell', () => {
    const { command } = bringCommand({ command: '"$HOME"/.claude/\'my hooks\'/x.sh a' }, facts) as {
      command: string
    }
    expect(execFileSync('sh', ['-c', `printf '%s|' ${command}`], { encoding: 'utf8' })).toBe(
      `${U}/my hooks/x.sh|a|`,
    )
  })
})

describe('hooks in the managed settings', () => {
  test('none answers for the user, and none comes by another way than a command', () => {
    const { hooks, leftOut } = bringHooks(
      {
        PermissionRequest: [{ hooks: [hook('cat')] }],
        Stop: [
          {
            hooks: [
              { type: 'http', url: 'http://x' },
              { type: 'mcp_tool', server: 'a', tool: 'b' },
            ],
          },
        ],
      },
      facts,
    )
    expect(hooks).toEqual({})
    expect(leftOut).toHaveLength(3)
    expect(leftOut[0]).toContain('only you answer')
  })

  test('nothing unknown gets there: 2.1.197 drops all managed hooks for one wrong field', () => {
    const wild = hook('cat', { timeout: 5, onFailure: 'sometimes', foo: {}, if: 'Bash(git *)' })
    const { hooks } = bringHooks({ PreToolUse: [{ matcher: 'Bash', foo: 1, hooks: [wild] }] }, facts)
    expect(hooks).toEqual({
      PreToolUse: [{ matcher: 'Bash', hooks: [hook('cat', { timeout: 5, if: 'Bash(git *)' })] }],
    })
  })

  test('who has switched hooks off keeps them off', () => {
    const own = { type: 'command', command: 'cat' }
    const { managed, leftOut } = of({
      disableAllHooks: true,
      statusLine: own,
      hooks: { Stop: [{ hooks: [own] }] },
    })
    expect(managed).toEqual({ hooks: {} })
    expect(leftOut).toEqual([])
  })

  test('a status line goes there too, for Claude takes no other one', () => {
    const { managed, settings } = of({ statusLine: hook('~/.claude/guard.sh', { padding: 0 }) })
    expect(managed['statusLine']).toEqual(hook(`${U}/guard.sh`, { padding: 0 }))
    expect(settings).not.toHaveProperty('statusLine')
    expect(of({ statusLine: hook('ccline') }).leftOut).toEqual([expect.stringContaining('no ccline')])
  })
})

describe('variables', () => {
  const left = (env: object, more?: Partial<SettingsFacts>) => {
    const { settings, leftOut } = of({ env }, more)
    return [Object.keys(settings['env'] as object), leftOut.length]
  }

  test.each([
    { ANTHROPIC_BASE_URL: 'https://x' },
    { ANTHROPIC_AUTH_TOKEN: 't' },
    { CLAUDE_CODE_USE_BEDROCK: '1' },
    { HTTPS_PROXY: 'http://p' },
    { https_proxy: 'http://p' },
    { NO_PROXY: '*' },
    { TMPDIR: '/scratch/me' },
    { CLAUDE_CONFIG_DIR: '/tmp' },
    { PATH: '/opt/homebrew/bin:/usr/bin' },
    { NODE_OPTIONS: '--require /home/me/x.js' },
    { XDG_CACHE_HOME: '/home/me/.cache' },
  ])('left out, and said: %j', (env) => {
    expect(left(env)).toEqual([[], 1])
  })

  test.each([
    { ANTHROPIC_MODEL: 'opus' },
    { BASH_DEFAULT_TIMEOUT_MS: 5000 },
    { NODE_OPTIONS: '--max-old-space-size=4096' },
    { TMPDIR: '/tmp' },
    { PATH: '/usr/bin' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/v1' },
  ])('kept: %j', (env) => {
    expect(left(env)).toEqual([Object.keys(env), 0])
  })

  test('on an open network the way out is theirs, and a login that is theirs stays', () => {
    expect(left({ HTTPS_PROXY: 'http://p' }, { isProxied: false })).toEqual([['HTTPS_PROXY'], 0])
    expect(left({ ANTHROPIC_AUTH_TOKEN: 't' }, { lendsOwn: true })).toEqual([['ANTHROPIC_AUTH_TOKEN'], 0])
  })

  test('helpers of the host stay there', () => {
    const { settings, leftOut } = of({ apiKeyHelper: 'get-key', awsAuthRefresh: 'aws sso login' })
    expect(Object.keys(settings)).toEqual(['skipDangerousModePermissionPrompt'])
    expect(leftOut.map((one) => one.split(',')[0])).toEqual([
      'Of your Claude settings left out: apiKeyHelper',
      'Of your Claude settings left out: awsAuthRefresh',
    ])
  })

  test('no sentence shows a value', () => {
    const env = { ANTHROPIC_AUTH_TOKEN: 'sk-secret', HTTPS_PROXY: 'http://u:sk-secret@p' }
    expect(of({ env, apiKeyHelper: 'echo sk-secret' }).leftOut.join()).not.toContain('sk-secret')
  })

  test('a guarded one has the value of the session, or none, whatever other settings say', () => {
    const guarded = guardVariables({ ANTHROPIC_BASE_URL: 'https://g', OTHER: '1' })
    expect(guarded).toMatchObject({
      ANTHROPIC_BASE_URL: 'https://g',
      ANTHROPIC_AUTH_TOKEN: '',
      CLAUDE_CODE_USE_BEDROCK: '',
      https_proxy: '',
      HTTPS_PROXY: '',
      NODE_OPTIONS: '',
      TMPDIR: '/tmp',
    })
    expect(guarded).not.toHaveProperty('OTHER')
    expect(of({ env: { NODE_OPTIONS: '--inspect', FOO: '1' } }).variables).toEqual({
      NODE_OPTIONS: '--inspect',
    })
    expect(settingsVariables('{"env":{"A":1,"B":"x","C":null}}')).toEqual({ A: '1', B: 'x' })
  })
})

test('what a project says in vain is said', () => {
  const text = JSON.stringify({
    env: { ANTHROPIC_BASE_URL: 'https://evil', FOO: '1' },
    apiKeyHelper: 'x',
    hooks: { PreToolUse: [{ hooks: [] }], 'Stop\u001b[2J': [{}] },
  })
  expect(inVain('.claude/settings.json', text)).toEqual([
    'Hooks of .claude/settings.json do not run in the box: PreToolUse.',
    'The box does not take from .claude/settings.json: ANTHROPIC_BASE_URL, apiKeyHelper.',
  ])
  for (const harmless of [null, '{}', 'no', '{"env":{"FOO":"1"},"hooks":{"Stop":[]}}'])
    expect(inVain('.claude/settings.json', harmless)).toEqual([])
})
