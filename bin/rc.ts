/**
 * The compiled program starts here: argv -> program -> exit code. It stays this small because `rc --version` should
 * cost no more than a bare Node; everything else is loaded by need.
 */
import { writeSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { VERSION } from './version.ts'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  try {
    // Touching process.stdout costs a tenth of Node's own start.
    writeSync(1, `${VERSION}\n`)
  } catch {
    // Nobody reads: the pipe is closed.
    process.exitCode = 1
  }
} else {
  // Compiling is half the start of a command; where nothing can be written it is just not kept.
  enableCompileCache(join(__dirname, 'cache'))
  // What it throws is a bug, which ends the process with its stack.
  void import('./main.ts').then(async ({ runProgram }) => {
    const code = await runProgram(argv, (early) => process.exit(early))
    // Where pipes are written in the background, the last words have to be out before the end.
    process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
  })
}
