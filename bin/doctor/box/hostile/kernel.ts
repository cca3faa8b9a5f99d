/** System calls without a compiler: perl, which every Debian and Ubuntu has, makes any of them by number. */
import { execFile } from 'node:child_process'
import { constants } from 'node:os'
import { promisify } from 'node:util'

/** Numbers on x86-64 and on ARM 64 (Linux 6.1, syscall_64.tbl and asm-generic/unistd.h). */
const CALLS = {
  add_key: [248, 217],
  bpf: [321, 280],
  chroot: [161, 51],
  clone: [56, 220],
  clock_settime: [227, 112],
  fsopen: [430, 430],
  getuid: [102, 174],
  init_module: [175, 105],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  mknodat: [259, 33],
  mount: [165, 40],
  open_by_handle_at: [304, 265],
  perf_event_open: [298, 241],
  pivot_root: [155, 41],
  ptrace: [101, 117],
  reboot: [169, 142],
  setgid: [106, 144],
  sethostname: [170, 161],
  setns: [308, 268],
  setuid: [105, 146],
  swapon: [167, 224],
  umount2: [166, 39],
  unshare: [272, 97],
} as const

/** Perl words that make one call. `args` are perl words too; perl wants to be able to write into what they point to. */
export function syscall(name: keyof typeof CALLS, ...args: (string | number)[]): string {
  return `syscall(${CALLS[name][process.arch === 'arm64' ? 1 : 0]}, @{[${args.join(', ')}]})`
}

/**
 * Runs perl; the value of `code` is -1 where the kernel said no. Gives it, or rejects with the errno as `code`. Without
 * perl the error says so and has no errno, so that nothing counts as refused.
 */
export async function perl(code: string): Promise<number> {
  const program = `my $r = do { ${code} }; print $r == -1 ? "errno ".($!+0) : "value $r"`
  const { stdout } = await promisify(execFile)('perl', ['-e', program], { timeout: 5_000 }).catch((error) => {
    throw new Error(`perl could not be run: ${(error as Error).message}`)
  })
  const [, word, number] = /^(errno|value) (-?\d+)$/.exec(stdout) ?? []
  if (word === 'value') return Number(number)
  const [name] = Object.entries(constants.errno).find(([, value]) => value === Number(number)) ?? ['no errno']
  throw Object.assign(new Error(`the kernel said ${name}`), { code: name })
}

/** One system call, with perl words for its arguments. */
export async function call(...words: Parameters<typeof syscall>): Promise<number> {
  return await perl(syscall(...words))
}
