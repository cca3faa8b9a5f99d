/** A Claude on this machine that would rather not wait: it runs `rc` itself, as the same user, and answers nothing. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { bash } from '../site-scripts.ts'
import { createSiteWorld, type SiteWorld } from '../site-world.ts'
import { until } from '../until.ts'

const RC = join(import.meta.dirname, '../../../bin/rc')

/** As a child of Claude's, then without Claude's variables, then with them and no parent of Claude's left. */
const WAYS = `
until id=$("$RC" asks --json | sed -n 's/.*"id": *"\\([a-z2-9]*\\)".*/\\1/p' | head -1) && [ -n "$id" ]; do sleep 0.3; done
"$RC" answer "$id" allow
echo "child $?"
env -u CLAUDECODE -u CLAUDE_PID "$RC" answer "$id" allow
echo "clean $?"
( ( setsid sh -c 'sleep 1; "$RC" answer '"$id"' allow; echo "orphan $?"' ) & )
for other in 'hooks uninstall' 'hooks install --events Stop' 'hooks test' 'asks --revoke 1' 'config show' 'server stop' 'server restart'; do
  "$RC" $other; echo "$other $?"
done
"$RC" asks --json | grep -c '"url": null' | sed 's/^/links left out: /'
"$RC" asks >/dev/null && "$RC" server status >/dev/null && "$RC" hooks plugin >/dev/null && "$RC" config check >/dev/null && echo 'reads all the same'
sleep 2
echo over
`

let world: SiteWorld
afterEach(() => world.destroy())

test.each([NEWEST, OLDEST])('Claude Code %s cannot answer its own question by itself', async (version) => {
  const inBackground = { command: 'sh ways.sh', run_in_background: true }
  const script = [
    { tools: [{ name: 'Bash', input: inBackground }] },
    { tools: [bash('touch made.txt')] },
    { text: 'Made it.' },
  ]
  world = await createSiteWorld({
    version,
    scripts: { 'make-it': script },
    settings: JSON.stringify({ permissions: { allow: ['Bash(sh ways.sh)'] } }),
  })
  await writeFile(join(world.folder('app'), 'ways.sh'), `exec >ways.log 2>&1; export RC='${RC}'\n${WAYS}`)
  await world.must('hooks', 'install')
  const settings = await world.settings()
  const claude = await world.open('app')
  await claude.type('make-it')
  const ask = await world.ask({ kind: 'permission', state: 'pending' }, claude.screen)
  const log = () => readFile(join(world.folder('app'), 'ways.log'), 'utf8').catch(() => '')
  await until('all ways to be tried', async () => /^over$/m.test(await log()), log)

  const said = await log()
  for (const way of [
    'child',
    'clean',
    'orphan',
    'hooks uninstall',
    'hooks install --events Stop',
    'hooks test',
  ])
    expect(said).toMatch(new RegExp(`^${way} 1$`, 'm'))
  for (const way of ['asks --revoke 1', 'config show', 'server stop', 'server restart'])
    expect(said).toMatch(new RegExp(`^${way} 1$`, 'm'))
  expect(
    said.match(/Only a person may do this, and a Claude Code .*has called it\. Nothing was done\./g),
  ).toHaveLength(10)
  expect(said).toContain('links left out: 1')
  expect(said).toContain('reads all the same')
  expect(existsSync(join(world.folder('app'), 'made.txt'))).toBe(false)
  expect(await world.ask({ id: ask.id })).toMatchObject({ state: 'pending' })
  expect(await world.settings()).toEqual(settings)
  const told = world.pushover.pushes.filter(({ title }) => title?.includes('Claude tried to act for you'))
  expect(told.map(({ message }) => message)).toContain(`It was refused. app: rc answer ${ask.id} allow`)
  expect(told.length).toBeLessThanOrEqual(4)

  // A person at another terminal.
  await world.must('answer', ask.id, 'allow')
  await claude.shows(/Made it/)
})
