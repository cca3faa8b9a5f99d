/** Which names of tools may stand in our own sentences. Pure. */

const MOST = 60

/** Claude Code's own tools (2.1.197 and 2.1.330). Any other name is text that somebody in the session chose. */
const BUILT_IN: ReadonlySet<string> = new Set(
  `Agent AskUserQuestion Bash BashOutput Edit EnterPlanMode EnterWorktree ExitPlanMode ExitWorktree Glob Grep KillShell
  LS ListMcpResourcesTool LSP Monitor MultiEdit NotebookEdit NotebookRead Read ReadMcpResourceTool SendMessage Skill
  SlashCommand Task TaskCreate TaskGet TaskList TaskOutput TaskStop TaskUpdate TodoRead TodoWrite ToolSearch WebFetch
  WebSearch Write`.split(/\s+/),
)

/** A tool of an MCP server; null for every other name. */
export function readMcpName(tool: string | null): { server: string; name: string } | null {
  const [, server, name] = /^mcp__([\w-]+?)__([\w-]+)$/.exec(tool ?? '') ?? []
  return server === undefined || name === undefined ? null : { server, name }
}

/** The tool's name as our sentences may hold it; null where it has to be quoted as the session's own word. */
export function knownToolName(tool: string | null): string | null {
  if (tool === null) return null
  if (BUILT_IN.has(tool)) return tool
  if (readMcpName(tool) === null) return null
  return tool.length <= MOST ? tool : `${tool.slice(0, MOST - 1)}…`
}
