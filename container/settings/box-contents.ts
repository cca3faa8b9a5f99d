/** Asks the image what is in it. */
import type { Engine } from '../docker/engine.ts'

/** Prints those of its arguments that are programs or files, each on a line. */
const SCRIPT = `for one; do
  case $one in
    */*) [ -e "$one" ] && printf '%s\\n' "$one" ;;
    *) command -v -- "$one" >/dev/null && printf '%s\\n' "$one" ;;
  esac
done
:`

/** Those of `names` that the box has: a program by its name, or a file by its absolute path. */
export async function lookIntoImage(
  { engine, image, id }: { engine: Engine; image: string; id: string },
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const container = await engine.createContainer({
    name: `rc-${id}-look`,
    Image: image,
    // Its output is then raw, as that of sessions is.
    Tty: true,
    Entrypoint: ['/bin/sh', '-c', SCRIPT, 'look', ...names],
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      NetworkMode: 'none',
      LogConfig: { Type: 'local', Config: {} },
    },
  })
  try {
    await engine.start(container)
    await engine.wait(container)
    let printed = ''
    for await (const chunk of await engine.logs(container, { follow: false })) printed += chunk.toString()
    return new Set(printed.split(/\r?\n/))
  } finally {
    await engine.remove(container)
  }
}
