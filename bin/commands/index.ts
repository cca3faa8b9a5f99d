/** All commands. Each is one file that exports `command`, loaded when it is called: `rc --help` loads none of them. */
import type { Command } from '../cli/command.ts'

export type CommandEntry = {
  name: string
  aliases: string[]
  group: 'Sessions' | 'Asks' | 'This machine'
  /** How its arguments are shown in `rc --help`. */
  usage: string
  summary: string
  load(): Promise<{ command: Command }>
}

export const COMMANDS: CommandEntry[] = [
  {
    name: 'start',
    aliases: [],
    group: 'Sessions',
    usage: '[DIR…]',
    summary: 'Claude Code in a container, one session a folder',
    load: () => import('./start.ts'),
  },
  {
    name: 'list',
    aliases: ['ls'],
    group: 'Sessions',
    usage: '',
    summary: 'what runs',
    load: () => import('./list.ts'),
  },
  {
    name: 'attach',
    aliases: ['a'],
    group: 'Sessions',
    usage: '[SESSION]',
    summary: 'to the pane of a session',
    load: () => import('./attach.ts'),
  },
  {
    name: 'status',
    aliases: [],
    group: 'Sessions',
    usage: '[SESSION]',
    summary: 'how a session, or everything, is',
    load: () => import('./status.ts'),
  },
  {
    name: 'logs',
    aliases: [],
    group: 'Sessions',
    usage: 'SESSION',
    summary: "what Claude's terminal printed",
    load: () => import('./logs.ts'),
  },
  {
    name: 'shell',
    aliases: ['sh'],
    group: 'Sessions',
    usage: 'SESSION',
    summary: 'a shell in the container of a session',
    load: () => import('./shell.ts'),
  },
  {
    name: 'restart',
    aliases: ['r'],
    group: 'Sessions',
    usage: 'SESSION',
    summary: 'end a session and start it afresh',
    load: () => import('./restart.ts'),
  },
  {
    name: 'take',
    aliases: [],
    group: 'Sessions',
    usage: 'SESSION',
    summary: "a session's conversation, for the Claude of this machine",
    load: () => import('./take.ts'),
  },
  {
    name: 'kill',
    aliases: ['rm'],
    group: 'Sessions',
    usage: 'SESSION',
    summary: 'end a session and remove what is its own',
    load: () => import('./kill.ts'),
  },
  {
    name: 'asks',
    aliases: [],
    group: 'Asks',
    usage: '',
    summary: 'what waits for a person',
    load: () => import('./asks.ts'),
  },
  {
    name: 'answer',
    aliases: [],
    group: 'Asks',
    usage: 'ID ANSWER',
    summary: 'answer an ask: allow, always, deny or reply',
    load: () => import('./answer.ts'),
  },
  {
    name: 'notify',
    aliases: [],
    group: 'Asks',
    usage: '',
    summary: 'a push of your own; what may ring, and until when',
    load: () => import('./notify.ts'),
  },
  {
    name: 'watch',
    aliases: [],
    group: 'Asks',
    usage: '',
    summary: 'ring once more for what still waits',
    load: () => import('./watch.ts'),
  },
  {
    name: 'pair',
    aliases: [],
    group: 'Asks',
    usage: '',
    summary: 'pair a phone or a browser with this machine',
    load: () => import('./pair.ts'),
  },
  {
    name: 'devices',
    aliases: [],
    group: 'Asks',
    usage: '[revoke NAME]',
    summary: 'what is paired, and the end of it',
    load: () => import('./devices.ts'),
  },
  {
    name: 'hooks',
    aliases: [],
    group: 'This machine',
    usage: 'install|status|…',
    summary: 'questions of a Claude Code that rc did not start, on your phone too',
    load: () => import('./hooks.ts'),
  },
  {
    name: 'setup',
    aliases: [],
    group: 'This machine',
    usage: '',
    summary: 'how Claude logs in, and what of git, ssh and GitHub sessions are given',
    load: () => import('./setup.ts'),
  },
  {
    name: 'demo',
    aliases: [],
    group: 'This machine',
    usage: '',
    summary: 'the whole loop without any account',
    load: () => import('./demo.ts'),
  },
  {
    name: 'doctor',
    aliases: [],
    group: 'This machine',
    usage: '[--box|--claude]',
    summary: 'what is missing here, whether the box holds, whether Claude is known',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'build',
    aliases: [],
    group: 'This machine',
    usage: '',
    summary: 'build the image that sessions run in',
    load: () => import('./build.ts'),
  },
  {
    name: 'config',
    aliases: [],
    group: 'This machine',
    usage: 'path|show|check',
    summary: 'the configuration: where, what, and what is wrong with it',
    load: () => import('./config.ts'),
  },
  {
    name: 'server',
    aliases: [],
    group: 'This machine',
    usage: 'start|stop|…',
    summary: 'the responder, which brings asks to the phone',
    load: () => import('./server.ts'),
  },
  {
    name: 'serve',
    aliases: [],
    group: 'This machine',
    usage: '',
    summary: 'the responder in the foreground',
    load: () => import('./serve.ts'),
  },
  {
    name: 'version',
    aliases: [],
    group: 'This machine',
    usage: '',
    summary: 'the version of this program',
    load: () => import('./version.ts'),
  },
]

/** The command of a name or alias, or null. */
export function findCommand(word: string): CommandEntry | null {
  return COMMANDS.find(({ name, aliases }) => name === word || aliases.includes(word)) ?? null
}
