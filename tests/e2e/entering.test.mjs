// Between two screens: the first answer waits for the keychain, and the page is reloaded while the sandbox is being entered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectNoAnswer, hook, openBrowser, openPage, until } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

for (const language of ['en', 'de']) {
  test(`as long as the keychain does not answer, that is said, ${language}`, async (test) => {
    const hub = await Hub.start(test)
    const browser = await openBrowser(test)
    let answer
    const answered = new Promise((done) => (answer = done))
    const prepare = (page) => page.route('**/call/profile_status', async (route) => {
      expectNoAnswer(page, route.request())
      await answered
      await route.continue()
    })
    const page = await openPage(test, browser, hub, { language, prepare })
    const line = page.locator(hook('waiting'))
    await line.getByText(language === 'en' ? 'Waiting for the keychain' : 'Warten auf den Schlüsselbund', { exact: false }).waitFor()
    await line.getByRole('status').waitFor()
    assert.deepEqual(await pictures(page, 'waiting', language), [])
    answer()
    await page.locator(hook('welcome')).waitFor()
    await line.waitFor({ state: 'detached' })
  })
}

test('a page that is reloaded while the sandbox is being entered comes up in that one sandbox', async (test) => {
  const { profile, files } = place(test)
  const hub = await Hub.start(test, { profile })
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub)
  await page.locator(hook('welcome')).waitFor()
  const before = files()
  const asked = page.waitForRequest((request) => request.url().endsWith('/call/sandbox_enter'))
  await page.locator(hook('enter-sandbox')).click()
  await asked
  await page.reload()

  await page.locator(hook('sandbox-label')).waitFor()
  await page.locator(hook('inbox-row')).first().waitFor()
  const databases = files().filter((path) => path.endsWith('kontor.db'))
  assert.equal(databases.length, 1, 'entered once')
  await until('all its accounts are there', async () => (await hub.call('accounts_list')).length >= 4)

  await page.locator(hook('leave-sandbox')).click()
  await page.locator(hook('welcome')).waitFor()
  await until('nothing of it stays', () => files().join() === before.join())
})
