/** Reads what the engine reports while it builds, imports or pulls: one JSON object a line, failures among them. */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'
import { ContainerError } from '../errors.ts'

/** Gets one line at a time of what is being done. */
export type Progress = (line: string) => void

/** What the builder says about itself between what the steps print. */
const BUILDER_TALK = /^( ---> |Removing intermediate container )/

/** Lines of a failing step that are worth showing. */
const TAIL_LINES = 40

const event = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
})

/**
 * Resolves at the end of a successful operation. The stream ends well after a failed build, too, so a failure is an
 * event in it: throws `build-failed`, with what the failing step printed, or the engine's own words otherwise.
 */
export async function readEngineOutput(output: Readable, onProgress: Progress): Promise<void> {
  let step: string | null = null
  let printed: string[] = []
  for await (const line of createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const { stream, status, id, error } = event.parse(JSON.parse(line))
    if (error !== undefined) throw step === null ? new Error(error) : stepFailed(step, printed, error)
    if (status !== undefined) onProgress(id === undefined ? status : `${id}: ${status}`)
    for (const text of stripVTControlCharacters(stream ?? '')
      // Tools that redraw a line end it with a carriage return.
      .split(/[\r\n]+/)
      .filter((one) => one.trim() !== '')) {
      const begun = /^Step \d+\/\d+ : (.*)/.exec(text)?.[1]
      if (begun !== undefined) {
        step = begun
        printed = []
      } else if (!BUILDER_TALK.test(text)) {
        printed = [...printed, text].slice(-TAIL_LINES)
      }
      onProgress(text)
    }
  }
}

function stepFailed(step: string, printed: string[], error: string): ContainerError {
  const command = step.replace(/\s+/g, ' ')
  const shown = command.length > 100 ? `${command.slice(0, 99)}…` : command
  // The builder repeats the whole command, which drowns what it printed.
  const end = error.replace(/^The command '.*' returned/s, 'The command returned')
  return new ContainerError(
    'build-failed',
    `The image could not be built; this step failed: ${shown}\n\n${[...printed, end].join('\n')}`,
    'The last lines say what is wrong. A download that failed is tried again by `rc build`.',
  )
}
