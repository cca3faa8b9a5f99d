import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOutputSplitter } from '../../../../container/docker/exec-output.ts'
import { createFrameReader, encodeFrame, type Frame, MAX_DATA } from '../../../../container/gate/frames.ts'

const number = fc.nat({ max: 0xffffffff })
const byte = fc.nat({ max: 255 })
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: byte }),
  fc.record({ type: fc.constant('open' as const), id: number, door: byte }),
  fc.record({
    type: fc.constant('data' as const),
    id: number,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ type: fc.constant('end' as const), id: number }),
  fc.record({ type: fc.constant('close' as const), id: number }),
  fc.record({ type: fc.constant('credit' as const), id: number, bytes: number }),
)
const cuts = fc.array(fc.nat({ max: 999 }), { maxLength: 12 })

function cut(bytes: Buffer, at: number[]): Buffer[] {
  const places = [...new Set(at.map((one) => one % (bytes.length + 1)))].sort((left, right) => left - right)
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
}

function read(pieces: Buffer[]): Frame[] {
  const frames: Frame[] = []
  const push = createFrameReader((one) => frames.push(one))
  for (const piece of pieces) push(piece)
  return frames
}

test('frames arrive whole and in order, in whatever pieces their bytes come', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, at) => {
      expect(read(cut(Buffer.concat(frames.map(encodeFrame)), at))).toEqual(frames)
    }),
  )
  const large: Frame = { type: 'data', id: 7, bytes: Buffer.alloc(MAX_DATA, 'x') }
  expect(read([...encodeFrame(large)].map((one) => Buffer.from([one])))).toEqual([large])
})

test('bytes that are no frames are refused or wait for more, and are never anything else than what they say', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const given = Buffer.from(bytes)
      let frames: Frame[]
      try {
        frames = read([given])
      } catch (error) {
        expect((error as Error).name).toBe('FrameError')
        return
      }
      const again = Buffer.concat(frames.map(encodeFrame))
      // The number of a hello is not looked at.
      if (!frames.some((one) => one.type === 'hello')) expect(given.subarray(0, again.length)).toEqual(again)
    }),
  )
})

const header = (type: number, length: number) => {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8(type, 0)
  bytes.writeUInt32BE(length, 5)
  return bytes
}

test.each([
  ['an unknown type', header(6, 0), 'no frame of type 6'],
  ['more data than a frame may hold', header(2, MAX_DATA + 1), 'a data frame cannot have 65537 bytes'],
  ['four gigabytes of data', header(2, 0xffffffff), 'a data frame cannot have'],
  ['no data', header(2, 0), 'a data frame cannot have 0 bytes'],
  ['an end with words', header(3, 1), 'an? end frame cannot have 1 bytes'],
  ['half a credit', header(5, 2), 'a credit frame cannot have 2 bytes'],
  ['an endless hello', header(0, 9999), 'a hello frame cannot have 9999 bytes'],
])('%s is refused before its payload is waited for', (_, bytes, reason) => {
  expect(() => read([bytes])).toThrow(new RegExp(reason))
})

test("the engine's pieces are told apart, in whatever pieces they come themselves", () => {
  const piece = fc.record({ stream: fc.constantFrom(1, 2), text: fc.string({ maxLength: 40 }) })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), cuts, (pieces, at) => {
      const bytes = Buffer.concat(
        pieces.flatMap(({ stream, text }) => {
          const head = Buffer.alloc(8)
          head.writeUInt8(stream, 0)
          head.writeUInt32BE(Buffer.byteLength(text), 4)
          return [head, Buffer.from(text)]
        }),
      )
      const heard: Record<number, Buffer[]> = { 1: [], 2: [] }
      const split = createOutputSplitter({
        stdout: (one) => heard[1]?.push(one),
        stderr: (one) => heard[2]?.push(one),
      })
      for (const one of cut(bytes, at)) split(one)
      for (const stream of [1, 2]) {
        const said = pieces.filter((one) => one.stream === stream).map((one) => one.text)
        expect(Buffer.concat(heard[stream] ?? []).toString()).toBe(said.join(''))
      }
    }),
  )
})

test('a stream that is not framed by the engine is refused', () => {
  const split = createOutputSplitter({ stdout: () => {}, stderr: () => {} })
  expect(() => split(Buffer.from('plain text of a terminal'))).toThrow('the engine has no stream')
})
