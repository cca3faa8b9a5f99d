/** Shows an image being built, from the lines that the engine and the tools print. */
import type { Output } from '../cli/output.ts'
import { createProgress } from '../cli/progress.ts'

const STEP = /^Step (\d+\/\d+) : (.*)$/
/** Our own steps around the engine's. */
const OWN_STEP =
  /^(Pulling|Importing|Fetching|Making|Building|Installing|Packing|Unpacking)\b|cannot be pulled/
/** What the classic builder says between steps. */
const NOISE = /^( ?--->|Removing intermediate container|Successfully (built|tagged))/

/** `report` takes each line; `end` must follow, whatever happens. */
export function showBuild(output: Output): { report(line: string): void; end(): void } {
  const progress = createProgress(output)
  return {
    report(line) {
      if (NOISE.test(line)) return
      const [, number, instruction = ''] = STEP.exec(line) ?? []
      if (number !== undefined) progress.step(`Step ${number}: ${shorten(instruction)}`)
      else if (OWN_STEP.test(line)) progress.step(line)
      else progress.detail(line)
    },
    end: progress.end,
  }
}

/** An instruction is a whole script sometimes; its beginning says enough. */
function shorten(instruction: string): string {
  const words = instruction.replace(/\s+/g, ' ')
  return words.length > 60 ? `${words.slice(0, 59)}…` : words
}
