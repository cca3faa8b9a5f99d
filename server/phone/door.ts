/**
 * What a phone may do: see one ask behind its link, and answer it. GET and HEAD never change anything; a POST is looked
 * at for where it comes from before it counts.
 */
import { type Context, Hono } from 'hono'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Ask } from '../asks/ask.ts'
import { editableOf } from '../claude/edit.ts'
import type { Desk } from '../desk/desk.ts'
import { limitBody } from '../doors/body.ts'
import { respondProblem, toProblem } from '../doors/problems.ts'
import { Problem, problem } from '../errors.ts'
import type { LinkPower } from '../options.ts'
import { SCRIPT } from '../pages/app.ts'
import { confirmPage } from '../pages/forms/confirm.tsx'
import { askPage, notFoundPage, problemPage } from '../pages/index.tsx'
import type { Lost } from '../pages/outcome.tsx'
import { STYLE } from '../pages/style.ts'
import type { Clock, Log } from '../ports.ts'
import type { Answer } from '../protocol.ts'
import { readAnswer, sentFields } from './answer-form.ts'
import { toIsSecure } from './cookie.ts'
import { deviceOf, markedDeviceOf } from './device.ts'
import { withHeaders } from './headers.ts'
import { inboxRoutes } from './inbox-routes.ts'
import { createLinkPower } from './link-power.ts'
import { pairingRoutes } from './pairing-routes.ts'
import type { People } from './people.tsx'
import { beQuiet } from './quiet.ts'
import { addressOf, createGuessLimit, isInSight, noPrefetch, onlyKnownHosts, onlyOwnSite } from './visitor.ts'

export type PhoneDoorOptions = {
  people: People
  desk: Desk
  clock: Clock
  log: Log
  /** Host names that the door answers to, and whole origins of its own pages. */
  hosts: () => ReadonlySet<string>
  origins: () => ReadonlySet<string>
  /** What a link alone may do, where the configuration says it. */
  links?: (() => LinkPower | undefined) | undefined
}

