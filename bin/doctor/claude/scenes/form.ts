/** A form of an MCP server. */
import type { Scene } from '../facts.ts'
import { GUARDED, guardedSettings } from './guarded.ts'

/** A small MCP server over stdio. Its one tool asks the person a form and gives back what came of it. */
const SERVER = `
const send = (message) => require('node:fs').writeSync(1, JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const requestedSchema = { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] }
const tool = { name: 'ask', description: 'Asks the person.', inputSchema: { type: 'object', properties: {} } }
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'lab', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [tool] }),
}
let call = null
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line)
  if (method === 'tools/call') {
    call = id
    send({ id: 'form', method: 'elicitation/create', params: { message: 'Which colour?', requestedSchema } })
  } else if (id === 'form') {
    send({ id: call, result: { content: [{ type: 'text', text: 'form: ' + JSON.stringify(result) }] } })
  } else if (id !== undefined) send({ id, result: answers[method]?.(params) ?? {} })
})
`
const CONFIG = JSON.stringify({ mcpServers: { lab: { command: process.execPath, args: ['-e', SERVER] } } })

export const formScene: Scene = {
  name: 'a form of an MCP server',
  args: ['--mcp-config', CONFIG, ...GUARDED],
  settings: guardedSettings,
  scripts: {
    'mark-form': [
      // The server needs a moment to connect (2.1.197).
      { tools: [{ name: 'Bash', input: { command: 'sleep 2' } }] },
      { tools: [{ name: 'mcp__lab__ask', input: {} }] },
      { text: 'Done form.' },
    ],
  },
  facts: [
    { id: 'form-input', fact: 'Elicitation tells mcp_server_name, message, mode and requested_schema' },
    { id: 'form-first', fact: 'the hook of Elicitation runs before the dialog is shown' },
    { id: 'form-answer', fact: 'accept with content answers the server of a form' },
  ],
  async play(stage, see) {
    const output = { hookEventName: 'Elicitation', action: 'accept', content: { colour: 'green' } }
    const behaviour = { delayMs: 2_000, stdout: JSON.stringify({ hookSpecificOutput: output }) }
    const asked = await stage.ask('mark-form', behaviour, 'Elicitation')
    await see('form-input', async () => {
      const { input = {} } = await asked.heard('Elicitation')
      const missing = ['mcp_server_name', 'message', 'mode', 'requested_schema'].filter(
        (it) => input[it] === undefined,
      )
      return missing.length === 0 || `${missing.join(', ')} missing`
    })
    await see('form-first', async () => {
      await stage.wait('the second before its answer', async () => {
        const [start] = (await asked.since()).filter(({ event }) => event === 'Elicitation')
        return start !== undefined && Date.now() - start.at > 1_000
      })
      return (await stage.screen()).kind !== 'dialog' || 'the dialog is on the screen'
    })
    await see('form-answer', async () => {
      await stage.claude.shows(/Done form\./)
      const results = JSON.stringify(stage.model.toolResults().map(({ content }) => content))
      return results.includes('green') || results
    })
  },
}
