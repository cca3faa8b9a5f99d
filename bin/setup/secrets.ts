/** What tokens and keys look like, so that half of one, or another one, is found out before Claude is refused. Pure. */
import type { Check } from './prompts.ts'

/** As `claude setup-token` of Claude Code 2.1.330 prints it. */
const TOKEN_START = 'sk-ant-oat'
const KEY_START = 'sk-ant-'

/** Both have 108 characters so far. A token is printed on two lines where the terminal is narrower than that. */
const SHORTEST = { token: 100, key: 20 }

/** Whether it is a token of `claude setup-token`; never says what was given. */
export const checkToken: Check = (text) => {
  const broken = checkOneLine(text, 'token')
  if (broken !== null) return broken
  if (!text.startsWith(TOKEN_START)) {
    return text.startsWith(KEY_START)
      ? `This looks like an API key. A token of claude setup-token begins with ${TOKEN_START}.`
      : `A token of claude setup-token begins with ${TOKEN_START}.`
  }
  return text.length < SHORTEST.token
    ? 'This token is too short. Was it printed on two lines? Copy both, as one line.'
    : null
}

/** Whether it is a key of the Anthropic API; never says what was given. */
export const checkApiKey: Check = (text) => {
  const broken = checkOneLine(text, 'key')
  if (broken !== null) return broken
  if (text.startsWith(TOKEN_START))
    return 'This is a token of claude setup-token, not an API key. Choose the token.'
  if (!text.startsWith(KEY_START)) return `An API key begins with ${KEY_START}.`
  return text.length < SHORTEST.key ? 'This key is too short. Was it copied whole?' : null
}

/** Whether it can be a gateway's token, which may look like anything; never says what was given. */
export const checkGatewayToken: Check = (text) => checkOneLine(text, 'token')

function checkOneLine(text: string, name: string): string | null {
  if (text === '') return `The ${name} is empty.`
  if (/\s/.test(text)) return `There is a space or a line end in the ${name}. Copy it as one line.`
  return /^[\x21-\x7e]+$/.test(text) ? null : `There are characters in the ${name} that none has.`
}
