/**
 * The compiled program starts here: argv -> command -> exit code. It stays small, because `rc --version` should cost
 * no more than a bare Node; everything else is loaded by main.ts.
 */
import { describeFailure } from './failure.ts'
import { createOutput } from './output.ts'
import { VERSION } from './version.ts'

const output = createOutput({ stdout: process.stdout, stderr: process.stderr })

// `rc list | head -1` closes the pipe early; that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

async function run(argv: string[]): Promise<number> {
  const [first, ...others] = argv
  if ((first === '--version' || first === '-V') && others.length === 0) {
    output.print(VERSION)
    return 0
  }
  try {
    const { main } = await import('./main.ts')
    return await main(argv, { output, env: process.env })
  } catch (error) {
    const { text, exitCode } = describeFailure(error, VERSION)
    output.complain(text)
    return exitCode
  }
}

run(process.argv.slice(2)).then((code) => {
  // Where pipes are written in the background, the last words have to be out before the end.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
})
