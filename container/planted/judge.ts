/** What a session has changed of the files that are read by themselves, in sentences. */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Baseline, readNow } from './baseline.ts'
import { describeChange, toVisible } from './change.ts'
import type { ReadFiles } from './read-files.ts'
import type { Reader } from './readers.ts'
import { isInDependency } from './walk.ts'

/** Of each kind, so that many of one do not hide another. */
const MOST_OF_A_KIND = 5
/** Of the others of a kind. */
const MOST_NAMES = 20
/** Texts that are shown. */
const MOST_TEXTS = 10

type Finding = { path: string; reader: Reader; what: string; change: string[] }

type Judged = {
  workspace: string
  /** Milliseconds since 1970. */
  since: number
  baseline: Baseline | null
}

/** The top of the workspace first; dependencies, which bring many of their own, last and together. */
export async function judgeRead({ files, links }: ReadFiles, judged: Judged): Promise<string[]> {
  const found: Finding[] = []
  for (const [path, reader] of files) found.push(...(await judgeFile(path, reader, judged)))
  for (const [path, by] of Object.entries(judged.baseline?.imported ?? {})) {
    if (files.has(path)) continue
    found.push(...(await judgeFile(path, { why: `${by} brings it in`, isObeyed: true }, judged)))
  }
  for (const [path, { target, ...reader }] of links) {
    const before = judged.baseline?.links[path]
    const isNew = before === undefined ? await isUnknown(path, judged) : before !== target
    if (isNew) found.push({ path, reader, what: `leads to ${target}: ${reader.why}`, change: [] })
  }
  found.sort((left, right) => depthOf(left.path) - depthOf(right.path) || (left.path < right.path ? -1 : 1))
  const kinds = new Map<string, Finding[]>()
  for (const one of found) {
    const kind = isInDependency(one.path) ? 'dependencies' : one.reader.why
    kinds.set(kind, [...(kinds.get(kind) ?? []), one])
  }
  const dependencies = kinds.get('dependencies') ?? []
  kinds.delete('dependencies')
  let texts = MOST_TEXTS
  const sentences: string[] = []
  // An obeyed text says the most, so it is told first.
  const inOrder = [...kinds.values()].sort(
    (left, right) => Number(right[0]?.reader.isObeyed) - Number(left[0]?.reader.isObeyed),
  )
  for (const kind of inOrder) {
    for (const { path, what, change } of kind.slice(0, MOST_OF_A_KIND)) {
      const shown = change.length > 0 && texts-- > 0 ? change : []
      sentences.push([toSentence(path, what), ...shown].join('\n'))
    }
    const more = kind.slice(MOST_OF_A_KIND)
    if (more.length > 0)
      sentences.push(
        `… and ${more.length} more files, new or changed: ${kind[0]?.reader.why}: ${nameSome(more)}.`,
      )
  }
  const [first] = dependencies
  if (first !== undefined) {
    sentences.push(
      `${dependencies.length} such files are new or changed among the dependencies, such as ${toVisible(first.path)}: ${first.reader.why}.`,
    )
  }
  return sentences
}

function nameSome(found: Finding[]): string {
  const names = found.slice(0, MOST_NAMES).map(({ path }) => toVisible(path))
  return `${names.join(', ')}${found.length > MOST_NAMES ? ' …' : ''}`
}

function toSentence(path: string, what: string): string {
  return `${toVisible(path)} is new or changed: ${toVisible(what)}. Look at it before you use Claude, git, a shell or an editor there.`
}

async function judgeFile(path: string, reader: Reader, judged: Judged): Promise<Finding[]> {
  const { workspace, baseline } = judged
  const before = baseline?.files[path]
  if (before === undefined && !(await isUnknown(path, judged))) return []
  const now = await readNow(join(workspace, path))
  const tell = (change: string[]) => [{ path, reader, what: reader.why, change }]
  if (now === null) return (await isNewer(path, judged)) ? tell([]) : []
  if (before !== undefined) {
    const isSame =
      now.digest === null || before.digest === null
        ? now.digest === before.digest && !(await isNewer(path, judged))
        : now.digest === before.digest
    if (isSame) return []
  }
  if (!reader.isObeyed || now.text === null) return tell([])
  if (before !== undefined && before.text === null) return tell([])
  if (before === undefined && baseline?.isWhole !== true) return tell([])
  return tell(describeChange(before?.text ?? null, now.text))
}

/** Of what is not in the baseline: everything is new to one that is whole. */
async function isUnknown(path: string, judged: Judged): Promise<boolean> {
  return judged.baseline?.isWhole === true || (await isNewer(path, judged))
}

async function isNewer(path: string, { workspace, since }: Judged): Promise<boolean> {
  const found = await lstat(join(workspace, path)).catch(() => null)
  return found !== null && found.ctimeMs > since
}

function depthOf(path: string): number {
  return path.split('/').length
}
