/** The certificate authorities this machine trusts beyond the public ones, such as a company's inspecting proxy. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { rootCertificates } from 'node:tls'

const FOLDERS = ['/usr/local/share/ca-certificates', '/etc/pki/ca-trust/source/anchors']
/** Where Debian keeps the public ones. */
const PUBLIC = ['/usr/share/ca-certificates']
const VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'] as const
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Those the administrator of this machine added, one PEM text each, sorted by file; none on most machines. */
export async function hostCertificates(folders: readonly string[] = FOLDERS): Promise<string[]> {
  const found = await Promise.all(folders.map(readFolder))
  return found.flat()
}

/** Those in files that the environment names for programs like Node and curl, without the public ones among them. */
export async function namedCertificates(env: NodeJS.ProcessEnv): Promise<string[]> {
  const files = VARIABLES.flatMap((name) => env[name] ?? [])
  const [named, stock] = await Promise.all([
    Promise.all(files.map(readCertificates)),
    hostCertificates(PUBLIC),
  ])
  const known = new Set([...rootCertificates, ...stock].map(toBare))
  return named.flat().filter((pem) => !known.has(toBare(pem)))
}

/** The same without repetitions, whatever the line breaks. */
export function withoutRepetitions(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((pem) => [toBare(pem), pem])).values()]
}

async function readFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  const files = entries.filter((name) => ['.crt', '.pem'].includes(extname(name))).sort()
  return (await Promise.all(files.map((name) => readCertificates(join(folder, name))))).flat()
}

/** update-ca-certificates wants one in a file, people write several. */
async function readCertificates(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).match(CERTIFICATE) ?? []
}

function toBare(pem: string): string {
  return pem.replace(/\s/g, '')
}
