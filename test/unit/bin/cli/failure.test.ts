import { expect, test } from 'vitest'
import { CommandError } from '../../../../bin/cli/errors.ts'
import { describeFailure } from '../../../../bin/cli/failure.ts'

test('an expected problem is a sentence and a remedy, without a stack', () => {
  const { text, exitCode } = describeFailure(
    new CommandError('no-such', 'There is none.', 'Make one.'),
    '1.0.0',
  )
  expect(text).toBe('rc: There is none.\n    Make one.')
  expect(exitCode).toBe(1)
})

test('expected problems are known by their shape, and may lack a remedy', () => {
  const plain = { code: 'x', message: 'Gone.', remedy: undefined }
  expect(describeFailure(plain, '1.0.0')).toEqual({ text: 'rc: Gone.', exitCode: 1 })
})

test('a wrong command line ends with 2', () => {
  expect(describeFailure(new CommandError('usage', 'No.', ''), '1.0.0')).toEqual({
    text: 'rc: No.',
    exitCode: 2,
  })
})

test.each([
  ['a thrown error', new TypeError('x is not a function')],
  [
    "a system's error, which has a code but no remedy",
    Object.assign(new Error('ENOENT'), { code: 'ENOENT' }),
  ],
  ['a thrown text', 'oops'],
  ['nothing at all', undefined],
])('%s is a bug: a stack, the versions, where to report it, exit code 70', (_, error) => {
  const { text, exitCode } = describeFailure(error, '1.2.3')
  expect(exitCode).toBe(70)
  expect(text).toContain('bug in Remote Claude')
  expect(text).toContain('Remote Claude 1.2.3')
  expect(text).toContain('Please report')
  if (error instanceof Error) expect(text).toContain('failure.test.ts')
})

test('the cause of a bug is told, too', () => {
  const error = new Error('outer', { cause: new Error('inner') })
  expect(describeFailure(error, '1').text).toContain('caused by Error: inner')
})
