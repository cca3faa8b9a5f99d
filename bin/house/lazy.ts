/** A stand-in for something that is made when it is first used. */
export function lazy<T extends object>(get: () => T): T {
  return new Proxy({} as T, { get: (_, name) => get()[name as keyof T] })
}
