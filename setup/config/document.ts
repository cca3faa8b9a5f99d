/** The configuration file as text: what YAML makes of it, and where in it a setting stands. */
import { isAlias, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'

/** Where settings stand, for messages: a path of keys and list positions. */
export type SettingPath = readonly PropertyKey[]

/** What is wrong, at which line (counted from 1). */
export type LineProblem = { line: number; message: string }

export type ConfigDocument = {
  /** The settings as plain values; an empty object for an empty file. */
  value: unknown
  problems: LineProblem[]
  /** The line of a setting, or of the nearest thing above it that is in the file. */
  lineOf(path: SettingPath): number
  /** The line of a key, which may be one that nobody knows. */
  lineOfKey(path: SettingPath, key: string): number
}

/** Reads YAML without ever throwing; with problems, `value` means nothing. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    line: lineAt(pos[0]),
    message: explain(code, message),
  }))
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return
      problems.push({
        line: lineAt(node.range?.[0] ?? 0),
        message: `*${node.source} begins with a star, which YAML takes for a reference. Quote it: "*${node.source}".`,
      })
    },
  })

  const lineOf = (path: SettingPath): number => {
    for (let length = path.length; length > 0; length--) {
      const key = path[length - 1]
      const line = lineOfKey(path.slice(0, length - 1), String(key))
      if (line > 0) return line
    }
    return 1
  }
  const lineOfKey = (path: SettingPath, key: string): number => {
    let parent = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isAlias(parent)) parent = parent.resolve(document)
    if (!isCollection(parent)) return 0
    if (!isMap(parent)) return startOf(parent.get(Number(key), true))
    return startOf(parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)?.key)
  }
  const startOf = (node: unknown) => (isNode(node) && node.range ? lineAt(node.range[0]) : 0)

  return { value: problems.length > 0 ? null : plain(document, problems), problems, lineOf, lineOfKey }
}

function plain(document: ReturnType<typeof parseDocument>, problems: LineProblem[]): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    // References that multiply, which no configuration needs.
    problems.push({ line: 1, message: `The file cannot be read: ${(error as Error).message}.` })
    return null
  }
}

/** The parser's words (yaml 2.9), as a person would say them where a person often stumbles. */
function explain(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'The line is indented with a tab. YAML wants spaces.'
    case 'DUPLICATE_KEY':
      return 'This key stands here for the second time. Keep one of them.'
    case 'MULTIPLE_DOCS':
      return 'A second document begins here. Remove the line with ---.'
    case 'TAG_RESOLVE_FAILED':
      return 'A word that begins with ! is a YAML tag, and none is known here. Quote it.'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'There are two colons in the line. Quote the value, or put it on a line of its own.'
    default:
      return `This is not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`
  }
}
