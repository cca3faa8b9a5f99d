/**
 * The hostile program. Runs inside a box, takes facts as JSON on stdin and prints what came of each attempt, a JSON line
 * each. One file after the build, with nothing but Node's own modules in it.
 *
 *   escape.cjs attempts | bombs
 */
import { readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Attempt, type AttemptReport, type Facts, notTried, type Verdict } from './attempt.ts'
import { bombAttempts } from './bombs.ts'
import { controls } from './controls.ts'
import { doorAttempts } from './doors.ts'
import { egressAttempts } from './egress.ts'
import { fileAttempts } from './files.ts'
import { gitAttempts } from './git.ts'
import { kernelFileAttempts } from './kernel-files.ts'
import { plantAttempts } from './plants.ts'
import { privilegeAttempts } from './privileges.ts'
import { proxyAttempts } from './proxy.ts'
import { smugglingAttempts } from './smuggling.ts'
import { socketAttempts } from './sockets.ts'

/** Longer than any attempt waits by itself, bombs included. */
const PATIENCE_MS = 150_000

async function main(): Promise<void> {
  const facts = JSON.parse(readFileSync(0, 'utf8')) as Facts
  const attempts = process.argv[2] === 'bombs' ? bombAttempts(facts) : allAttempts(facts)
  for (const { run, ...attempt } of attempts) print({ ...attempt, ...(await inTime(run)) })
}

function allAttempts(facts: Facts): Attempt[] {
  return [
    ...controls(facts),
    ...egressAttempts(facts),
    ...(facts.mode === 'bridge' ? [] : proxyAttempts(facts)),
    ...smugglingAttempts(facts),
    ...socketAttempts(facts),
    ...doorAttempts(facts),
    ...fileAttempts(facts),
    ...kernelFileAttempts(),
    ...privilegeAttempts(facts),
    ...gitAttempts(facts),
    ...plantAttempts(facts),
  ]
}

async function inTime(run: Attempt['run']): Promise<Verdict> {
  const late = new AbortController()
  const tooLate = sleep(PATIENCE_MS, notTried('it did not end'), { signal: late.signal }).catch(() =>
    notTried('ended'),
  )
  try {
    return await Promise.race([run(), tooLate])
  } catch (error) {
    return notTried(`it failed by itself: ${(error as Error).message}`)
  } finally {
    late.abort()
  }
}

function print(report: AttemptReport): void {
  writeSync(1, `${JSON.stringify(report)}\n`)
}

void main()
