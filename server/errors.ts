/** Every expected error of the responder: a stable code, an HTTP status, a sentence and what to do now. */

type Entry = { status: number; message: (fields: Fields) => string; remedy?: string }
type Fields = Record<string, string | number>

const TABLE = {
  'bad-json': { status: 400, message: (f) => `The request is not valid JSON: ${f['why']}.` },
  'bad-shape': {
    status: 400,
    message: (f) => `The request does not have the expected form: ${f['why']}.`,
    remedy: 'If this came from one of our own hooks, restart the session: it may run an older version.',
  },
  'too-large': { status: 413, message: (f) => `The request is larger than ${f['limit']} bytes.` },
  'too-much-at-once': {
    status: 429,
    message: (f) =>
      `More than ${f['most']} bytes came through this door within ${f['seconds']} s, so this was not read: ask at the keyboard.`,
  },
  'not-found': { status: 404, message: () => 'There is nothing here.' },
  'too-many-asks': {
    status: 429,
    message: (f) => `Session ${f['session']} already has ${f['count']} open questions.`,
    remedy: 'Answer some of them, at the keyboard or with `rc answer`.',
  },
  'used-up': {
    status: 429,
    message: (f) =>
      `Session ${f['session']} ${f['told']}. This one is not on the phone: ask at the keyboard.`,
    remedy: 'Answer at the keyboard; rc status tells which budgets are used up.',
  },
  'too-many-sessions': {
    status: 429,
    message: (f) => `${f['count']} sessions of Claude Code are already known of ${f['site']}.`,
    remedy: 'Those that have ended are forgotten within a minute.',
  },
  'no-such-guest': {
    status: 404,
    message: (f) => `No hooks of ours are known in a container ${f['guest']}.`,
    remedy: 'rc hooks status lists the containers that have them.',
  },
  'token-refused': {
    status: 401,
    message: () => 'This hook token is not valid, or it was revoked.',
    remedy: 'Install the hooks in that container once more: rc hooks install --container NAME.',
  },
  'already-ended': { status: 409, message: (f) => String(f['why']) },
  'ended-meanwhile': {
    status: 409,
    message: (f) => `What you sent was put into the session just as the question ended: ${f['why']}`,
    remedy: 'Look at what the session shows now.',
  },
  'being-answered': {
    status: 409,
    message: () => 'This question is being answered right now.',
    remedy: 'Wait a moment and look again.',
  },
  'digest-mismatch': {
    status: 409,
    message: () => 'This answer was given to something else than what the question shows now.',
    remedy: 'Load the page again and read the question once more.',
  },
  'claude-may-not': {
    status: 403,
    message: (f) => `Only a person may do this, and ${f['which']} has called it. Nothing was done.`,
    remedy: 'Answer on your phone, or do it in a terminal that was not opened from within Claude Code.',
  },
  'caller-unknown': {
    status: 403,
    message: () => 'It cannot be told which process calls, and only a person may do this. Nothing was done.',
    remedy: 'Use rc itself, in the same container or machine as the responder.',
  },
  'no-such-approval': {
    status: 404,
    message: (f) => `No standing approval has the number ${f['id']}.`,
    remedy: 'rc asks --standing lists those that there are.',
  },
  'sure-missing': {
    status: 428,
    message: (f) => `This cannot be undone: ${f['object']}. Nothing was answered yet.`,
    remedy: 'Say once more what it is about: on the page with the second button, in JSON as "sure".',
  },
  'pairing-over': {
    status: 410,
    message: () => 'This pairing is over: its time is up, it was used, or another one has begun.',
    remedy: 'Run rc pair on your machine again.',
  },
  'not-paired': {
    status: 401,
    message: () => 'This browser is not paired with your machine.',
    remedy: 'Run rc pair on your machine, and open what it shows here.',
  },
  'not-in-bulk': {
    status: 409,
    message: () => 'This is about something that cannot be undone, so it is answered on its own.',
    remedy: 'Open the question, and answer it there.',
  },
  'no-such-device': {
    status: 404,
    message: (f) => `No paired device is called ${f['name']}, or more than one is.`,
    remedy: 'Look at them with rc devices.',
  },
  'digest-missing': {
    status: 400,
    message: () => 'The answer does not say which question it was given to.',
    remedy: 'Answer on the page behind the link.',
  },
  'answer-does-not-fit': { status: 400, message: (f) => String(f['why']) },
  'not-typed': {
    status: 409,
    message: (f) => `Nothing was typed: ${f['why']}`,
    remedy: 'Answer at the keyboard, or try again.',
  },
  'not-pressed': {
    status: 409,
    message: (f) => `Nothing was chosen: ${f['why']}`,
    remedy: 'Look at what the screen shows now, or answer at the keyboard.',
  },
  'not-read': {
    status: 409,
    message: (f) => `Nobody can tell whether the screen waits for a key: ${f['why']}`,
    remedy: 'rc attach shows it.',
  },
  'not-taken': {
    status: 409,
    message: () => 'The key was sent, but the screen still shows the same, so it was not taken.',
    remedy: 'Press it again, or answer at the keyboard.',
  },
  'call-waits': {
    status: 409,
    message: (f) =>
      `Claude has asked something else in session ${f['session']}, question ${f['ask']}, so no key is pressed on its screen.`,
    remedy: 'Answer that question first: rc asks shows it.',
  },
  'keyboard-only': {
    status: 409,
    message: (f) => `${f['why']} No Yes from here can reach Claude any more.`,
    remedy:
      'Answer No here: that presses Esc, and Claude may ask again. Or allow it at the keyboard of the session: rc attach.',
  },
  'no-such-session': {
    status: 404,
    message: (f) => `There is no running session ${f['session']}.`,
    remedy: 'rc list shows the sessions.',
  },
  'foreign-origin': { status: 403, message: () => 'This answer came from another site and was refused.' },
  'foreign-host': {
    status: 421,
    message: (f) => `This responder does not answer to the name ${f['host']}.`,
    remedy: 'Set responder.public_url to the address that the phone uses.',
  },
  prefetch: { status: 503, message: () => 'A prefetch is not a visit.' },
  'slow-down': {
    status: 429,
    message: () => 'Too many wrong links from this address.',
    remedy: 'Wait a minute.',
  },
  'already-running': {
    status: 409,
    message: (f) => `A responder already listens on ${f['path']}.`,
    remedy: 'Use it, or stop it with `rc server stop`.',
  },
  'port-taken': {
    status: 500,
    message: (f) => `The phone door cannot listen on ${f['host']}:${f['port']}: ${f['why']}.`,
    remedy:
      'Set responder.port or responder.host in the config, or stop the program that has it. A responder whose state folder was removed lets go by itself within half a minute.',
  },
  'path-too-long': {
    status: 500,
    message: (f) => `The socket path ${f['path']} is longer than 100 bytes, which unix sockets do not allow.`,
    remedy: 'Set XDG_STATE_HOME to a shorter folder.',
  },
  'key-unusable': {
    status: 500,
    message: (f) => `The key file ${f['file']} ${f['why']}.`,
    remedy: 'Delete it; all answer links sent so far stop working, and a new key is made.',
  },
  'responder-not-running': {
    status: 503,
    message: () => 'No responder is running.',
    remedy: 'Start it with `rc server start`.',
  },
} satisfies Record<string, Entry>

export type ProblemCode = keyof typeof TABLE

/** An expected error. `code` and `remedy` are for people and scripts, `status` for HTTP. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly remedy: string
  constructor(code: string, status: number, message: string, remedy: string | undefined) {
    super(message)
    this.code = code
    this.status = status
    this.remedy = remedy ?? ''
  }
}

/** Makes the error of that code; `fields` fill its sentence. */
export function problem(code: ProblemCode, fields: Fields = {}): Problem {
  const entry: Entry = TABLE[code]
  return new Problem(code, entry.status, entry.message(fields), entry.remedy)
}