/** The phone door, without a port. */
export function createPhoneDoor({
  people,
  desk,
  clock,
  log,
  hosts,
  origins,
  ...rest
}: PhoneDoorOptions): Hono {
  const { links = () => undefined } = rest
  const isSecure = toIsSecure(origins)
  const power = createLinkPower({ devices: people.devices, isSecure, links })
  const door = new Hono()
  const guesses = createGuessLimit(clock)

  door.use(withHeaders)
  door.use(onlyKnownHosts(hosts))
  door.use(noPrefetch)
  door.use(limitBody(128 * 1024))

  door.get('/healthz', (c) => c.text('ok\n'))
  door.get('/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
  door.get('/app.js', (c) => c.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }))

  door.get('/a/:token', (c) => {
    const ask = visited(c)
    power.checkLook(c)
    if (isInSight(c)) desk.shown(ask, 'page', power.pairedName(c) ?? deviceOf(c))
    return show(c, ask, 200)
  })

  door.post('/a/:token', onlyOwnSite(origins), async (c) => {
    const ask = visited(c)
    const { sure, ...given } = await readAnswer(c, ask)
    // Whoever does not say what was looked at may have looked at something else.
    if (given.digest === undefined) throw problem('digest-missing')
    power.checkAnswer(c, given)
    const object = ask.state === 'pending' ? desk.graveIn(ask, given) : null
    if (object !== null && sure !== object) return await askAgain(c, ask, given, object)
    try {
      await desk.answer(ask.id, given, 'page', power.pairedName(c) ?? markedDeviceOf(c))
    } catch (error) {
      const isLate = error instanceof Problem && error.code === 'already-ended'
      if (!isLate || wantsJson(c)) throw error
      const now = desk.find(ask.id)
      return show(c, now, 409, toLost(now, given))
    }
    if (wantsJson(c)) return show(c, desk.find(ask.id), 200)
    return c.redirect(c.req.path, 303)
  })

  door.post('/a/:token/quiet', onlyOwnSite(origins), async (c) => {
    const ask = visited(c)
    power.checkAll(c)
    await beQuiet(c, ask, power.pairedName(c) ?? markedDeviceOf(c), { desk, clock, mood: people.mood })
    return c.redirect(pageOf(c), 303)
  })

  // A notification's button: what it sends says all, and the app that sends it shows what comes back.
  door.post('/b/:service', onlyOwnSite(origins), async (c) => {
    const address = addressOf(c)
    guesses.check(address)
    const { isTaken, words } = await desk.answerFromPush(c.req.param('service'), {
      code: (await c.req.text()).trim(),
      person: power.pairedName(c),
    })
    if (!isTaken) guesses.miss(address)
    return c.text(`${words}\n`, isTaken ? 200 : 409)
  })

  door.route('/pair', pairingRoutes({ ...people, isSecure, origins }))
  door.route('/', inboxRoutes({ ...people, desk, clock, isSecure, origins }))

  door.notFound((c) => refuse(c, problem('not-found')))
  door.onError((error, c) => refuse(c, toProblem(error, log)))
  return door

  function visited(c: Context): Ask {
    const address = addressOf(c)
    guesses.check(address)
    const ask = desk.byToken(c.req.param('token') ?? '')
    if (ask !== null) return ask
    guesses.miss(address)
    throw problem('not-found')
  }

  function show(
    c: Context,
    ask: Ask,
    status: ContentfulStatusCode,
    lost: Lost | null = null,
  ): Response | Promise<Response> {
    const view = desk.view(ask)
    if (wantsJson(c)) return c.json({ ask: view }, status)
    const name = power.pairedName(c)
    const browser = { own: name ?? deviceOf(c), may: power.powerOf(c), isPaired: name !== null }
    const quiet = { path: c.req.path, until: people.mood.now().snoozedUntil }
    const page = { ask: view, now: clock.now(), place: desk.placeOf(ask), lost, quiet, ...browser }
    return html(c, askPage(page), status)
  }

  /** One tap is not enough for what cannot be undone: the second one says what it is about. */
  async function askAgain(c: Context, ask: Ask, { input = ask.input }: Answer, object: string) {
    const fields = await sentFields(c)
    if (wantsJson(c) || fields.length === 0) throw problem('sure-missing', { object })
    const again = fields.filter(([name]) => name !== 'sure')
    return html(
      c,
      confirmPage({ ask: { ...desk.view(ask), input }, object, fields: again, back: c.req.path }),
      428,
    )
  }

  /** A misplaced answer gets the reason, and the way back to the ask. */
  function refuse(c: Context, error: Problem): Response | Promise<Response> {
    const ask = desk.byToken(c.req.param('token') ?? '')
    // A problem must not show what its page would not.
    const isShown = ask !== null && power.powerOf(c) !== 'off'
    if (wantsJson(c)) return respondProblem(c, error, isShown ? { ask: desk.view(ask) } : {})
    const status = error.status as ContentfulStatusCode
    if (error.code === 'not-found') return html(c, notFoundPage(), 404)
    const { code, message, remedy } = error
    return html(c, problemPage({ code, message, remedy, back: pageOf(c) }), status)
  }
}

/** What a person is told of an answer that came too late: whether it matters, and the words that nobody got. */
function toLost({ tool, answer }: Ask, given: Answer): Lost {
  return {
    isSame: JSON.stringify(answer) === JSON.stringify(given),
    words: given.message ?? editableOf(tool, given.input ?? {})?.value ?? null,
  }
}

/** The page of the question that a path is about. */
function pageOf(c: Context): string {
  return c.req.path.replace(/\/quiet$/, '')
}

function wantsJson(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes('application/json')
}

function html(
  c: Context,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: ContentfulStatusCode,
) {
  return c.html(page, status)
}
