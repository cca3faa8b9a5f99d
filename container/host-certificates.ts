/** The certificate authorities that the administrator of this machine added, such as a company's inspecting proxy. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

const FOLDERS = ['/usr/local/share/ca-certificates', '/etc/pki/ca-trust/source/anchors']

/** PEM texts, sorted by name; empty on most machines. */
export async function hostCertificates(folders: readonly string[] = FOLDERS): Promise<string[]> {
  const found = await Promise.all(folders.map(readFolder))
  return found.flat()
}

async function readFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  const files = entries.filter((name) => ['.crt', '.pem'].includes(extname(name))).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))
  return texts.filter((text) => text.includes('-----BEGIN CERTIFICATE-----'))
}
