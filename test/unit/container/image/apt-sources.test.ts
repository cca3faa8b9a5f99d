import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findMirror, mirrorFrom } from '../../../../container/image/apt-sources.ts'

const DEB822 = `Types: deb
# a comment
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example.org/debian-security
Suites: bookworm-security
Components: main
`

test('a .sources file gives the mirror, its components, its keyring and the security mirror', () => {
  expect(mirrorFrom([{ name: 'debian.sources', text: DEB822 }], 'bookworm')).toEqual({
    uri: 'http://mirror.example.org/debian',
    components: ['main', 'contrib'],
    keyring: '/usr/share/keyrings/archive.gpg',
    securityUri: 'http://mirror.example.org/debian-security',
  })
})

test('a sources.list gives the same', () => {
  const text = `# deb http://old.example.org/debian bookworm main
deb-src http://mirror.example.org/ubuntu noble main
deb [arch=amd64 signed-by=/etc/key.asc] http://mirror.example.org/ubuntu noble main universe # ours
deb http://security.example.org/ubuntu noble-security main`
  expect(mirrorFrom([{ name: 'sources.list', text }], 'noble')).toEqual({
    uri: 'http://mirror.example.org/ubuntu',
    components: ['main', 'universe'],
    keyring: '/etc/key.asc',
    securityUri: 'http://security.example.org/ubuntu',
  })
})

test('sources of other programs, of other releases, and switched-off ones give no mirror', () => {
  const files = [
    { name: 'other.list', text: 'deb http://apt.example.com/tool tool-bookworm main' },
    { name: 'off.sources', text: DEB822.replace('Types: deb\n#', 'Enabled: no\nTypes: deb\n#') },
    { name: 'debian.sources.bak', text: DEB822 },
  ]
  expect(mirrorFrom(files, 'bookworm')).toBeNull()
  expect(mirrorFrom([{ name: 'debian.sources', text: DEB822 }], 'trixie')).toBeNull()
})

test('a list of mirrors, as on machines of a cloud, gives its first one; a disc gives none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rc-apt-'))
  await mkdir(join(folder, 'sources.list.d'))
  const write = (uri: string) =>
    writeFile(join(folder, 'sources.list.d/debian.sources'), DEB822.replace(/http:\S+debian$/m, uri))
  await writeFile(
    join(folder, 'list'),
    '# chosen for this region\nhttps://near.example.org/debian priority:1\n',
  )
  await write(`mirror+file://${folder}/list`)
  expect((await findMirror('bookworm', folder))?.uri).toBe('https://near.example.org/debian')
  for (const uri of [`mirror+file://${folder}/gone`, 'cdrom:[Debian]/']) {
    await write(uri)
    expect(await findMirror('bookworm', folder)).toBeNull()
  }
  await rm(folder, { recursive: true })
})
