/**
 * A real sshd on loopback with one repository, and a user who gets there: by a real ssh-agent in which the right key is the
 * last of seven (a server hears six), and by an alias of their ~/.ssh/config.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { until } from './until.ts'

export type KeyServer = Awaited<ReturnType<typeof startKeyServer>>

/** Everything stands in `home`, whose .ssh gets key, alias and known host; `name` is what the server is known as. */
export async function startKeyServer(home: string, name: string) {
  const ssh = join(home, '.ssh')
  const folder = join(home, 'sshd')
  await mkdir(ssh, { recursive: true, mode: 0o700 })
  await mkdir(folder)
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const port = await freePort()
  const key = join(ssh, 'id_ed25519')
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@laptop', '-f', key])
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')])
  const hostKey = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ').slice(0, 2).join(' ')
  await writeFile(join(ssh, 'known_hosts'), `[${name}]:${port} ${hostKey}\n`)
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${key}.pub`))

  const repository = join(folder, 'served.git')
  await execa('git', ['init', '-q', '--bare', '-b', 'main', repository])
  await writeFile(
    join(folder, 'config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PidFile none',
    ].join('\n'),
  )
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], { stdio: 'ignore' })
  const agent = join(folder, 'agent.sock')
  const agentProcess = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' })
  await until('sshd to listen', () => answers(port))
  await writeFile(join(ssh, 'config'), `Host hub\n  HostName ${name}\n  Port ${port}\n`)
  const others = [1, 2, 3, 4, 5, 6].map((count) => join(folder, `other${count}`))
  for (const other of others)
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'other', '-f', other])
  await until('the ssh-agent to hold other keys', async () => {
    const added = await execa('ssh-add', ['-q', ...others], { env: { SSH_AUTH_SOCK: agent }, reject: false })
    return added.exitCode === 0
  })
  await until('the ssh-agent to hold the key', async () => {
    const added = await execa('ssh-add', ['-q', key], { env: { SSH_AUTH_SOCK: agent }, reject: false })
    return added.exitCode === 0
  })
  // From here on only the agent has it.
  await writeFile(key, '')
  await chmod(key, 0o600)

  return {
    port,
    agent,
    url: `ssh://${userInfo().username}@${name}:${port}${repository}`,
    /** The same by the alias. */
    byAlias: `${userInfo().username}@hub:${repository}`,
    /** What the server's branch has, or null. */
    async pushed(branch = 'main'): Promise<string | null> {
      const done = await execa('git', ['--git-dir', repository, 'rev-parse', '--verify', '-q', branch], {
        reject: false,
      })
      return done.exitCode === 0 ? done.stdout : null
    },
    async close(): Promise<void> {
      await Promise.all([sshd, agentProcess].map(end))
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  if (child.exitCode === null && child.signalCode === null) await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
