/** Streams of a terminal or a pipe, kept as text. */
import type { Sink } from '../../../../bin/cli/output.ts'

/** A sink that remembers; with `columns` it is a terminal of that width. */
export function createSink(terminal?: { columns: number; colours?: boolean }): Sink & { text(): string } {
  const chunks: string[] = []
  return {
    write: (text) => chunks.push(text),
    isTTY: terminal !== undefined,
    columns: terminal?.columns,
    hasColors: () => terminal?.colours ?? false,
    text: () => chunks.join(''),
  }
}
