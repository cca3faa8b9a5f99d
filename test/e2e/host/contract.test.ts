import { expect, test } from 'vitest'
import { runContract } from '../../../bin/doctor/claude/run.ts'
import { TESTED_VERSIONS } from '../../../hooks/versions.ts'
import { claudeBinary } from '../claude-binary.ts'

test.each(TESTED_VERSIONS)(
  'Claude Code %s behaves as this program relies on',
  async (version) => {
    const program = await claudeBinary(version)
    const findings = await runContract({ program, version }, { onScene: () => {} })
    expect(findings.filter(({ result }) => result === 'DIFFERS')).toEqual([])
    expect(findings.length).toBeGreaterThan(40)
  },
  480_000,
)
