/** `npm run test:contract [-- VERSION…]`: every fact about Claude Code that we rely on, on the versions we test with. */

import { createOutput } from '../bin/cli/output.ts'
import { checkContract } from '../bin/doctor/claude/check.ts'
import { TESTED_VERSIONS } from '../hooks/versions.ts'
import { ownPaths } from '../setup/paths.ts'

const wanted = process.argv.slice(2)
process.exitCode = await checkContract(wanted.length > 0 ? wanted : TESTED_VERSIONS, {
  cacheDir: ownPaths(process.env).cacheDir,
  env: process.env,
  output: createOutput(process),
})
