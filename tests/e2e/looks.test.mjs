// Every screen in both themes before axe; every screen in all sizes, themes and languages as a picture to look at.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApp, violations } from './support/browser.mjs'
import { picture } from './support/pictures.mjs'
import { entryScreens, screens } from './support/screens.mjs'

const SIZES = [[900, 600], [1280, 800], [1920, 1080]]
const THEMES = ['light', 'dark']
const LANGUAGES = ['en', 'de']

async function look(test, { hub, page }, language, list) {
  for (const screen of list) {
    await test.test(`${screen.name}, ${language}`, async () => {
      const found = []
      await screen.show(page, hub)
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme })
        for (const [width, height] of SIZES) {
          await page.setViewportSize({ width, height })
          await picture(page, `${screen.name}-${width}-${theme}-${language}`)
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`wider than ${width} px`)
        }
        // What axe sees does not hang on the language.
        if (language === 'en') found.push(...(await violations(page)).map((one) => `${theme}: ${one}`))
      }
      await page.setViewportSize({ width: 1280, height: 800 })
      await screen.leave(page)
      assert.deepEqual(found, [])
    })
  }
}

for (const language of LANGUAGES) {
  test(`before a profile is open, ${language}`, async (test) => {
    await look(test, await openApp(test, { isSandbox: false, language }), language, entryScreens)
  })

  test(`in the sandbox, ${language}`, async (test) => {
    await look(test, await openApp(test, { language }), language, screens)
  })
}
