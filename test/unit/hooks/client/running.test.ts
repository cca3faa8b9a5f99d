import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { runsCommand } from '../../../../hooks/client/running.ts'

let shell: ChildProcess | undefined
afterEach(() => shell?.kill('SIGKILL'))

const NAPS = 'read -r word # it\'s a "nap"\n'

/** As Claude starts one (2.1.330), without what is the same for each. */
function start(command: string): void {
  const word = `'${command.replaceAll("'", `'"'"'`)}'`
  const script = `source /none 2>/dev/null || true && eval ${word} && pwd -P >| /dev/null`
  shell = spawn('/bin/bash', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] })
}
const isSeen = async (command: string) => {
  // Between fork and exec a child carries the command line of its parent.
  for (let look = 0; look < 40 && !runsCommand([process.pid], command); look++) await sleep(25)
  return runsCommand([process.pid], command)
}

describe('the command of a call', () => {
  test('is seen while its shell runs, whatever quotes are in it, and not when it has ended', async () => {
    start(NAPS)
    expect(await isSeen(NAPS)).toBe(true)
    const over = new Promise((resolve) => shell?.once('exit', resolve))
    shell?.stdin?.end('\n')
    await over
    expect(runsCommand([process.pid], NAPS)).toBe(false)
  })

  test.each([
    ['its beginning', 'read -r'],
    ['its end', 'word # it\'s a "nap"\n'],
    ['nothing', ''],
  ])('is not taken for one that is %s', async (_, command) => {
    start(NAPS)
    expect(await isSeen(NAPS)).toBe(true)
    expect(runsCommand([process.pid], command)).toBe(false)
  })

  test('is not seen in a command that only speaks of it', async () => {
    const speaks = "read -r word; echo ' eval 'read -r word' '"
    start(speaks)
    expect(await isSeen(speaks)).toBe(true)
    expect(runsCommand([process.pid], 'read -r word')).toBe(false)
  })

  test('is not seen where another process started it, or none is known', async () => {
    start(NAPS)
    expect(await isSeen(NAPS)).toBe(true)
    expect(runsCommand([process.ppid], NAPS)).toBe(false)
    expect(runsCommand([], NAPS)).toBe(false)
    expect(runsCommand([Number.NaN, 2 ** 30], NAPS)).toBe(false)
  })
})
