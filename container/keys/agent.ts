/** The user's own ssh-agent on this machine: what it lists, and what it answers to a message. */
import { connect } from 'node:net'
import { ContainerError } from '../errors.ts'
import { type Identity, type PublicKey, readIdentities } from './public-key.ts'
import { createSplitter, MESSAGE, toFrame } from './wire.ts'

/** An agent that only lists does not wait for a person. */
const LIST_TIMEOUT_MS = 5_000

type Patience = { timeoutMs: number; gone?: AbortSignal }

/** The socket of the ssh-agent that answers on this machine, as SSH_AUTH_SOCK names it, or null. Never rejects. */
export async function findAgent(env: Record<string, string | undefined>): Promise<string | null> {
  const path = env['SSH_AUTH_SOCK']
  if (!path) return null
  return await listIdentities(path).then(
    () => path,
    () => null,
  )
}

/** The public keys that the agent at `upstream` holds. Rejects with `agent-unreachable`. */
export async function listKeys(upstream: string, patience?: Patience): Promise<PublicKey[]> {
  const identities = await listIdentities(upstream, patience).catch((cause: Error) => {
    throw new ContainerError(
      'agent-unreachable',
      `The ssh-agent at ${upstream} does not list its keys: ${cause.message}.`,
      'Start it, or set SSH_AUTH_SOCK to the one that runs; ssh-add -l shows what it holds.',
      { cause },
    )
  })
  return identities.map(({ key }) => key)
}

/** The keys of this moment. Rejects when the agent cannot be reached, or says what no agent says. */
export async function listIdentities(
  upstream: string,
  { timeoutMs, gone }: Patience = { timeoutMs: LIST_TIMEOUT_MS },
): Promise<Identity[]> {
  const request = Buffer.from([MESSAGE.listKeys])
  return readIdentities(await exchange(upstream, request, { timeoutMs, ...(gone && { gone }) }))
}

/** The agent's answer to one message, on a connection of its own. Rejects in time, or as soon as `gone` is aborted. */
export function exchange(upstream: string, message: Buffer, { timeoutMs, gone }: Patience): Promise<Buffer> {
  const split = createSplitter()
  return new Promise((resolve, reject) => {
    const socket = connect(upstream)
    const timer = setTimeout(() => end(`it did not answer within ${timeoutMs} ms`), timeoutMs)
    const hangUp = () => end('nobody waits for its answer any more')

    function end(answer: Buffer | string): void {
      clearTimeout(timer)
      gone?.removeEventListener('abort', hangUp)
      socket.destroy()
      if (typeof answer === 'string') reject(new Error(answer))
      else resolve(answer)
    }

    gone?.addEventListener('abort', hangUp, { once: true })
    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end('it closed the connection'))
    socket.on('data', (chunk) => {
      try {
        for (const answer of split(chunk)) return end(answer)
      } catch (error) {
        end(String(error))
      }
    })
    if (gone?.aborted) hangUp()
    else socket.write(toFrame(message))
  })
}
