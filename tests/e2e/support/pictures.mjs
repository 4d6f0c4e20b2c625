// Pictures for people to look at, and what axe finds on the way.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settle, violations } from './browser.mjs'

const folder = join(process.env.KONTOR_TARGET ?? fileURLToPath(new URL('../../../target', import.meta.url)), 'e2e/pictures')
mkdirSync(folder, { recursive: true })

const SIZES = [[900, 600], [1280, 800]]

/** One picture of the page as it is: `<name>.png`. */
export async function picture(page, name) {
  await settle(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Pictures in both themes and two sizes; gives what axe finds against them. */
export async function pictures(page, name, language) {
  const found = []
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme })
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height })
      await picture(page, `${name}-${width}-${theme}-${language}`)
    }
    found.push(...(await violations(page)))
  }
  return found
}
