/** What is known about a session's doors, for the owner. */

export type DoorView = {
  door: 'hooks' | 'egress' | 'keys'
  /** `silent`: it stands, and the ssh-agent behind it gives no answer. `unwanted`: the session was started without it. */
  state: 'open' | 'closed' | 'unwanted' | 'silent'
  /** What it was opened for, or why it is not open; for a person. */
  about: string
}

/** What the responder's parts outside of this room add to its status. */
export type StatusAdditions = {
  /** The container of each living session, and its doors but the hooks'. */
  doors: Record<string, { container: string; views: DoorView[] }>
  /** What is wrong with the configuration file, which is not followed until it is mended; null when all is well. */
  config_problem: string | null
  /** The proxy that egress and pushes go through, without its password; null without one. */
  proxy: string | null
}
