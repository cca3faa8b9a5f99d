/**
 * Captures the dialogs of the real Claude Code into test/fixtures/screens/VERSION/dialog-NAME-WIDTH.txt:
 *
 *   node test/screens/capture.ts [VERSION…] [NAME…]
 *
 * Everything stays on loopback; what differs from run to run is replaced by something of the same length.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startScriptedModel } from '../../bin/demo/scripted-model.ts'
import { startHostClaude } from '../e2e/host-claude.ts'
import { SCENES, SCRIPTS, type Scene, VERSIONS } from './scenes.ts'

const WIDTHS = [60, 80, 100, 120, 160, 200]
const FOLDER = new URL('../fixtures/screens/', import.meta.url)
/** Claude draws a dialog in several steps, some of them half a second after the first. */
const SETTLED_MS = 900

const words = process.argv.slice(2)
const wanted = words.filter((word) => word in SCENES)
const versions = words.filter((word) => !(word in SCENES))
const model = await startScriptedModel({ scripts: SCRIPTS })
const limited = await startLimitedApi()
for (const version of versions.length > 0 ? versions : VERSIONS) {
  await mkdir(new URL(version, FOLDER), { recursive: true })
  const scenes = Object.entries(SCENES).filter(
    ([name, { versions = [version] }]) =>
      (wanted.length === 0 || wanted.includes(name)) && (versions as readonly string[]).includes(version),
  )
  for (const [name, scene] of scenes) {
    for (const width of WIDTHS) {
      const stem = name.startsWith('unknown-') ? name : `dialog-${name}`
      const file = new URL(`${version}/${stem}-${width}.txt`, FOLDER)
      await capture(version, scene, width).then((screen) => writeFile(file, screen), report)
    }
    process.stderr.write(`${version} ${name}\n`)
  }
}
await model.close()
await limited.close()

async function capture(version: string, scene: Scene, width: number): Promise<string> {
  const { settings = {}, variables = {}, way = [], files = {}, shows, limited: isLimited, ...rest } = scene
  const port = isLimited ? limited.port : model.port
  const claude = await startHostClaude({
    ...rest,
    version,
    width,
    settings,
    files,
    modelUrl: `http://127.0.0.1:${port}`,
    // A proxy that is not there: whatever would leave this machine fails.
    variables: { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1', ...variables },
    awaits: /\S/,
  })
  try {
    for (const [seen, key] of way) {
      await claude.shows(seen)
      await sleep(SETTLED_MS)
      if (/^\/|\s/.test(key)) await claude.type(key)
      else await claude.press(key)
    }
    await claude.shows(shows)
    await sleep(SETTLED_MS)
    return (await claude.capture())
      .replaceAll(basename(claude.home), 'rch-000000')
      .replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${'1'.repeat(`${port}`.length)}`)
  } finally {
    await claude.stop()
  }
}

function report(error: Error): void {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** Headers as Claude Code 2.1.197 and 2.1.330 read them. */
async function startLimitedApi() {
  const reset = `${Math.floor(Date.now() / 1000) + 7200}`
  const server = createServer((request, response) => {
    request.resume()
    if (!request.url?.startsWith('/v1/messages')) return void response.end('{}')
    response
      .writeHead(429, {
        'content-type': 'application/json',
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': reset,
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
        'x-should-retry': 'false',
      })
      .end('{"type":"error","error":{"type":"rate_limit_error","message":"The limit is reached."}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
