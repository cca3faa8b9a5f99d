/** What tools talk to, on loopback: an npm registry, a Debian repository, a git repository, over HTTP and HTTPS. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join, normalize } from 'node:path'
import { execa } from 'execa'

export type ToolServers = Awaited<ReturnType<typeof startToolServers>>

/** `folder` is theirs; `name` is what a session calls this machine. `certificate` is the file to trust for HTTPS. */
export async function startToolServers(folder: string, name: string) {
  const files = join(folder, 'files')
  await mkdir(files, { recursive: true })
  const certificate = join(folder, 'ca.pem')
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ]
  await execa('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, '-out', certificate])

  const answer: RequestListener = async (request, response) => {
    const path = join(files, normalize(new URL(request.url ?? '/', 'http://x').pathname))
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    response.writeHead(isFile ? 200 : 404).end(isFile ? await readFile(path) : 'nothing here')
  }
  const http = createHttpServer(answer)
  const tls = { key: await readFile(join(folder, 'key.pem')), cert: await readFile(certificate) }
  const https = createHttpsServer(tls, answer)
  const ports = await Promise.all([http, https].map(listen))
  const [httpPort = 0, httpsPort = 0] = ports
  const url = `http://${name}:${httpPort}`
  await Promise.all([makeNpm(files, url), makeDebian(files), makeGit(files)])
  return {
    certificate,
    url,
    secureUrl: `https://${name}:${httpsPort}`,
    entries: ports.map((port) => `${name}:${port}`),
    close: () => Promise.all([http, https].map((server) => new Promise((resolve) => server.close(resolve)))),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** One package, as the registry's protocol describes it. */
async function makeNpm(files: string, url: string): Promise<void> {
  const source = join(files, 'npm-source/package')
  await mkdir(source, { recursive: true })
  await writeFile(join(source, 'package.json'), '{"name":"tiny-tool","version":"1.2.3","main":"index.js"}')
  await writeFile(join(source, 'index.js'), 'module.exports = "from npm"')
  const archive = join(files, 'tiny-tool-1.2.3.tgz')
  await execa('tar', ['-C', join(files, 'npm-source'), '-czf', archive, 'package'])
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`
  const dist = { tarball: `${url}/tiny-tool-1.2.3.tgz`, integrity }
  const version = { name: 'tiny-tool', version: '1.2.3', main: 'index.js', dist }
  const packument = { name: 'tiny-tool', 'dist-tags': { latest: '1.2.3' }, versions: { '1.2.3': version } }
  await writeFile(join(files, 'tiny-tool'), JSON.stringify(packument))
}

/** A flat repository with one package. */
async function makeDebian(files: string): Promise<void> {
  const tree = join(files, 'deb-source')
  await mkdir(join(tree, 'DEBIAN'), { recursive: true, mode: 0o755 })
  const control =
    'Package: tiny-deb\nVersion: 1.0\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: tiny\n'
  await writeFile(join(tree, 'DEBIAN/control'), control)
  await mkdir(join(files, 'debian'))
  const file = join(files, 'debian/tiny-deb_1.0_all.deb')
  await execa('dpkg-deb', ['--root-owner-group', '--build', tree, file])
  const bytes = await readFile(file)
  const hash = createHash('sha256').update(bytes).digest('hex')
  await writeFile(
    join(files, 'debian/Packages'),
    `${control}Filename: ./tiny-deb_1.0_all.deb\nSize: ${bytes.length}\nSHA256: ${hash}\n\n`,
  )
}

/** A bare repository that any web server can serve. */
async function makeGit(files: string): Promise<void> {
  const source = join(files, 'git-source')
  const git = (dir: string, ...args: string[]) =>
    execa('git', ['-C', dir, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args])
  await git(files, 'init', '-q', '-b', 'main', source)
  await git(source, 'commit', '-q', '--allow-empty', '-m', 'from the server')
  await git(files, 'clone', '-q', '--bare', source, join(files, 'served.git'))
  await git(join(files, 'served.git'), 'update-server-info')
}
