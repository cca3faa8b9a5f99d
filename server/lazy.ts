/** A stand-in for something that is made later than whoever has to know it. Throws where it is used too early. */
export function late<T extends object>(get: () => T | undefined): T {
  return new Proxy({} as T, {
    get: (_, name) => {
      const there = get()
      if (there === undefined) throw new Error('the responder is not ready yet')
      return there[name as keyof T]
    },
  })
}
