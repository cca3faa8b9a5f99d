/** What we have to know of a container that hooks were installed in; the responder keeps it and makes nothing of it. */
import * as z from 'zod'

export const guestDetails = z.object({
  /** The engine's id of it. */
  container: z.string().regex(/^[0-9a-f]{12,64}$/),
  /** Whom its Claude runs as. */
  user: z.string().min(1).max(100),
  /** A Node inside. */
  node: z.string().startsWith('/'),
  /** Its Claude's folder, where the container names another than `~/.claude`. */
  configDir: z.string().startsWith('/').optional(),
  /** What outlives the container and holds the settings file, as a person calls it; empty for nothing, absent where nobody knows. */
  keptIn: z.string().optional(),
})

export type GuestDetails = z.infer<typeof guestDetails>
