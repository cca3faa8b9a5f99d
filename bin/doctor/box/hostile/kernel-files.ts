/** What the kernel shows as files: switches, memory, devices. */
import { mkdir } from 'node:fs/promises'
import type { Attempt } from './attempt.ts'
import { inGroup, readSome, writable } from './file-deeds.ts'

/** Switches of the kernel. Opening them for writing is the whole attempt. */
export function kernelFileAttempts(): Attempt[] {
  const attempt = inGroup('/proc and /sys')
  const switches = {
    'core-pattern': '/proc/sys/kernel/core_pattern',
    modprobe: '/proc/sys/kernel/modprobe',
    'ip-forward': '/proc/sys/net/ipv4/ip_forward',
    'drop-caches': '/proc/sys/vm/drop_caches',
    sysrq: '/proc/sysrq-trigger',
    irq: '/proc/irq/default_smp_affinity',
    'uevent-helper': '/sys/kernel/uevent_helper',
    'cgroup-memory': '/sys/fs/cgroup/memory.max',
    'cgroup-pids': '/sys/fs/cgroup/pids.max',
    'cgroup-memory-1': '/sys/fs/cgroup/memory/memory.limit_in_bytes',
    'cgroup-pids-1': '/sys/fs/cgroup/pids/pids.max',
    'cgroup-release': '/sys/fs/cgroup/memory/release_agent',
  }
  const secrets = {
    kcore: '/proc/kcore',
    kmsg: '/proc/kmsg',
    mem: '/dev/mem',
    'dev-kmsg': '/dev/kmsg',
    disk: '/dev/sda',
    vda: '/dev/vda',
  }
  return [
    ...Object.entries(switches).map(([id, path]) =>
      attempt(`switch-${id}`, `writing ${path}`, () => writable(path)),
    ),
    ...Object.entries(secrets).map(([id, path]) =>
      attempt(`device-${id}`, `reading ${path}`, () => readSome(path)),
    ),
    attempt('cgroup-create', 'a control group of its own', () => mkdir('/sys/fs/cgroup/mine')),
    attempt('kernel-keys', 'reading /proc/keys', () => readSome('/proc/keys')),
  ]
}
