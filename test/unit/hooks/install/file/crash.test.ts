/** A process that dies between any two of its steps. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GROUPS, OLDER } from '../settings-samples.ts'
import { createSettingsFolder, type SettingsFolder } from './settings-folder.ts'

const BEFORE = '{\r\n\t"model": "opus",\r\n\t"n": 1e400\r\n}\r\n'
const CHILD = join(import.meta.dirname, './crash-child.ts')

type Scene = {
  action: 'install' | 'uninstall'
  arrange: (at: SettingsFolder) => unknown
  /** What is there without ours. */
  original: string | null
}

const scenes: Record<string, Scene> = {
  'a first install': { action: 'install', arrange: (at) => at.put(BEFORE), original: BEFORE },
  'an install without a file and a folder': {
    action: 'install',
    arrange: (at) => rmSync(at.folder, { recursive: true }),
    original: null,
  },
  'an update': {
    action: 'install',
    arrange: async (at) => {
      at.put(BEFORE)
      await at.install(OLDER)
    },
    original: BEFORE,
  },
  'an update of a file of ours alone': {
    action: 'install',
    arrange: (at) => at.install(OLDER),
    original: null,
  },
  'an uninstall that gives back': {
    action: 'uninstall',
    arrange: async (at) => {
      at.put(BEFORE)
      await at.install()
    },
    original: BEFORE,
  },
  'an uninstall that removes': { action: 'uninstall', arrange: (at) => at.install(), original: null },
}

const textIn = (at: SettingsFolder) => (existsSync(at.file) ? at.text() : null)
const namesIn = (at: SettingsFolder) => (existsSync(at.folder) ? at.names() : [])

test.each(Object.entries(scenes))(
  '%s leaves the old file or the new one, and nothing is lost',
  {
    timeout: 60_000,
  },
  async (_, { action, arrange, original }) => {
    const at = createSettingsFolder()
    const copies = `${at.root}-copies`
    try {
      await arrange(at)
      const old = textIn(at)
      execFileSync(process.execPath, [CHILD, action, at.root, at.file, at.records, copies])
      const final = textIn(at)
      const steps = readdirSync(copies)
      expect(steps.length).toBeGreaterThan(4)
      for (const step of steps) {
        rmSync(at.root, { recursive: true })
        cpSync(join(copies, step), at.root, { recursive: true, verbatimSymlinks: true })
        expect([old, final], `step ${step}`).toContain(textIn(at))
        if (action === 'install') {
          await at.install()
          expect(textIn(at), `step ${step}`).toBe(final)
          expect(await at.read()).toHaveLength(GROUPS.length)
          expect(at.names(), `step ${step}`).toEqual(['settings.json'])
        }
        await at.uninstall()
        expect(textIn(at), `step ${step}`).toBe(original)
        expect(namesIn(at), `step ${step}`).toEqual(original === null ? [] : ['settings.json'])
        expect(existsSync(at.records) ? at.recorded() : [], `step ${step}`).toEqual([])
      }
    } finally {
      rmSync(copies, { recursive: true, force: true })
      at.destroy()
    }
  },
)
