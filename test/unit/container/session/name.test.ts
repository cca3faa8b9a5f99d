import { expect, test } from 'vitest'
import { checkName, nameFor, resolveName, toSlug } from '../../../../container/session/name.ts'

const session = (name: string, workspace = `/w/${name}`) => ({ id: `id-${name}`, name, workspace })

test.each([
  ['/w/My App.v2', 'my-app-v2'],
  ['/w/Café', 'cafe'],
  ['/w/--x--', 'x'],
  ['/w/日本', 'session'],
  ['/w/a:b.c', 'a-b-c'],
  [`/w/${'x'.repeat(80)}`, 'x'.repeat(30)],
])('%s is called %s', (folder, slug) => expect(toSlug(folder)).toBe(slug))

test('a workspace keeps its name; another one with the same folder name gets digits of its path, always the same', () => {
  expect(nameFor('/a/app', [])).toBe('app')
  expect(nameFor('/a/app', [session('app', '/a/app')])).toBe('app')
  const other = nameFor('/b/app', [session('app', '/a/app')])
  expect(other).toMatch(/^app-[0-9a-f]{4}$/)
  expect(nameFor('/b/app', [session('app', '/a/app'), session(other, '/b/app')])).toBe(other)
})

test.each(['', 'A', 'a b', '-x', 'a:b', 'a.b', '$(id)', 'x'.repeat(41)])('the name %j is refused', (name) => {
  expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'bad-name' }))
})

test('a word means the exact name before the beginning of one before a part of one', () => {
  const all = [session('api'), session('api-tests'), session('web-api')]
  expect(resolveName('api', all).name).toBe('api')
  expect(resolveName('api-', all).name).toBe('api-tests')
  expect(resolveName('web', all).name).toBe('web-api')
  expect(resolveName('b-a', all).name).toBe('web-api')
  expect(resolveName('id-api', all).name).toBe('api')
})

test('a word that means several names them, one that means none says so', () => {
  const all = [session('app-one'), session('app-two')]
  expect(() => resolveName('app', all)).toThrow(/app-one, app-two/)
  expect(() => resolveName('', [session('only')])).toThrow(
    expect.objectContaining({ code: 'ambiguous-name' }),
  )
  expect(() => resolveName('x', all)).toThrow(expect.objectContaining({ code: 'no-session' }))
})
