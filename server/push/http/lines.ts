/** Reads an answer that goes on for days, line by line. */
import { request } from 'undici'
import type { Explained, PushTools } from '../port.ts'
import { readAnswer, type ServiceAnswer } from './answer.ts'
import type { PushWay } from './proxy.ts'
import { refused, toFailure, unreachable } from './request.ts'

const OPEN_MS = 10_000
const LINE_END = 10

type Parts = {
  label: string
  way: PushWay
  explain?: ((answer: ServiceAnswer) => Explained) | undefined
}

export function createLines({ label, way, explain }: Parts): PushTools['lines'] {
  return async function* lines({ url, headers = {}, signal, silenceMs, maxBytes, onOpen }) {
    try {
      const { statusCode: status, body } = await request(url, {
        ...{ headers, signal, dispatcher: way(), headersTimeout: OPEN_MS, bodyTimeout: silenceMs },
      })
      if (status >= 300) {
        const answer = await readAnswer(status, body)
        throw status >= 500
          ? unreachable(`${label} answered ${status}.`).error
          : refused(label, answer, explain?.(answer).why)
      }
      onOpen()
      yield* split(body, maxBytes)
    } catch (error) {
      if (signal.aborted) return
      throw error instanceof Error && 'remedy' in error ? error : toFailure(label, error as Error).error
    }
    if (!signal.aborted) throw unreachable(`${label} has ended the connection.`).error
  }
}

/** Whole lines of at most that many bytes; a longer one is left out, and no more of it is kept than that. */
async function* split(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string> {
  let begun: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, from)) {
      const rest = chunk.subarray(from, at)
      from = at + 1
      if (size + rest.length <= maxBytes) yield Buffer.concat([...begun, rest]).toString('utf8')
      begun = []
      size = 0
    }
    const rest = chunk.subarray(from)
    size += rest.length
    begun = size <= maxBytes ? [...begun, rest] : []
  }
}
