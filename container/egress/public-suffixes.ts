/**
 * Names under which anybody can get a name of their own, so that a wildcard there would be a way out to everybody.
 * A short list of the well-known ones; the rule of the single label (`*.com`) needs none.
 */
const HOSTING = new Set(
  `amazonaws.com appspot.com azureedge.net azurewebsites.net blob.core.windows.net cloudapp.net cloudfront.net
   cloudfunctions.net core.windows.net deno.dev firebaseapp.com firebaseio.com fly.dev github.io githubusercontent.com
   gitlab.io glitch.me googleapis.com googleusercontent.com herokuapp.com lambda-url.amazonaws.com loca.lt netlify.app
   ngrok-free.app ngrok.app ngrok.io onrender.com pages.dev pythonanywhere.com r2.dev railway.app replit.app replit.dev
   run.app s3.amazonaws.com surge.sh trycloudflare.com ts.net vercel.app web.app windows.net workers.dev`.split(
    /\s+/,
  ),
)

/** Second labels that a country registers names under, as in `co.uk` and `com.au`. */
const REGISTRY_LABELS = new Set(
  'ac asn co com edu gob gov gv id ltd me mil ne net nhs nom or org plc sch'.split(' '),
)

/** Whether anybody can register a name directly under `domain`. */
export function isOpenToEverybody(domain: string): boolean {
  const labels = domain.split('.')
  if (labels.length === 1 || HOSTING.has(domain)) return true
  const [second, top] = labels
  return labels.length === 2 && top?.length === 2 && second !== undefined && REGISTRY_LABELS.has(second)
}
