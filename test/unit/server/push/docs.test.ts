/** docs/push.md shows the services as they are in the list. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { pathOf } from '../../../../server/push/options.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/push.md'), 'utf8')
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`
const sign = (is: boolean) => (is ? 'yes' : '–')

test('its table says of each service what it can do', () => {
  const rows = PUSH_SERVICES.map(({ label, can }) =>
    row(label, ...[can.buttons, can.withdraw, can.edit, can.answersBack, can.thirdParty].map(sign)),
  )
  expect(page).toContain(`| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n\n`)
})

test('its table of settings has a line for each, with the variable that stands above it', () => {
  const rows = PUSH_SERVICES.flatMap((service) =>
    Object.entries(service.options).map(([option, schema]) => {
      const [variable] = Object.entries(service.variables).find(([, over]) => over === option) ?? []
      const isNeeded = service.needs.includes(option)
      return row(
        `\`${pathOf(service, option).join('.')}\`${isNeeded ? ' (needed)' : ''}`,
        (schema as z.ZodType).description ?? '',
        variable === undefined ? '' : `\`${variable}\``,
      )
    }),
  )
  expect(page).toContain(`| --- | --- | --- |\n${rows.join('\n')}\n`)
})
