/** What must be true of a question of the real Claude Code, seen from outside. */
import type { AskView } from '../../server/protocol.ts'

export type Told = { answer: string; status: number | null; isStale: boolean }
export type Facts = {
  ran: boolean
  /** Its command was started, and may have been stopped before it did anything. */
  hasBegun: boolean
  told: Told[]
  /** Pressed in the dialog, in the end too when nobody else had answered. */
  keys: string[]
  isHookKilled: boolean
  /** It was answered at the desk, nobody was in the way, and for seconds the dialog stayed. */
  isLost: boolean
}

/** Empty when all is well. */
export function judge(
  { ran, hasBegun, told, keys, isHookKilled, isLost }: Facts,
  ask: AskView | undefined,
): string[] {
  if (ask === undefined) return ['a question is gone']
  const wrong: string[] = []
  const must = (isTrue: boolean, sentence: string) => {
    if (!isTrue) wrong.push(sentence)
  }
  const { state, because, answer, result } = ask
  const taken = told.filter(({ status }) => status === 303)
  const maybe = told.filter(({ status, isStale }) => !isStale && (status === 303 || status === null))
  const mayBe = (wanted: string) => maybe.some((tap) => tap.answer === wanted)
  must(!isLost, 'an answer was taken and never reached Claude')
  must(!ran || keys.includes('1') || mayBe('allow'), 'a tool ran that nobody allowed')
  must(ran || keys.includes('Escape') || mayBe('deny'), 'an allowed tool was lost')
  must(
    taken.length <= 1 && taken.every(({ isStale }) => !isStale),
    'an answer was taken that was not the one',
  )
  if (taken.length === 1)
    must(state === 'answered' && answer === taken[0]?.answer, 'the page shows another answer')
  must(state !== 'pending', 'a question is open that nobody waits for')
  must(because !== 'answered-at-keyboard' || keys.length > 0, 'nobody was at the keyboard that answered')
  must(because === null || because === 'answered-at-keyboard', `a question ended because ${because}`)
  if (state !== 'answered') return wrong
  must(result !== null, 'what came of an answer is left open for ever')
  if (keys.length === 0) {
    must(
      ran === (answer === 'allow'),
      `the phone alone said ${answer}, and the tool ${ran ? 'ran' : 'did not run'}`,
    )
    must(result === 'applied' || isHookKilled, `the phone alone answered, and the page says ${result}`)
  }
  // Esc may stop a command that has begun and done nothing yet.
  const wasStopped = hasBegun && keys.includes('Escape')
  if (result === 'applied')
    must(answer === 'allow' ? ran || wasStopped : !ran, 'the page says applied, and it was not')
  if (result === 'not-applied') {
    must(keys.length > 0, 'the page says not applied, and nobody was at the keyboard')
    must(!ran || keys.includes('1'), 'the page says not applied, and it was')
  }
  return wrong
}
