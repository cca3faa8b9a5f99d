/**
 * A small Messages API on loopback that plays scripts instead of thinking, for `rc demo` and the tests. A script is
 * chosen by a marker word in the newest prompt; its next step follows from how many turns the assistant has had since.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type ToolUse = { name: string; input: Record<string, unknown> }

/** One turn of the assistant. Its tools may follow from what Claude Code has told the model. */
export type Step = {
  text?: string
  tools?: ToolUse[] | ((asked: MessagesRequest) => ToolUse[])
  delayMs?: number
}

type Block = { type: string; text?: string; content?: unknown; tool_use_id?: string; is_error?: boolean }
type Message = { role: string; content: string | Block[] }
/** What Claude Code sends for one turn, as far as it is looked at. */
export type MessagesRequest = { model?: string; stream?: boolean; tools?: unknown[]; messages?: Message[] }

export type ScriptedModel = Awaited<ReturnType<typeof startScriptedModel>>

/** Starts the API on a free port of 127.0.0.1. `requests` are the main conversation's bodies, oldest first. */
export async function startScriptedModel({ scripts }: { scripts: Record<string, Step[]> }) {
  const requests: MessagesRequest[] = []
  const times: number[] = []
  let calls = 0

  const server = createServer(async (request, response) => {
    const body = await readBody(request).catch(() => null)
    // Claude gives a request up when it is interrupted.
    if (body === null) return
    if (request.method === 'HEAD') return void response.writeHead(200).end()
    if (!request.url?.startsWith('/v1/messages')) return sendJson(response, {})
    if (request.url.includes('count_tokens')) return sendJson(response, { input_tokens: 100 })
    const asked = JSON.parse(body) as MessagesRequest
    // Side requests, such as titles, come without tools.
    const isMain = (asked.tools?.length ?? 0) > 0
    if (isMain) {
      requests.push(asked)
      times.push(performance.now())
    }
    const step = isMain ? chooseStep(scripts, asked.messages ?? []) : { text: '{"title": "Scripted"}' }
    calls += 1
    await new Promise((resolve) => setTimeout(resolve, step.delayMs ?? 0))
    const blocks = toBlocks(step, asked, calls)
    if (asked.stream === false) return sendJson(response, wholeMessage(asked.model, blocks))
    streamMessage(response, asked.model, blocks)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    /** When each of them came, in milliseconds of `performance.now()`. */
    times,
    /** Every tool_result block that Claude sent back, oldest first, each once. */
    toolResults(): Block[] {
      const last = requests.flatMap((one) => one.messages ?? []).flatMap(({ content }) => blocksOf(content))
      const seen = new Map(
        last.filter((block) => block.type === 'tool_result').map((block) => [JSON.stringify(block), block]),
      )
      return [...seen.values()]
    },
    close(): Promise<void> {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Reminders of Claude Code's own stand in user messages too and may quote anything. */
function chooseStep(scripts: Record<string, Step[]>, messages: Message[]): Step {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    if (message?.role !== 'user') continue
    const text = blocksOf(message.content)
      .map((block) => block.text ?? '')
      .join('\n')
      .replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '')
    const marker = Object.keys(scripts).find((one) => text.includes(one))
    if (marker === undefined) continue
    const turns = messages.slice(at + 1).filter((one) => one.role === 'assistant').length
    return scripts[marker]?.[turns] ?? { text: `The script "${marker}" has no step ${turns + 1}.` }
  }
  return { text: 'There is no script for this prompt.' }
}

function blocksOf(content: Message['content']): Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

type OutBlock =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }

function toBlocks({ text, tools = [] }: Step, asked: MessagesRequest, call: number): OutBlock[] {
  const blocks: OutBlock[] = text === undefined ? [] : [{ type: 'text', text }]
  for (const [index, tool] of (typeof tools === 'function' ? tools(asked) : tools).entries()) {
    blocks.push({ type: 'tool_use', id: `toolu_scripted_${call}_${index}`, ...tool })
  }
  return blocks
}

function stopReason(blocks: OutBlock[]): string {
  return blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn'
}

const USAGE = {
  input_tokens: 10,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 5,
}

function messageHead(model: string | undefined) {
  return {
    id: `msg_scripted_${Date.now()}`,
    type: 'message',
    role: 'assistant',
    model: model ?? 'scripted',
    usage: USAGE,
  }
}

function wholeMessage(model: string | undefined, content: OutBlock[]) {
  return { ...messageHead(model), content, stop_reason: stopReason(content), stop_sequence: null }
}

function streamMessage(response: ServerResponse, model: string | undefined, blocks: OutBlock[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`)
  send('message_start', {
    message: { ...messageHead(model), content: [], stop_reason: null, stop_sequence: null },
  })
  for (const [index, block] of blocks.entries()) {
    const start = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} }
    const delta =
      block.type === 'text'
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
    send('content_block_start', { index, content_block: start })
    send('content_block_delta', { index, delta })
    send('content_block_stop', { index })
  }
  send('message_delta', {
    delta: { stop_reason: stopReason(blocks), stop_sequence: null },
    usage: { output_tokens: 5 },
  })
  send('message_stop', {})
  response.end()
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
