/** Answers that come back through a push service: held to the same rules as those of the page. */
import { type Ask, isStranded } from '../asks/ask.ts'
import { describeEnd } from '../asks/outcome-words.ts'
import { toTextAnswer } from '../asks/text-answer.ts'
import { Problem } from '../errors.ts'
import { isGoodCode, readCode } from '../links/answer-codes.ts'
import type { Clock, Log, PushAnswer, Told } from '../ports.ts'
import type { Answer, AskId } from '../protocol.ts'
import type { Store } from '../store/store.ts'
import { brief } from '../text/preview.ts'

type Parts = {
  store: Store
  key: Buffer
  clock: Clock
  log: Log
  /** Throws where it cannot count. */
  answer(id: AskId, given: Answer, by: string, from?: string): Promise<Ask>
  /** What a grave ask is about; null for any other. */
  graveOf(ask: Ask): string | null
}

type Found = { ask: Ask; said: Answer } | { isKnown: boolean; why: string }

/** A person's name in a service is that person's choice. */
const NAME_LENGTH = 60
const ANSWERED = { allow: 'Yes', always: 'Always', deny: 'No', reply: 'Sent', press: 'Pressed' } as const

/** Takes an answer that came through the service of that name. Never rejects. */
export function createPushAnswers({ store, key, clock, log, answer, graveOf }: Parts) {
  async function take(service: string, given: PushAnswer): Promise<Told> {
    const found = 'code' in given ? byCode(service, given.code) : byText(service, given)
    if ('why' in found) return { isTaken: false, isKnown: found.isKnown, words: found.why }
    const { ask, said } = found
    if (said.answer !== 'deny' && said.answer !== 'reply' && graveOf(ask) !== null)
      return {
        isTaken: false,
        isKnown: true,
        words: `This is about: ${graveOf(ask)}. Say Yes to that on its page.`,
      }
    const person = given.person === null ? undefined : brief(given.person, NAME_LENGTH)
    const ended = await answer(ask.id, { ...said, digest: ask.digest }, service, person)
    store.tapped(ask.id, service, clock.now())
    return { isTaken: true, isKnown: true, words: `${ANSWERED[ended.answer?.answer ?? said.answer]}.` }
  }

  function byCode(service: string, text: string): Found {
    const code = readCode(text)
    const ask = code === null ? null : store.byId(code.id)
    if (code === null || ask === null || !isGoodCode(key, ask, service, code))
      return { isKnown: false, why: 'This button leads to no question that is known here.' }
    return { ask, said: { answer: code.answer } }
  }

  function byText(service: string, { ref, text }: { ref: string; text: string }): Found {
    const [id, ...others] = store.asksOfPush(service, ref)
    const ask = id === undefined ? null : store.byId(id)
    if (others.length > 0)
      return {
        isKnown: true,
        why: 'That message is about several questions: answer each of them on its page.',
      }
    if (ask === null) return { isKnown: false, why: 'No question is known here that this text could answer.' }
    if (ask.state !== 'pending') return { isKnown: true, why: describeEnd(ask) }
    if (text.trim() === '') return { isKnown: true, why: 'There is no text in it.' }
    const said = toTextAnswer(ask, text)
    if ('why' in said) return { isKnown: true, ...said }
    return { ask, said: isStranded(ask) ? { answer: 'deny' as const } : said }
  }

  return async function answerFromPush(service: string, given: PushAnswer): Promise<Told> {
    try {
      return await take(service, given)
    } catch (error) {
      if (error instanceof Problem) return { isTaken: false, isKnown: true, words: error.message }
      log('error', 'an answer through a push service failed', { service, error: String(error) })
      return {
        isTaken: false,
        isKnown: true,
        words: 'This is a bug of ours, and nothing was answered: responder.log has it.',
      }
    }
  }
}
