/** What of the host the box can see through its mounts and open files. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { absent } from './file-deeds.ts'

/** Everything of the host's disk that is mounted is meant to be. */
export async function foreignMount(workspace: string): Promise<string> {
  const ours = [workspace, '/run/remote-claude/', '/opt/remote-claude/', '/home/claude/.claude/projects/']
  const expected = [
    '/etc/passwd',
    '/etc/group',
    '/etc/claude-code/managed-settings.json',
    '/etc/claude-code/CLAUDE.md',
    '/usr/local/bin/git',
    '/usr/sbin/docker-init',
    '/sbin/docker-init',
  ]
  const dockers = ['/etc/resolv.conf', '/etc/hostname', '/etc/hosts']
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).trim().split('\n')
  const odd = mounts.flatMap((line) => {
    const [, , , root = '', place = ''] = line.split(' ')
    const [type = ''] = line.split(' - ')[1]?.split(' ') ?? []
    const isVirtual = /^(proc|sysfs|devpts|mqueue|cgroup2?|fuse\.lxcfs|nsfs)$/.test(type)
    // What Docker itself makes of these is whole; a part of one is a folder of the host's.
    const isWhole = /^(overlay|tmpfs)$/.test(type) && (root === '/' || root === '/null')
    const isOurs = ours.some((one) => place.startsWith(one)) || [...expected, ...dockers].includes(place)
    return isVirtual || isWhole || isOurs ? [] : [`${root} at ${place}`]
  })
  if (odd.length === 0) throw absent(`all of ${mounts.length} mounts are the box's own`)
  return odd.join(', ')
}

/** What all processes of the box have open. */
export async function openFiles(): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = processes.map(async (pid) => {
    const folder = `/proc/${pid}/fd`
    const names = await readdir(folder).catch(() => [])
    return await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')))
  })
  return (await Promise.all(found)).flat()
}
