/** An answer that goes on for days is read line by line, and never keeps more than it may. */
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLines } from '../../../../../server/push/http/lines.ts'
import { createPushWay } from '../../../../../server/push/http/proxy.ts'
import { type Recorder, startRecorder } from '../recorder.ts'

let recorder: Recorder
let end: AbortController
beforeEach(async () => {
  recorder = await startRecorder()
  end = new AbortController()
})
afterEach(() => recorder.close())

const lines = createLines({
  label: 'The service',
  way: createPushWay({ http: '', https: '', noProxy: '' }),
  explain: ({ text }) => ({ why: text }),
})

/** What was read until it ended, and the error that ended it. */
async function read(by: (response: ServerResponse) => void, isOver = (_: string) => false) {
  recorder.next.push({ by })
  const got: string[] = []
  let isOpen = false
  const opened = () => {
    isOpen = true
  }
  const asked = { url: `${recorder.url}/s`, signal: end.signal, silenceMs: 200, maxBytes: 10 }
  const error = await (async () => {
    for await (const line of lines({ ...asked, onOpen: opened })) {
      got.push(line)
      if (isOver(line)) end.abort()
    }
  })().then(
    () => null,
    (failed: Error & { code?: string }) => failed,
  )
  return { got, isOpen, error }
}

test('lines come whole, however their bytes were cut, also in the middle of a character', async () => {
  const [first, second] = [Buffer.from('né').subarray(0, 2), Buffer.from('né').subarray(2)]
  const { got } = await read(
    (response) => {
      response.write('one\ntw')
      response.write('o\n')
      response.write(first)
      setTimeout(() => {
        response.write(second)
        response.write('\nend\n')
      }, 20)
    },
    (line) => line === 'end',
  )
  expect(got).toEqual(['one', 'two', 'né', 'end'])
})

test('a line that is too long is left out, and the next one comes', async () => {
  const { got } = await read(
    (response) => {
      for (let at = 0; at < 100; at++) response.write('x'.repeat(1_000))
      response.write('\nnext\n')
    },
    () => true,
  )
  expect(got).toEqual(['next'])
})

test('only who listens ends it without an error', async () => {
  expect(
    await read(
      (response) => response.write('a\n'),
      () => true,
    ),
  ).toMatchObject({ isOpen: true, error: null })
})

test.each<[string, (response: ServerResponse) => void, boolean]>([
  ['the service ends it', (response) => response.end('a\n'), true],
  [
    'the connection is lost',
    (response) => response.writeHead(200).write('a\n', () => response.destroy()),
    true,
  ],
  ['nothing comes for too long', (response) => response.write('a\n'), true],
  ['the service is down', (response) => response.writeHead(503).end(), false],
])('an error says so when %s', async (_, by, isOpen) => {
  const { error, ...rest } = await read(by)
  expect(rest.isOpen).toBe(isOpen)
  expect(error).toMatchObject({ code: 'push-unreachable', remedy: expect.any(String) })
})

test('a refusal is told in the words of the service', async () => {
  const { error, isOpen } = await read((response) => response.writeHead(403).end('forbidden'))
  expect(isOpen).toBe(false)
  expect(error).toMatchObject({ code: 'push-refused', message: expect.stringContaining('forbidden') })
})
