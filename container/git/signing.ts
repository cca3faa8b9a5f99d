/** Whether a session signs commits as its user does, and with which key. Pure. */
import { toPublicKey } from '../keys/public-key.ts'
import { isOn, lastValue, type Setting } from '../workspace/git-config.ts'

export type SigningFacts = {
  /** What holds for this repository on the host, its own configuration included. */
  settings: readonly Setting[]
  /** Whether the session has a way to use ssh keys. */
  hasKeys: boolean
  /** The public half of the file that `user.signingkey` names, and where the session has it; null without one. */
  key: { text: string; file: string } | null
  /** Keys of the ssh-agent as `type base64`; null when it is not asked, because the session has copies of the keys. */
  held: readonly string[] | null
}

/** Settings for the session, and why it does not sign although the user does: null where it does, or nobody wants it. */
export function decideSigning(facts: SigningFacts): { settings: Setting[]; unsigned: string | null } {
  const { settings } = facts
  const commits = isOn(settings, 'commit.gpgsign')
  const tags = isOn(settings, 'tag.gpgsign')
  const { key, why } = findKey(facts)
  if (why === null) {
    const set = [
      { name: 'gpg.format', value: 'ssh' },
      ...(key === null
        ? [{ name: 'gpg.ssh.defaultkeycommand', value: 'ssh-add -L' }]
        : [{ name: 'user.signingkey', value: key }]),
      { name: 'commit.gpgsign', value: String(commits) },
      { name: 'tag.gpgsign', value: String(tags) },
    ]
    return { settings: set, unsigned: null }
  }
  if (!commits && !tags) return { settings: [], unsigned: null }
  const off = ['commit.gpgsign', 'tag.gpgsign', 'tag.forcesignannotated'].map((name) => ({
    name,
    value: 'false',
  }))
  return { settings: off, unsigned: why }
}

/** `key` is null where git shall take the agent's first. */
function findKey(facts: SigningFacts): { key: string | null; why: string | null } {
  const { settings, hasKeys, held } = facts
  const without = (why: string) => ({ key: null, why })
  const format = lastValue(settings, 'gpg.format') ?? 'openpgp'
  if (format !== 'ssh')
    return without(`they are signed with ${format === 'openpgp' ? 'gpg' : format}, and it is not there`)
  if (!hasKeys) return without('it has no ssh keys')
  const named = lastValue(settings, 'user.signingkey')
  if (named === null) {
    const isAgent = /^ssh-add\s+-L$/.test(lastValue(settings, 'gpg.ssh.defaultkeycommand')?.trim() ?? '')
    return isAgent ? { key: null, why: null } : without('user.signingkey names no key')
  }
  const literal = toPublicKey(named.replace(/^key::/, ''))
  const text = literal ?? facts.key?.text
  if (text === undefined) return without(`${named} has no public half beside it`)
  if (held !== null && !held.includes(text))
    return without(`your ssh-agent does not hold ${named} (see ssh-add -l)`)
  return { key: literal === null ? (facts.key?.file ?? null) : `key::${literal}`, why: null }
}
