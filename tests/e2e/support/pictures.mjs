// Pictures for people to look at, and what can be found against a screen on the way.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { settle, violations } from './browser.mjs'

const folder = join(process.env.KONTOR_TARGET ?? fileURLToPath(new URL('../../../target', import.meta.url)), 'e2e/pictures')
mkdirSync(folder, { recursive: true })

const SIZES = [[900, 600], [1280, 800], [1920, 1080]]
const USUAL = { width: 1280, height: 800 }

/** One picture of the page as it is: `<name>.png`. */
export async function picture(page, name) {
  await settle(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/**
 * Pictures in both themes and all sizes; gives what is wrong with them: what axe finds, and what does not fit. `keep` sees to it that
 * what goes by itself is there, and says whether it had gone.
 */
export async function pictures(page, name, language, keep = async () => false) {
  const found = []
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme })
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height })
      do await picture(page, `${name}-${width}-${theme}-${language}`)
      while (await keep(page))
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`wider than ${width} px`)
    }
    // What axe sees does not hang on the language.
    if (language === 'en') found.push(...(await violations(page)).map((one) => `${theme}: ${one}`))
  }
  await page.setViewportSize(USUAL)
  return found
}

/** Every screen of a list, each from where the last one left. */
export async function look(test, { hub, page }, language, list) {
  for (const screen of list) {
    await test.test(`${screen.name}, ${language}`, async () => {
      await screen.show(page, hub)
      const found = await pictures(page, screen.name, language, screen.keep)
      await screen.leave?.(page, hub)
      assert.deepEqual(found, [])
    })
  }
}
