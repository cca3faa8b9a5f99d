import { expect, test } from 'vitest'
import type { Machine, Ran } from '../../../../setup/machine.ts'
import { ensureRequirements } from '../../../../setup/needs/requirements.ts'

const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'

type State = {
  programs: Set<string>
  dockerAnswers: boolean
  files: Record<string, string>
  packages: Set<string>
  ran: string[]
}

/** A Debian in memory: apt-get brings programs, dockerd makes docker answer. */
function createDebian(
  given: Partial<Omit<State, 'ran'>> & { uid?: number; env?: Record<string, string> } = {},
) {
  const state: State = {
    programs: given.programs ?? new Set(['apt-get']),
    dockerAnswers: given.dockerAnswers ?? false,
    files: given.files ?? {},
    packages: given.packages ?? new Set(['docker.io', 'iptables', 'tmux', 'acl', 'debootstrap']),
    ran: [],
  }
  const contents: Record<string, string[]> = {
    'docker.io': ['docker', 'dockerd'],
    'docker-cli': ['docker'],
    iptables: ['iptables'],
    tmux: ['tmux'],
    acl: ['setfacl'],
    debootstrap: ['debootstrap'],
  }
  const ok: Ran = { code: 0, output: '' }
  let now = 0

  const run: Machine['run'] = async (command, args, options) => {
    const line = [...(options?.asRoot ? ['(root)'] : []), command, ...args].join(' ')
    if (command === 'docker') {
      return state.dockerAnswers ? { code: 0, output: '20.10.24' } : { code: 1, output: NO_DAEMON }
    }
    if (command === 'apt-cache') return { code: state.packages.has(args.at(-1) ?? '') ? 0 : 100, output: '' }
    state.ran.push(line)
    if (command === 'apt-get' && args.includes('install')) {
      const names = args.slice(args.indexOf('--no-install-recommends') + 1)
      const unknown = names.find((name) => !state.packages.has(name))
      if (unknown !== undefined) return { code: 100, output: `E: Unable to locate package ${unknown}` }
      for (const name of names) for (const program of contents[name] ?? []) state.programs.add(program)
    }
    const starts = line.includes('dockerd') || line.includes('systemctl start docker')
    if (starts && state.programs.has('iptables')) state.dockerAnswers = true
    if (starts && !state.dockerAnswers) {
      state.files['/state/dockerd.log'] =
        'failed to start daemon: Error initializing network controller: iptables not found'
    }
    return ok
  }
  const machine: Machine = {
    platform: 'linux',
    uid: given.uid ?? 0,
    user: 'me',
    env: given.env ?? {},
    run,
    has: async (command) => state.programs.has(command),
    exists: async (path) => path in state.files,
    read: async (path) => state.files[path] ?? '',
    sleep: async (ms) => {
      now += ms
    },
    now: () => now,
  }
  return { machine, state }
}

type Debian = ReturnType<typeof createDebian>
const said: string[] = []

function ensure({ machine }: Debian, need: Parameters<typeof ensureRequirements>[0]['need'], given = {}) {
  said.length = 0
  return ensureRequirements({
    need,
    machine,
    yes: true,
    ask: null,
    onProgress: (line) => said.push(line),
    dockerdLog: '/tmp/dockerd-of-a-test.log',
    ...given,
  })
}

test('where everything is there, nothing is run and nothing is said', async () => {
  const debian = createDebian({ programs: new Set(['docker', 'tmux', 'setfacl']), dockerAnswers: true })
  await ensure(debian, ['docker', 'tmux', 'acl'])
  expect(debian.state.ran).toEqual([])
  expect(said).toEqual([])
})

test('on a bare Debian, Docker and tmux come in one installation, and dockerd is started without an init', async () => {
  const debian = createDebian()
  await ensure(debian, ['docker', 'tmux'])
  const installs = debian.state.ran.filter((line) => line.includes(' install '))
  expect(installs).toHaveLength(1)
  expect(installs[0]).toMatch(/--no-install-recommends docker\.io iptables tmux$/)
  expect(debian.state.ran.at(-1)).toContain('setsid dockerd')
  expect(said[0]).toBe('Docker is not installed. tmux is not installed.')
})

test('the package of the docker command is installed where the distribution has it apart', async () => {
  const debian = createDebian({ packages: new Set(['docker.io', 'docker-cli', 'iptables']) })
  await ensure(debian, ['docker'])
  expect(debian.state.ran.find((line) => line.includes(' install '))).toContain(
    'docker.io docker-cli iptables',
  )
})

test('a docker command without a daemon gets the daemon', async () => {
  const debian = createDebian({ programs: new Set(['apt-get', 'docker']) })
  await ensure(debian, ['docker'])
  expect(debian.state.programs).toContain('dockerd')
  expect(debian.state.dockerAnswers).toBe(true)
})

