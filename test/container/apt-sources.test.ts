import { expect, test } from 'vitest'
import { mirrorFrom } from '../../container/apt-sources.ts'

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
