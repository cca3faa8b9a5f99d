/** Ways to become more than an ordinary process: capabilities, setuid programs, namespaces, devices, the kernel. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Attempt, escaped, type Facts, notTried, stopped, type Verdict } from './attempt.ts'
import { call, perl, syscall } from './kernel.ts'
import { mustFail } from './must-fail.ts'

/** CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET (sched.h). */
const NEW = { mount: 0x20000, user: 0x10000000, net: 0x40000000 }

/**
 * The kernel looks at the right to do a thing before it looks at the arguments. So most of these have arguments that
 * would harm nobody where the right is there: the error is another one then.
 */
export function privilegeAttempts({ hostPid, secret }: Facts): Attempt[] {
  return [
    status(
      'capabilities',
      'holding any capability',
      /^(Cap(?:Inh|Prm|Eff|Bnd|Amb):\s*0*[1-9a-f][0-9a-f]*)$/m,
    ),
    status('new-privileges', 'keeping the right to gain privileges', /^(NoNewPrivs:\s*0)$/m),
    status('seccomp', 'running without a filter of system calls', /^(Seccomp:\s*0)$/m),
    { id: 'setuid-program', group, tried: 'starting su, which is setuid root', run: setuidProgram },
    attempt('setuid', 'becoming user 0 (setuid)', () => call('setuid', 0)),
    attempt('setgid', 'becoming group 0 (setgid)', () => call('setgid', 0)),
    ...mounts(),
    ...namespaces(),
    ...devices(),
    attempt('file-handle', 'opening a file of the host by its handle', () =>
      call('open_by_handle_at', -1, '"\\0" x 128', 0),
    ),
    attempt('module', 'loading a kernel module', () => call('init_module', 0, 0, 0)),
    attempt('kexec', 'loading another kernel', () => call('kexec_load', 0, 0, 0, 0xffff)),
    attempt('reboot', 'rebooting the machine', () => call('reboot', 0, 0, 0, 0)),
    attempt('clock', "setting the host's clock", () => call('clock_settime', 0, 0)),
    attempt('hostname', 'renaming the machine', () => call('sethostname', '"x"', -1)),
    attempt('swap', 'adding swap', () => call('swapon', '"/dev/null"', 0)),
    attempt('bpf', 'loading a program into the kernel (bpf)', () => call('bpf', 5, 0, 0)),
    attempt('perf', 'watching the whole kernel (perf_event_open)', () =>
      call('perf_event_open', '"\\0" x 128', -1, 0, -1, 0),
    ),
    attempt('keyring-write', "storing a key in the kernel's keyring", () =>
      call('add_key', '"user"', '"rc"', '"x"', 1, -3),
    ),
    attempt('keyring-read', "reading the kernel's keyrings", () => call('keyctl', 0, -3, 0)),
    attempt('packet-socket', 'reading and forging frames (a packet socket)', () =>
      perl('socket(my $s, 17, 3, 0x0300) ? 0 : -1'),
    ),
    attempt(
      'vsock',
      'a connection to the hypervisor (vsock, host 2, port 22)',
      () => perl('my $s; socket($s, 40, 1, 0) && connect($s, pack("SSLLx4", 40, 0, 22, 2)) ? 0 : -1'),
      ['ENODEV', 'EAFNOSUPPORT', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EADDRNOTAVAIL'],
    ),
    attempt('interface', 'giving a network interface an address (SIOCSIFADDR)', () =>
      perl(`socket(my $s, 2, 2, 0);
        my $address = pack("a16Sna4x8", "lo", 2, 0, pack("C4", 127, 0, 0, 1));
        ioctl($s, 0x8916, $address) ? 0 : -1`),
    ),
    attempt('ptrace-host', 'tracing a process of the host', () => traceHost(hostPid, secret)),
  ]
}

const group = 'privileges'

function attempt(id: string, tried: string, deed: () => Promise<unknown>, also: string[] = []): Attempt {
  return {
    id,
    group,
    tried,
    // An error that is no refusal comes from behind the check for the right.
    run: async () => {
      const verdict = await mustFail(deed, also)
      const passed = /the kernel said (EINVAL|EFAULT|EBADF|E2BIG|ENOEXEC)/.exec(verdict.by)?.[1]
      return passed === undefined
        ? verdict
        : escaped(`the right is there: only the arguments were refused (${passed})`)
    },
  }
}

function mounts(): Attempt[] {
  return [
    attempt('mount-tmpfs', 'mounting a file system', () =>
      call('mount', '"none"', '"/mnt"', '"tmpfs"', 0, 0),
    ),
    attempt('mount-writable', 'mounting / again, writable', () =>
      call('mount', '"none"', '"/"', '"none"', 0x20, 0),
    ),
    attempt('mount-fsopen', 'the newer way to mount (fsopen)', () => call('fsopen', '"proc"', 0)),
    attempt('umount', 'taking a guarding mount away', () => call('umount2', '"/proc/sys"', 2)),
    attempt('chroot', 'another root (chroot)', () => call('chroot', '"/tmp"')),
    attempt('pivot-root', 'another root (pivot_root)', () => call('pivot_root', '"/tmp"', '"/tmp"')),
  ]
}

function namespaces(): Attempt[] {
  const own = (id: string, what: string, flag: number) =>
    attempt(id, `a ${what} namespace of its own (unshare)`, () => call('unshare', flag))
  return [
    own('unshare-user', 'user', NEW.user),
    own('unshare-mount', 'mount', NEW.mount),
    own('unshare-net', 'network', NEW.net),
    attempt('clone-user', 'a user namespace of its own (clone)', () =>
      // 17 is SIGCHLD. The child of a clone that worked ends at once.
      perl(`my $p = ${syscall('clone', NEW.user | 17, 0, 0, 0, 0)}; exec "true" if $p == 0; $p`),
    ),
    attempt('setns', 'entering a namespace by its file (setns)', () =>
      perl(`open(my $f, "<", "/proc/1/ns/net") ? ${syscall('setns', 'fileno($f)', 0)} : -1`),
    ),
  ]
}

/** S_IFBLK | 0600 for device 8:0, S_IFCHR | 0600 for device 1:1. */
function devices(): Attempt[] {
  const node = (id: string, what: string, mode: number, device: number) =>
    attempt(id, `making a device node for ${what}`, () =>
      perl(
        `my $r = ${syscall('mknodat', -100, '"/tmp/rc-node"', mode, device)}; unlink "/tmp/rc-node" if $r == 0; $r`,
      ),
    )
  return [node('mknod-disk', 'the disk', 0o60600, 0x800), node('mknod-memory', 'memory', 0o20600, 0x101)]
}

function status(id: string, tried: string, hole: RegExp): Attempt {
  return {
    id,
    group,
    tried,
    run: async () => {
      const found = hole.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
      return found === undefined
        ? stopped('/proc/self/status says there is none of it')
        : escaped(`it says ${found}`)
    },
  }
}

/** su waits for a password meanwhile; whose rights it runs with stands in its status. */
async function setuidProgram(): Promise<Verdict> {
  const su = spawn('su', ['-c', 'true', 'root'], { stdio: ['pipe', 'ignore', 'ignore'] })
  try {
    await new Promise((resolve, reject) => su.once('spawn', resolve).once('error', reject))
    await sleep(150)
    const [, real, effective] =
      /^Uid:\s+(\d+)\s+(\d+)/m.exec(await readFile(`/proc/${su.pid}/status`, 'utf8')) ?? []
    if (effective === undefined) return notTried('su ended before it could be looked at')
    return effective === '0'
      ? escaped('it runs as root')
      : stopped(`it runs as user ${real}, not as root: no-new-privileges`)
  } catch (error) {
    return notTried(`su could not be started: ${(error as Error).message}`)
  } finally {
    su.kill('SIGKILL')
  }
}

/** The host's number may mean another process here, or none. */
async function traceHost(pid: number, secret: string): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (!words.includes(secret)) {
    throw Object.assign(
      new Error(`no process of the host is seen in /proc, ${pid} is not there or another one`),
      {
        code: 'ENOENT',
      },
    )
  }
  // PTRACE_SEIZE stops nobody.
  await call('ptrace', 0x4206, pid, 0, 0)
  return `process ${pid} of the host is seen and can be traced`
}
