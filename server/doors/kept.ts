/** Doors and gates that are open for as long as they are wanted: what left is closed, what is missing is opened. */

/** Something that does nothing before `open`, and nothing any more after `close`, which may come first. */
type Openable = { open(): Promise<void>; close(): void | Promise<void> }

type Options<Wish, Thing extends Openable> = {
  make(wish: Wish): Thing
  /** One that could not be opened; the next `keep` tries again. */
  onFailure(wish: Wish, error: Error): void
}

/** A wish's key says all that its thing was opened for: under another key it is closed, and opened anew. */
export function createKept<Wish, Thing extends Openable>({ make, onFailure }: Options<Wish, Thing>) {
  const things = new Map<string, Thing>()
  const opened = new Map<Thing, Wish>()
  let isClosed = false

  async function open(key: string, wish: Wish): Promise<void> {
    if (isClosed) return
    try {
      const thing = make(wish)
      things.set(key, thing)
      await thing.open()
      if (things.get(key) === thing) opened.set(thing, wish)
      else await thing.close()
    } catch (error) {
      things.delete(key)
      onFailure(wish, error as Error)
    }
  }

  async function shut(key: string, thing: Thing): Promise<void> {
    things.delete(key)
    opened.delete(thing)
    await thing.close()
  }

  return {
    /** Closes before it opens: what comes may need the place of what goes. Resolves when all that can be open is. */
    async keep(wanted: ReadonlyMap<string, Wish>): Promise<void> {
      if (isClosed) return
      const left = [...things].filter(([key]) => !wanted.has(key))
      await Promise.all(left.map(([key, thing]) => shut(key, thing)))
      const missing = [...wanted].filter(([key]) => !things.has(key))
      await Promise.all(missing.map(([key, wish]) => open(key, wish)))
    },

    isOpen(key: string): boolean {
      const thing = things.get(key)
      return thing !== undefined && opened.has(thing)
    },

    /** What is open, each with what it was wished as. */
    all: (): [Thing, Wish][] => [...opened],

    /** For good. */
    async close(): Promise<void> {
      isClosed = true
      await Promise.all([...things].map(([key, thing]) => shut(key, thing)))
    },
  }
}
