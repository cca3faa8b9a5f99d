/**
 * Installs or uninstalls, and before each step copies the folder as a crash would leave it there:
 * node settings-crash-child.ts ACTION ROOT FILE RECORDS COPIES. A step is a call that changes something on disk; a write
 * is two.
 */
import { cpSync, promises } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { GROUPS, isOurs } from '../settings-samples.ts'

const [action, root = '', file = '', records = '', copies = ''] = process.argv.slice(2)
let step = 0

const copy = () => cpSync(root, join(copies, String(step++)), { recursive: true, verbatimSymlinks: true })

type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>

function watch(owner: object, names: string[]): void {
  const methods = owner as Record<string, Method>
  for (const name of names) {
    const real = methods[name] as Method
    methods[name] = async function (...args) {
      copy()
      const [bytes] = args
      if (name !== 'writeFile' || !Buffer.isBuffer(bytes)) return await real.apply(this, args)
      const half = bytes.length / 2
      await real.call(this, bytes.subarray(0, half))
      copy()
      return await real.call(this, bytes.subarray(half))
    }
  }
}

const handle = await promises.open(process.execPath, 'r')
watch(Object.getPrototypeOf(handle), ['writeFile', 'chmod', 'chown', 'sync'])
await handle.close()
watch(promises, ['open', 'rename', 'link', 'unlink', 'rm', 'mkdir', 'rmdir'])
syncBuiltinESMExports()

const { installInto, uninstallFrom } = await import('../../../../../hooks/install/file/file.ts')
if (action === 'uninstall') await uninstallFrom({ file, records }, isOurs)
else await installInto({ file, records }, GROUPS, isOurs)
