import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../../../../container/docker/engine.ts'
import type { LocalImage } from '../../../../container/docker/images.ts'
import { ensureBaseImage } from '../../../../container/image/base.ts'
import { imageIsCurrent } from '../../../../container/image/build.ts'
import { removeBuildFolders, withBuildFolder } from '../../../../container/image/build-folder.ts'
import {
  hostCertificates,
  namedCertificates,
  withoutRepetitions,
} from '../../../../container/image/certificates.ts'
import { CONFIGURED_LABEL, RECIPE_LABEL, readRecipe } from '../../../../container/image/recipe.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rc-image-'))
  for (const name of ['Dockerfile', 'entrypoint.sh', 'relay.cjs', 'gate.cjs'])
    await writeFile(join(root, name), name)
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** An engine that has these images and can pull none. */
function createEngine(images: Record<string, LocalImage>): Engine {
  return {
    findImage: async (tag: string) => images[tag] ?? null,
    pullImage: async () => {
      throw new Error('Docker could not pull corp/debian:1: no such host.')
    },
  } as unknown as Engine
}
const image = (labels: Record<string, string> = {}): LocalImage => ({ id: 'i', tags: [], labels })

test('an image is current until the configuration or what it is made of changes, whatever a build was told', async () => {
  const places = { imageDir: root, relayPath: join(root, 'relay.cjs'), gatePath: join(root, 'gate.cjs') }
  const labels = {
    [RECIPE_LABEL]: (await readRecipe(places)).hash,
    [CONFIGURED_LABEL]: 'debian:bookworm-slim 2.1.330',
  }
  const wanted = {
    ...places,
    engine: createEngine({ ours: image(labels) }),
    tag: 'ours',
    base: 'debian:bookworm-slim',
    claudeVersion: '2.1.330',
    refresh: false,
    cacheDir: root,
    env: {},
  }
  expect(await imageIsCurrent(wanted)).toBe(true)
  expect(await imageIsCurrent({ ...wanted, claudeVersion: '2.1.331' })).toBe(false)
  expect(await imageIsCurrent({ ...wanted, base: 'ubuntu:24.04' })).toBe(false)
  expect(await imageIsCurrent({ ...wanted, tag: 'gone' })).toBe(false)
  await writeFile(join(root, 'relay.cjs'), 'another')
  expect(await imageIsCurrent(wanted)).toBe(false)
})

const base = (images: Record<string, LocalImage>, more: object) =>
  ensureBaseImage({
    engine: createEngine(images),
    base: 'corp/debian:1',
    exactly: true,
    refresh: false,
    cacheDir: root,
    onProgress: () => {},
    ...more,
  })

test('a base that was named for a build is not replaced by another one', async () => {
  await expect(base({ 'remote-claude-base:bookworm': image() }, {})).rejects.toMatchObject({
    code: 'no-base-image',
    message: 'Docker could not pull corp/debian:1: no such host.',
  })
})

test('a base that is here is used, and even when it should be fresh but cannot be', async () => {
  const images = { 'corp/debian:1': image() }
  expect(await base(images, {})).toBe('corp/debian:1')
  expect(await base(images, { refresh: true, exactly: false })).toBe('corp/debian:1')
})

test('what a killed build left is removed, what a running one uses is not', async () => {
  const { pid } = spawnSync('true')
  await mkdir(join(root, `building-${pid}-abc/deep`), { recursive: true })
  await mkdir(join(root, 'npm'))
  await withBuildFolder(root, async (folder) => {
    await removeBuildFolders(root)
    expect((await readdir(root)).filter((name) => /^building|^npm/.test(name))).toEqual([
      folder.slice(root.length + 1),
      'npm',
    ])
  })
  await withBuildFolder(root, async () => Promise.reject(new Error('failed'))).catch(() => {})
  expect((await readdir(root)).filter((name) => name.startsWith('building'))).toEqual([])
})

const OWN = '-----BEGIN CERTIFICATE-----\nb3du\n-----END CERTIFICATE-----'
const OTHER = '-----BEGIN CERTIFICATE-----\nb3RoZXI=\n-----END CERTIFICATE-----'

test('certificates of a folder come one by one, and keys beside them stay where they are', async () => {
  await writeFile(join(root, 'a.crt'), `${OWN}\n${OTHER}\n-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n`)
  await writeFile(join(root, 'b.pem'), OWN)
  await writeFile(join(root, 'c.txt'), OTHER)
  const found = await hostCertificates([root, '/nowhere'])
  expect(found).toEqual([OWN, OTHER, OWN])
  expect(withoutRepetitions([...found, OWN.replace('b3du', 'b3\ndu')])).toHaveLength(2)
})

test('of a whole bundle that the environment names only what is not public is taken', async () => {
  await writeFile(join(root, 'bundle'), [...rootCertificates, OWN].join('\n'))
  const env = { SSL_CERT_FILE: join(root, 'bundle'), NODE_EXTRA_CA_CERTS: '/nowhere' }
  expect(await namedCertificates(env)).toEqual([OWN])
})

const IMAGE = fileURLToPath(new URL('../../../../container/image/', import.meta.url))

test('without rules and doors the entrypoint starts nothing and says what is missing', () => {
  const { status, stderr, stdout } = spawnSync('/bin/sh', [`${IMAGE}entrypoint.sh`], {
    encoding: 'utf8',
    env: { PATH: '/nowhere', RC_WORKSPACE: '/', RC_NETWORK: 'bridge' },
  })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^Remote Claude: the session's folder is not mounted/)
})

test('the entrypoint is a script any POSIX shell reads, and the Dockerfile one any builder reads', async () => {
  execFileSync('/bin/sh', ['-n', `${IMAGE}entrypoint.sh`])
  expect(await readFile(`${IMAGE}Dockerfile`, 'utf8')).not.toMatch(
    /^# *syntax|--mount|<<|COPY --(chmod|link)/m,
  )
})
