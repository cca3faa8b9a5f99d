/** The address that opens a terminal from a push, as the user chooses it. Pure. */
import * as z from 'zod'

const LONGEST = 400
/** A page is no terminal; the others run or show what stands in them, or mean nothing to another machine. */
const REFUSED = /^(https?|javascript|vbscript|data|blob|file|about):$/
/** Names of parameters that hold what opens more than one terminal. */
const SECRET = /^(.*[-_])?(key|token|secret|pass|password|passwd|auth)$/i

/** The schema. Every service reads the address, and some keep it, so no secret may stand in it. */
export const terminalUrl = z
  .string()
  .max(LONGEST)
  .superRefine((text, context) => {
    const message = whatInstead(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

function whatInstead(text: string): string | null {
  const url = /^[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null
  if (url === null || REFUSED.test(url.protocol))
    return 'a link that a terminal app opens, such as ssh://me@my-machine'
  // blinkshell://run?key=…&cmd=…: whoever has that key runs commands in Blink.
  if (url.protocol === 'blinkshell:')
    return "a link without Blink's key, which runs commands for whoever reads it; Blink opens ssh://me@my-machine, too"
  if (url.password !== '') return 'a link without a password, since each service reads it'
  const secret = [...url.searchParams.keys()].find((name) => SECRET.test(name))
  return secret === undefined ? null : `a link without "${secret}", since each service reads it`
}
