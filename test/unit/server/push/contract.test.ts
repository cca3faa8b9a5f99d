/** What holds for every push service of the list, each against a stand-in that keeps the service's own rules. */
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { PushAnswer, PushEnd, PushService } from '../../../../server/ports.ts'
import type { AskId } from '../../../../server/protocol.ts'
import { pathOf } from '../../../../server/push/options.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'
import { aPush, createHurriedClock, createServices, someButtons } from './create-services.ts'
import type { StandIn } from './services/stand-in.ts'

const ASK = 'abc234' as AskId
const LONGEST_LINK = `http://phone.test/a/${'A'.repeat(2_000)}`

test('each service has a name and settings of its own', () => {
  const names = PUSH_SERVICES.map(({ name }) => name)
  const paths = PUSH_SERVICES.flatMap((one) =>
    Object.keys(one.options).map((option) => pathOf(one, option).join('.')),
  )
  expect(new Set(names).size).toBe(names.length)
  expect(new Set([...paths, 'notifications.enabled']).size).toBe(paths.length + 1)
})

describe.each(PUSH_SERVICES.map((definition) => [definition.label, definition] as const))(
  '%s',
  (_, definition) => {
    const { name, limits, can, pausesMs, needs } = definition
    let standIn: StandIn
    let service: PushService
    const create = (clock = createHurriedClock().clock) => {
      const [created, ...more] = createServices(standIn.notifications, { clock })
      expect(more).toEqual([])
      return created as PushService
    }

    // A service without a stand-in fails here.
    beforeEach(async () => {
      const { startStandIn } = await import(`./services/${name}.ts`)
      standIn = await startStandIn()
      service = create()
    })
    afterEach(() => standIn?.recorder.close())

    test('is called in receipts as in the configuration', async () => {
      expect(service.name).toBe(name)
      expect(await service.send(aPush())).toMatchObject({ service: name })
    })

    test('is not there without what it needs', () => {
      expect(needs.length).toBeGreaterThan(0)
      expect(createServices({})).toEqual([])
      expect(createServices({ ...standIn.notifications, enabled: false })).toEqual([])
    })

    test('shows title, text and link as they were sent', async () => {
      const push = aPush({ title: 'app: “Ja?” 🙂', message: 'שלום مرحبا\n👩‍👩‍👧 done' })
      await service.send(push)
      expect(standIn.broken).toEqual([])
      const { title, message, url } = push
      expect(standIn.shown()).toEqual([expect.objectContaining({ title, message, url })])
    })

    test('keeps its rules with the longest texts, and shows both their ends', async () => {
      const long = (word: string) => `begin ${word.repeat(3_000)} end`
      for (const word of ['word ', '🙂', 'שלום ', '👩‍👩‍👧', '&<">'])
        await service.send(
          aPush({ title: long(word), message: long(word), url: LONGEST_LINK, urlTitle: long(word) }),
        )
      expect(standIn.broken).toEqual([])
      expect(standIn.shown()).toHaveLength(5)
      for (const { title, message, url } of standIn.shown()) {
        for (const text of [title, message]) {
          expect(text.isWellFormed()).toBe(true)
          expect([text.startsWith('begin '), text.endsWith(' end')]).toEqual([true, true])
        }
        // Half a link leads nowhere.
        expect(url).toBe((limits.url ?? LONGEST_LINK.length) < LONGEST_LINK.length ? null : LONGEST_LINK)
      }
    })

    test('takes news that ask nothing and lead nowhere', async () => {
      await service.send(aPush({ url: null, urlTitle: null, ttlSeconds: null, priority: 'low' }))
      expect(standIn.broken).toEqual([])
      expect(standIn.shown()).toEqual([expect.objectContaining({ url: null, urlTitle: null })])
    })

    test('sends one push once, also of many at a time', async () => {
      const titles = Array.from({ length: 10 }, (_, at) => `number ${at}`)
      await Promise.all(titles.map((title) => service.send(aPush({ title }))))
      expect(
        standIn
          .shown()
          .map(({ title }) => title)
          .sort(),
      ).toEqual(titles)
      expect(standIn.recorder.received).toHaveLength(10)
    })

    test('does not repeat what the service has refused, and goes on with the next push', async () => {
      standIn.recorder.next.push(standIn.refusal)
      await expect(service.send(aPush())).rejects.toMatchObject({
        code: 'push-refused',
        remedy: expect.any(String),
      })
      expect(standIn.recorder.received).toHaveLength(1)
      await service.send(aPush({ title: 'the next one' }))
      expect(standIn.shown()).toEqual([expect.objectContaining({ title: 'the next one' })])
    })

    test('repeats by its own rules what the service may not have heard', async () => {
      const { clock, waits } = createHurriedClock()
      const down = Array(pausesMs.length + 1).fill({ status: 503, body: {} })
      standIn.recorder.next.push(...down)
      await expect(create(clock).send(aPush())).rejects.toMatchObject({ code: 'push-unreachable' })
      expect(waits).toEqual(pausesMs)
      expect(standIn.recorder.received).toHaveLength(down.length)
    })

    test('says nothing of its keys, its address or the link when it fails', async () => {
      const secrets = Object.values(standIn.notifications).flatMap((value) =>
        typeof value === 'object'
          ? Object.values(value as object).filter((one) => typeof one === 'string')
          : [value],
      )
      standIn.recorder.next.push(standIn.refusal, ...Array(9).fill('connection lost'))
      for (let at = 0; at < 2; at++) {
        const { message, remedy } = await service.send(aPush()).then(
          () => expect.unreachable(),
          (error) => error,
        )
        for (const secret of [...secrets, aPush().url]) expect(`${message} ${remedy}`).not.toContain(secret)
      }
    })

    test('ends when it is told to', async () => {
      standIn.recorder.next.push('no answer')
      const end = new AbortController()
      const sent = service.send(aPush(), end.signal)
      setTimeout(() => end.abort(new Error('over')), 50)
      await expect(sent).rejects.toThrow('over')
      expect(standIn.shown()).toEqual([])
    })

    test(`${can.withdraw ? 'is told' : 'cannot be told'} that an ask is over, after a restart too`, async () => {
      expect(service.withdraw !== undefined).toBe(can.withdraw)
      const receipt = JSON.parse(JSON.stringify(await service.send(aPush({ ask: ASK }))))
      const end: PushEnd = {
        ask: ASK,
        state: 'answered',
        because: null,
        answer: 'deny',
        by: 'page',
        at: 1_000,
        words: 'Answered No on the page.',
        session: 'app',
        title: 'app: Bash needs approval',
        message: 'git push origin main',
      }
      const ending = await create().withdraw?.(receipt, end)
      expect(standIn.broken).toEqual([])
      expect(standIn.ended()).toEqual(can.withdraw ? [ASK] : [])
      if (can.withdraw) expect(can.edit ? ['edited'] : ['withdrawn', 'told']).toContain(ending)
    })

    if (can.withdraw)
      test('keeps its rules when it tells the end of a long one', async () => {
        const end = { state: 'answered', because: null, answer: 'deny', by: 'page', at: 1_000 } as const
        const words = 'Answered No by somebody with a long name, a long while after it was asked. '.repeat(2)
        for (const message of ['*_[`'.repeat(3_000), '🙂'.repeat(3_000)]) {
          const sent = aPush({ ask: ASK, title: message, message })
          const receipt = await service.send(sent)
          await service.withdraw?.(receipt, { ...sent, ...end, ask: ASK, words })
        }
        expect(standIn.broken).toEqual([])
      })

    test(`${can.buttons ? 'shows' : 'shows no'} buttons, and Always only beside what it stands for`, async () => {
      const buttons = someButtons()
      await service.send(aPush({ ask: ASK, buttons }))
      await service.send(aPush({ ask: ASK, buttons, message: 'word '.repeat(3_000) }))
      expect(standIn.broken).toEqual([])
      const shown = (labels: string[]) =>
        buttons.filter(({ label }) => labels.includes(label)).map(({ label, code }) => ({ label, code }))
      // A service without bounds shows all of it.
      const ofLong = limits.message === null ? ['Yes', 'Always', 'No'] : ['No']
      expect(standIn.buttons?.() ?? []).toEqual(
        can.buttons ? [shown(['Yes', 'Always', 'No']), shown(ofLong)] : [],
      )
      if (can.buttons)
        expect(standIn.shown()[0]?.message).toContain('Yes to git push, until this session ends')
    })

    /** Listens with what an earlier one has left, and keeps what it was given. */
    const listenWith = (memory: { text: string | null }, given: PushAnswer[]) => {
      const listener = create().listen?.({
        answer: async (one) => {
          given.push(one)
          return { isTaken: true, isKnown: true, words: 'Yes.' }
        },
        memory: {
          get: () => memory.text,
          set(text) {
            memory.text = text
          },
        },
        trouble: () => {},
      })
      onTestFinished(() => listener?.stop())
      return listener
    }

    test(`${can.answersBack ? 'listens' : 'does not listen'} for answers`, () => {
      expect(service.listen !== undefined).toBe(can.answersBack)
    })

    // The others have no such tests: skipped ones would hide what was forgotten.
    if (can.answersBack) {
      const [yes, , no] = someButtons()

      test('brings a tap back, once, with who it was, and what comes after a restart', async () => {
        const [memory, given] = [{ text: null }, [] as PushAnswer[]]
        const first = listenWith(memory, given)
        await service.send(aPush({ ask: ASK, buttons: someButtons() }))
        await standIn.tap?.(0, 'Yes')
        await vi.waitFor(() => expect(given).toEqual([{ code: yes?.code, person: standIn.person }]))
        first?.stop()
        await standIn.tap?.(0, 'No')
        listenWith(memory, given)
        await vi.waitFor(() => expect(given).toHaveLength(2))
        expect(given[1]).toEqual({ code: no?.code, person: standIn.person })
        expect(standIn.broken).toEqual([])
      })

      test('takes up again what broke off', async () => {
        const given: PushAnswer[] = []
        listenWith({ text: null }, given)
        await service.send(aPush({ ask: ASK, buttons: someButtons() }))
        standIn.recorder.next.push('connection lost', { status: 502, body: 'bad gateway' })
        standIn.recorder.cut()
        // It has come back twice by then, and was sent away both times.
        await vi.waitFor(() => expect(standIn.recorder.next).toEqual([]))
        await standIn.tap?.(0, 'Yes')
        await vi.waitFor(() => expect(given).toHaveLength(1))
      })

      test('hears nothing more once it is stopped', async () => {
        const given: PushAnswer[] = []
        const listener = listenWith({ text: null }, given)
        await service.send(aPush({ ask: ASK, buttons: someButtons() }))
        listener?.stop()
        await standIn.tap?.(0, 'Yes')
        await new Promise((resolve) => setTimeout(resolve, 50))
        expect(given).toEqual([])
      })
    }
  },
)
