// As `looks`, of the screens that not every day brings.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, openBrowser, openPage } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { look, pictures } from './support/pictures.mjs'
import { conversationScreens, signInScreens } from './support/rare_screens.mjs'

const PASSPHRASE = 'a walk along the harbour'

for (const language of ['en', 'de']) {
  test(`in a conversation, ${language}`, async (test) => {
    await look(test, await openApp(test, { language }), language, conversationScreens)
  })

  test(`signing in, and accounts that need somebody, ${language}`, async (test) => {
    await look(test, await openApp(test, { language }), language, signInScreens)
  })

  test(`a profile without an account, and the same one locked and in use elsewhere, ${language}`, async (test) => {
    const { profile } = place(test)
    const browser = await openBrowser(test)
    const first = await Hub.start(test, { profile })
    await first.call('profile_protect', { passphrase: PASSPHRASE })
    const inbox = await openPage(test, browser, first, { language })
    await look(test, { hub: first, page: inbox }, language, [
      { name: 'empty', show: (page) => page.locator(`main ${hook('connect-account')}, .list button`).first().waitFor() },
      {
        name: 'empty-accounts',
        show: async (page) => {
          await page.locator(hook('nav-settings')).click()
          await page.locator(hook('settings-accounts')).click()
          await page.locator(hook('accounts-connect')).waitFor()
        },
      },
    ])
    const second = await Hub.start(test, { profile })
    const typed = async (page, passphrase) => {
      await page.locator(hook('unlock-passphrase')).fill(passphrase)
      await page.keyboard.press('Enter')
      await page.locator('[aria-invalid="true"]').waitFor()
    }
    await look(test, { hub: second, page: await openPage(test, browser, second, { language }) }, language, [
      { name: 'unlock', show: (page) => page.locator(hook('unlock-passphrase')).waitFor() },
      { name: 'unlock-wrong', show: (page) => typed(page, 'a walk along the river') },
      {
        name: 'unlock-in-use',
        show: async (page) => {
          const words = await page.locator('[role="alert"]').innerText()
          await typed(page, PASSPHRASE)
          await page.locator('[role="alert"]').filter({ hasNotText: words }).waitFor()
        },
      },
    ])
  })

  test(`a profile whose keychain lost its key, is locked or is not there, ${language}`, async (test) => {
    const { profile } = place(test)
    const browser = await openBrowser(test)
    const first = await Hub.start(test, { profile, keychain: 'forgetful' })
    assert.deepEqual(await first.call('profile_prepare'), { isReady: true, problem: null })
    await first.stop()
    const faces = [['key_gone', 'forgetful'], ['keychain_locked', 'locked'], ['keychain_missing', undefined]]
    for (const [problem, keychain] of faces) {
      await test.test(`${problem}, ${language}`, async () => {
        const hub = await Hub.start(test, { profile, keychain })
        assert.equal((await hub.call('profile_status')).problem, problem)
        const page = await openPage(test, browser, hub, { language })
        await page.locator(hook('profile-problem')).waitFor()
        assert.deepEqual(await pictures(page, `blocked-${problem}`, language), [])
        await page.context().close()
        await hub.stop()
      })
    }
  })

  test(`a first account while the keychain is locked, ${language}`, async (test) => {
    const hub = await Hub.start(test, { keychain: 'locked' })
    const page = await openPage(test, await openBrowser(test), hub, { language })
    await page.locator(hook('connect-account')).click()
    await page.locator(hook('login-platform-matrix')).click()
    await page.locator(hook('protection-locked')).waitFor()
    assert.deepEqual(await pictures(page, 'protection-locked', language), [])
  })
}
