import { expect, test } from 'vitest'
import { deadlines } from '../../../server/protocol.ts'

test('the ask ends before its hook lets go, and the hook before Claude kills it', () => {
  for (const seconds of [1, 60, 43_200]) {
    const { askMs, clientMs, hookTimeoutSeconds } = deadlines(seconds)
    expect(askMs).toBeLessThan(clientMs)
    expect(clientMs).toBeLessThan(hookTimeoutSeconds * 1000)
  }
})
