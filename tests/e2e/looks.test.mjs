// Every screen in both themes before axe; every screen in all sizes, themes and languages as a picture to look at.
import { test } from 'node:test'
import { openApp } from './support/browser.mjs'
import { look } from './support/pictures.mjs'
import { entryScreens, screens } from './support/screens.mjs'

for (const language of ['en', 'de']) {
  test(`before a profile is open, ${language}`, async (test) => {
    await look(test, await openApp(test, { isSandbox: false, language }), language, entryScreens)
  })

  test(`in the sandbox, ${language}`, async (test) => {
    await look(test, await openApp(test, { language }), language, screens)
  })
}
