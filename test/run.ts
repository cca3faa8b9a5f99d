/**
 * Runs the tests: `check` (format, lint, types, what is unused, architecture), `unit`, `e2e`, or everything without a word.
 * Says what was skipped and why; with CI=true nothing may be. The last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { SetupError } from '../setup/errors.ts'
import type { Machine } from '../setup/machine.ts'
import { installPackages } from '../setup/needs/packages.ts'
import { createMachine, ensureRequirements, type Need } from '../setup/needs/requirements.ts'
import { ownPaths } from '../setup/paths.ts'

type Tally = { passed: number; failed: number; skipped: string[] }
type Report = {
  success: boolean
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)
const parts = words.filter((word) => !word.startsWith('-'))
const isCI = process.env['CI'] === 'true'
const temporary = mkdtempSync(join(tmpdir(), 'rc-tests-'))

const say = (text: string) => void process.stdout.write(`${text}\n`)

function exec(title: string, program: string, args: string[], env = process.env): boolean {
  say(`\n== ${title}`)
  return spawnSync(program, args, { cwd: root, env, stdio: 'inherit' }).status === 0
}

/** One of the tools, as a test that passes or fails whole. */
function gate(title: string, script: string, args: string[]): Tally {
  const passed = exec(title, process.execPath, [join(root, 'node_modules', script), ...args])
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] }
}

const reportOf = (project: string) => join(temporary, `${project}.json`)

function vitestArguments(project: string): string[] {
  const script = join(root, 'node_modules/vitest/vitest.mjs')
  const config = ['run', '--config', 'test/vitest.config.ts', '--project', project]
  return [
    script,
    ...config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportOf(project)}`,
  ]
}

function vitest(project: string, args: string[] = []): Tally {
  const passed = exec(`${project} tests`, process.execPath, [...vitestArguments(project), ...args])
  return count(reportOf(project), passed)
}

/** Several at a time: these wait for Claude and Docker most of theirs. */
async function vitestBeside(projects: string[]): Promise<Tally[]> {
  say(`\n== ${projects.join(' and ')} tests`)
  return await Promise.all(
    projects.map(async (project) => {
      const child = spawn(process.execPath, vitestArguments(project), { cwd: root, stdio: 'inherit' })
      const [code] = await once(child, 'exit')
      return count(reportOf(project), code === 0)
    }),
  )
}

/** A file that could not even be loaded, or a run that ended without a report, is a failure too. */
function count(file: string, passed: boolean): Tally {
  let report: Report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: [] }
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  )
  const failed = tests.filter(({ status }) => status === 'failed').length + unloaded.length
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed === 0 && !passed ? 1 : failed,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName, status }) => `${fullName} (${status})`),
  }
}

async function endToEnd(): Promise<Tally[]> {
  say('\n== what the end-to-end tests need')
  const need: Need[] = ['docker', 'tmux', ...(process.getuid?.() === 0 ? (['acl'] as const) : [])]
  // With nobody to ask, calling the tests is consent: on a fresh machine they are the first thing that is run.
  const someone = process.stdin.isTTY === true && !isCI && !words.includes('--yes')
  const machine = createMachine(process.env, { interactive: someone })
  try {
    await ensureRequirements({
      need,
      machine,
      yes: !someone,
      ask: someone ? confirm : null,
      onProgress: say,
      dockerdLog: ownPaths(process.env).dockerdLog,
    })
    await ensureServers(machine, someone)
  } catch (error) {
    const { message, remedy = '' } = error as Error & { remedy?: string }
    say(`${message}\n${remedy}`)
    return [{ passed: 0, failed: isCI ? 1 : 0, skipped: [`all tests on tools and end to end: ${message}`] }]
  }
  const tools = vitest('tools')
  // An own HOME: the image that is tested is the one that a new user gets, whatever the configuration here says.
  const env = {
    ...process.env,
    HOME: temporary,
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  }
  if (!exec('the image', join(root, 'bin/rc'), ['build', '--yes'], env))
    return [tools, { passed: 0, failed: 1, skipped: [] }]
  return [tools, ...(await vitestBeside(['box', 'host']))]
}

/** What only the tests need: servers to push to and to compare with. */
async function ensureServers(machine: Machine, someone: boolean): Promise<void> {
  const present = await Promise.all(
    Object.keys(SERVERS).map((file) => existsSync(file) || machine.has(basename(file))),
  )
  const packages = Object.values(SERVERS).filter((_, at) => present[at] !== true)
  if (packages.length === 0) return
  const what = `The tests need the packages ${packages.join(', ')}.`
  if (someone && !(await confirm(`${what} Shall I install them?`)))
    throw new SetupError('requirement-missing', what, 'Install them, or run only: npm run test:unit')
  say(what)
  await installPackages(machine, packages)
}

const SERVERS = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/ssh-agent': 'openssh-client',
  '/usr/bin/socat': 'socat',
  '/usr/bin/openssl': 'openssl',
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function run(): Promise<Tally[]> {
  const tallies: Tally[] = []
  const wants = (part: string) => parts.length === 0 || parts.includes(part)
  if (wants('check')) {
    tallies.push(gate('format and lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']))
    tallies.push(gate('types', 'typescript/bin/tsc', ['-p', '.']))
    const unused = ['-c', 'test/knip.json', '--no-progress', '--treat-config-hints-as-errors']
    tallies.push(gate('what nobody uses', 'knip/bin/knip.js', unused))
    if (!wants('unit')) tallies.push(vitest('unit', ['test/unit/architecture.test.ts']))
  }
  if (wants('unit')) tallies.push(vitest('unit'))
  if (wants('e2e')) tallies.push(...(await endToEnd()))
  return tallies
}

const unknown = parts.filter((part) => !['check', 'unit', 'e2e'].includes(part))
const tallies = await run()
rmSync(temporary, { recursive: true, force: true })

const skipped = tallies.flatMap((tally) => tally.skipped)
const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0)
const failed = sum((tally) => tally.failed)
say('')
for (const one of skipped) say(`skipped: ${one}`)
for (const part of unknown) say(`unknown part: ${part} (check, unit, e2e)`)
if (isCI && skipped.length > 0) say('In CI nothing may be skipped.')
say(`${sum((tally) => tally.passed)} passed, ${failed} failed`)
process.exitCode = failed > 0 || unknown.length > 0 || (isCI && skipped.length > 0) ? 1 : 0
