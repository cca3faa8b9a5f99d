/** Runs one command line and says what went wrong. */
import { describeFailure } from './cli/failure.ts'
import { createOutput } from './cli/output.ts'
import { main } from './main.ts'
import { VERSION } from './version.ts'

/** Gives the exit code; never throws. `exit` is called when nobody reads the output any more. */
export async function runProgram(argv: string[], exit: (code: number) => void): Promise<number> {
  // `rc list | head -1` closes the pipe early; that is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => exit(code === 'EPIPE' ? 0 : 74))
  }
  const output = createOutput({ stdout: process.stdout, stderr: process.stderr })
  try {
    return await main(argv, { output, env: process.env })
  } catch (error) {
    const { text, exitCode } = describeFailure(error, VERSION)
    output.complain(text)
    return exitCode
  }
}
