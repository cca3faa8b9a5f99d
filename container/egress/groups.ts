/** Names for the hosts that a common tool needs, so that nobody has to type them. */
import { CLAUDE_HOSTS } from '../options.ts'

/**
 * The groups of `network.allowed_domains`. A star in a group covers the bare domain too. Hosts as the tools' own
 * documentation and default settings name them. Git over ssh is in none: `github.com:22` has to be said.
 */
export const HOST_GROUPS: Readonly<Record<string, readonly string[]>> = {
  anthropic: CLAUDE_HOSTS,
  crates: ['*.crates.io'],
  debian: ['*.debian.org'],
  github: [
    'github.com',
    'api.github.com',
    'codeload.github.com',
    'uploads.github.com',
    'objects.githubusercontent.com',
    'raw.githubusercontent.com',
    'release-assets.githubusercontent.com',
  ],
  go: ['*.golang.org'],
  npm: ['*.npmjs.org'],
  pypi: ['*.pypi.org', 'files.pythonhosted.org'],
}