test('a daemon without iptables gets iptables before it is started', async () => {
  const debian = createDebian({ programs: new Set(['apt-get', 'docker', 'dockerd']) })
  await ensure(debian, ['docker'])
  expect(debian.state.ran.find((line) => line.includes(' install '))).toMatch(
    /--no-install-recommends iptables$/,
  )
  expect(debian.state.dockerAnswers).toBe(true)
})

test('where systemd runs, it starts Docker', async () => {
  const debian = createDebian({
    programs: new Set(['docker', 'dockerd', 'iptables']),
    files: { '/run/systemd/system': '' },
    uid: 1000,
  })
  await ensure(debian, ['docker'])
  expect(debian.state.ran).toEqual(['(root) systemctl start docker'])
})

test('without consent nothing is run, and the commands to type are named', async () => {
  const debian = createDebian({ uid: 1000 })
  await expect(ensure(debian, ['tmux'], { yes: false })).rejects.toMatchObject({
    code: 'requirement-missing',
    message: 'tmux is not installed.',
    remedy: 'Install tmux. With --yes rc does this itself: sudo apt-get install tmux.',
  })
  expect(debian.state.ran).toEqual([])
})

test('a person who is asked sees what would be run, and decides', async () => {
  const questions: string[] = []
  const answering = (answer: boolean) => async (question: string) => {
    questions.push(question)
    return answer
  }
  const no = createDebian()
  await expect(ensure(no, ['tmux'], { yes: false, ask: answering(false) })).rejects.toHaveProperty('code')
  expect(no.state.ran).toEqual([])
  await ensure(createDebian(), ['docker'], { yes: false, ask: answering(true) })
  expect(questions).toEqual([
    'tmux is not installed. Shall I run: apt-get install tmux?',
    'Docker is not installed. Shall I run: apt-get install docker.io docker-cli iptables?',
  ])
})

test('a user who may not use Docker is told so, and nobody is added to any group', async () => {
  const debian = createDebian({ programs: new Set(['docker']), uid: 1000 })
  debian.machine.run = async () => ({
    code: 1,
    output:
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
  })
  await expect(ensure(debian, ['docker'])).rejects.toMatchObject({
    message: 'Docker runs, but me may not use it.',
    remedy: expect.stringContaining('usermod -aG docker me'),
  })
})

test('a remote Docker that does not answer is not replaced by a local one', async () => {
  const debian = createDebian({
    programs: new Set(['docker', 'dockerd', 'iptables']),
    env: { DOCKER_HOST: 'tcp://far:1' },
  })
  await expect(ensure(debian, ['docker'])).rejects.toMatchObject({
    message: 'No Docker answers at tcp://far:1, where DOCKER_HOST points.',
  })
  expect(debian.state.ran).toEqual([])
})

test('without a package manager we know, the packages are named', async () => {
  const debian = createDebian({ programs: new Set() })
  await expect(ensure(debian, ['tmux'])).rejects.toMatchObject({ remedy: 'Install tmux.' })
})

test('a failed installation ends with the words of apt-get', async () => {
  const debian = createDebian({ packages: new Set() })
  await expect(ensure(debian, ['tmux'])).rejects.toMatchObject({
    code: 'install-failed',
    message: expect.stringContaining('E: Unable to locate package tmux'),
  })
})

test('an installation that does not help is tried once', async () => {
  const debian = createDebian()
  const run = debian.machine.run
  debian.machine.run = async (command, args, options) =>
    command === 'apt-get' ? { code: 0, output: '' } : run(command, args, options)
  await expect(ensure(debian, ['tmux'])).rejects.toMatchObject({
    remedy: 'Install tmux. What was done did not help.',
  })
})

test('making an image from packages needs root, which nothing is done about', async () => {
  const debian = createDebian({ programs: new Set(['apt-get', 'debootstrap']), uid: 1000 })
  await expect(ensure(debian, ['debootstrap'])).rejects.toMatchObject({
    message: 'Making an image from Debian packages needs root.',
  })
})

test('a dockerd that ends is told with its last words, long before any deadline', async () => {
  const debian = createDebian({ programs: new Set(['docker', 'dockerd', 'iptables']) })
  const run = debian.machine.run
  debian.machine.run = async (command, args, options) => {
    if (command === 'sh') {
      debian.state.files['/tmp/dockerd-of-a-test.log'] = 'failed to start daemon: no overlay here'
      return { code: 0, output: '' }
    }
    return run(command, args, options)
  }
  await expect(ensure(debian, ['docker'])).rejects.toMatchObject({
    code: 'docker-not-started',
    message: expect.stringContaining('no overlay here'),
  })
  expect(debian.machine.now()).toBeLessThan(5000)
})

test('a dockerd that never answers is given up with a named deadline', async () => {
  const debian = createDebian({ programs: new Set(['docker', 'dockerd', 'iptables']) })
  const run = debian.machine.run
  debian.machine.run = async (command, args, options) =>
    command === 'sh' ? { code: 0, output: '' } : run(command, args, options)
  await expect(ensure(debian, ['docker'])).rejects.toMatchObject({
    message: expect.stringContaining('did not answer within 60 seconds'),
  })
})
