import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createEngine } from '../../../../container/docker/engine.ts'
import { readEngineOutput } from '../../../../container/docker/progress.ts'

const reported = (...events: object[]) =>
  Readable.from([`${events.map((one) => JSON.stringify(one)).join('\r\n')}\r\n`])

test('a failed build is an error that ends with what the failing step printed, and nothing of earlier steps', async () => {
  const output = reported(
    { stream: 'Step 1/3 : FROM debian\n' },
    { stream: 'pulled\n' },
    { stream: 'Step 2/3 : RUN apt-get update   && false\n' },
    { stream: ' ---> Running in f4f5d7400178\n' },
    { stream: '\u001b[91mErr:1 Temporary failure resolving\n\u001b[0m' },
    { stream: 'Removing intermediate container f4f5d7400178\n' },
    {
      error: "The command '/bin/sh -c apt-get update \n && false' returned a non-zero code: 100",
      errorDetail: { code: 100 },
    },
  )
  const failure = await readEngineOutput(output, () => {}).catch((error: Error) => error)
  expect(failure).toMatchObject({ code: 'build-failed' })
  expect((failure as Error).message).toBe(
    'The image could not be built; this step failed: RUN apt-get update && false\n\nErr:1 Temporary failure resolving\nThe command returned a non-zero code: 100',
  )
})

test('progress comes line by line, whatever the pieces the engine sends', async () => {
  const lines: string[] = []
  await readEngineOutput(
    Readable.from([
      '{"stream":"Step 1/1 : FROM x\\n"}\n{"str',
      'eam":"one\\ntwo\\n"}\n{"status":"Pulling","id":"abc"}\n',
    ]),
    (line) => lines.push(line),
  )
  expect(lines).toEqual(['Step 1/1 : FROM x', 'one', 'two', 'abc: Pulling'])
})

test('DOCKER_HOST names another local socket, and the one nobody answers at is named in the error', async () => {
  const engine = createEngine({ env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  await expect(engine.ping()).rejects.toMatchObject({
    code: 'docker-not-running',
    message: expect.stringContaining('/nowhere/docker.sock'),
  })
})
