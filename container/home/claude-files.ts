/** What Claude finds in its home besides settings: no first-run question. Pure. */
import * as z from 'zod'

const userState = z.looseObject({ theme: z.string().optional(), editorMode: z.string().optional() })

/** How many characters of an API key Claude Code 2.1.330 remembers an approval by. */
const KEY_SUFFIX = 20

/** `~/.claude.json` for the session: everything asked at a first start counts as answered (Claude Code 2.1.330). */
export function toState(text: string | null, session: { workspace: string; apiKey: string | null }): object {
  const { theme = 'dark', editorMode } = parse(userState, text) ?? {}
  return {
    theme,
    ...(editorMode !== undefined && { editorMode }),
    hasCompletedOnboarding: true,
    lastOnboardingVersion: '9.9.9',
    numStartups: 9,
    autoUpdates: false,
    hasSeenTasksHint: true,
    bypassPermissionsModeAccepted: true,
    customApiKeyResponses: {
      approved: session.apiKey === null ? [] : [session.apiKey.slice(-KEY_SUFFIX)],
      rejected: [],
    },
    projects: {
      [session.workspace]: {
        allowedTools: [],
        hasTrustDialogAccepted: true,
        projectOnboardingSeenCount: 9,
        hasCompletedProjectOnboarding: true,
      },
    },
  }
}

/** The two lines that whoami, ssh and Node need to know the user by. */
export function toPasswd(
  { uid, gid }: { uid: number; gid: number },
  home: string,
): { passwd: string; group: string } {
  return {
    passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\nclaude:x:${uid}:${gid}:Claude:${home}:/bin/bash\n`,
    group: `root:x:0:\nclaude:x:${gid}:\n`,
  }
}

function parse<T>(schema: z.ZodType<T>, text: string | null): T | null {
  try {
    return schema.parse(JSON.parse(text ?? ''))
  } catch {
    return null
  }
}
