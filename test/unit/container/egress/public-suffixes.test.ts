import { describe, expect, test } from 'vitest'
import { parseAllowlist } from '../../../../container/egress/allowlist.ts'
import { isOpenToEverybody } from '../../../../container/egress/public-suffixes.ts'

const words = (text: string) => text.trim().split(/\s+/)

const OPEN = {
  'a top-level domain': words('com internal localhost xn--p1ai ck'),
  "a country's registry": words('co.uk com.au co.jp org.br gov.uk foo.ck xn--55qx5d.cn kawasaki.jp'),
  'hosting that is listed':
    words(`webflow.io github.io gitlab.io pages.dev workers.dev r2.dev web.app firebaseapp.com
    appspot.com run.app vercel.app netlify.app herokuapp.com onrender.com fly.dev deno.dev surge.sh readthedocs.io
    gitbook.io supabase.co streamlit.app hf.space replit.app myshopify.com wixsite.com framer.app notion.site
    githubusercontent.com googleapis.com`),
  'a tunnel to a machine at home': words(
    'ngrok.io ngrok.app ngrok-free.app trycloudflare.com ts.net duckdns.org loca.lt',
  ),
  'a blog under any suffix': words('blogspot.com blogspot.de blogspot.co.uk'),
  'storage and machines of a cloud': words(`s3.amazonaws.com s3.eu-west-1.amazonaws.com compute.amazonaws.com
    elb.amazonaws.com lambda-url.us-east-1.on.aws cloudfront.net azurewebsites.net azureedge.net blob.core.windows.net
    cloudapp.net cloudapp.azure.com westeurope.cloudapp.azure.com digitaloceanspaces.com linodeobjects.com`),
  'what the list lacks': words(
    'firebaseio.com glitch.me railway.app googleusercontent.com nip.io sslip.io storage.googleapis.com',
  ),
  'what stands above a listed one': words('amazonaws.com core.windows.net windows.net azure.com on.aws'),
}

describe.each(Object.entries(OPEN))('a star is refused under %s', (_, domains) => {
  test.each(domains)('%s', (domain) => {
    expect(isOpenToEverybody(domain)).toBe(true)
    expect(() => parseAllowlist([`*.${domain}`])).toThrow(/anybody can get a name under/)
    expect(() => parseAllowlist([`*.${domain.toUpperCase()}.:8443`])).toThrow(/anybody can get a name under/)
  })
})

test.each(
  words(`example.org mine.github.io my.co.uk example.co.jp city.kawasaki.jp www.ck debian.org crates.io golang.org
    npmjs.org pypi.org fedoraproject.org corp.internal tail1234.ts.net mybucket.s3.amazonaws.com my.webflow.io
    blogspot.example.org notgithub.io _dmarc.example.org`),
)('a star is let through under somebody’s own name, %s', (domain) => {
  expect(isOpenToEverybody(domain)).toBe(false)
  expect(parseAllowlist([`*.${domain}`])).toHaveLength(1)
})

test('a host without a star may be anybody’s: it was named', () => {
  expect(parseAllowlist(['mine.github.io', 'github.io'])).toHaveLength(2)
})
