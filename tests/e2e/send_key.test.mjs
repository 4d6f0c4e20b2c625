// Which key sends is asked once, in one's own profile, and never in the way of a reply.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, openBrowser, openPage, until } from './support/browser.mjs'
import { findConversation, openBesideList } from './support/answering.mjs'
import { homeserver } from './support/homeserver.mjs'
import { Hub } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

const question = (page) => page.locator(hook('send-key-question'))
const input = (page) => page.locator(hook('composer-input'))

/** In a profile of one's own, one conversation of one account; nobody was asked yet. */
async function begin(test, look = {}) {
  const { user, password, server } = await homeserver(test)
  const hub = await Hub.start(test)
  await hub.call('profile_make_temporary')
  const { flow } = await hub.call('login_start', { platform: 'matrix', method: 'password', again: null })
  await hub.call('login_next', { flow, input: { kind: 'fields', values: { user, password, server } } })
  await until('its conversation is there', async () => (await hub.rows()).length === 1)
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub, look)
  await page.locator(hook('inbox-row')).click()
  await page.locator(hook('message')).first().waitFor()
  const sendKey = async () => (await hub.call('settings_get')).sendKey
  assert.equal(await sendKey(), null)
  return { hub, page, sendKey }
}

for (const language of ['en', 'de']) {
  test(`what sends is asked beside the field, in any size, ${language}`, async (test) => {
    const { page } = await begin(test, { language })
    await question(page).waitFor()
    await page.getByText(language === 'en' ? 'What sends a reply?' : 'Womit senden Sie eine Antwort?').waitFor()
    assert.deepEqual(await pictures(page, 'send-key', language), [])
  })
}

test('a choice is kept, the keyboard goes on with the reply, and nobody is asked again', async (test) => {
  const { page, sendKey } = await begin(test)
  await question(page).waitFor()
  assert.equal(await question(page).evaluate((one) => one.contains(document.activeElement)), false, 'it takes no focus')
  await input(page).fill('Is the blue one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('still')
  await until('Enter is a new line meanwhile', async () => (await input(page).inputValue()) === 'Is the blue one\nstill')
  assert.equal(await sendKey(), null, 'writing is no answer')

  // Without the mouse: it lies before the field.
  await page.keyboard.press('Shift+Tab')
  await until('the second choice has the focus', () => page.locator(hook('send-key-enter')).evaluate((one) => one === document.activeElement))
  await page.keyboard.press('Enter')
  await question(page).waitFor({ state: 'detached' })
  await until('it is stored', async () => (await sendKey()) === 'enter')
  await page.keyboard.type(' there?')
  await until('the reply goes on', async () => (await input(page).inputValue()) === 'Is the blue one\nstill there?')
  await page.keyboard.press('Enter')
  await until('Enter sends', async () => (await input(page).inputValue()) === '')

  await page.reload()
  await page.locator(hook('inbox-row')).click()
  await page.locator(hook('message')).first().waitFor()
  await input(page).waitFor()
  assert.equal(await question(page).count(), 0)
})

test('who sends with Ctrl and Enter has answered, and who sends with the button has not', async (test) => {
  const { page, sendKey } = await begin(test)
  await question(page).waitFor()
  await input(page).fill('By the button')
  await page.locator(hook('composer-send')).click()
  await until('it is sent', async () => (await input(page).inputValue()) === '')
  assert.equal(await sendKey(), null)
  assert.ok(await question(page).isVisible())

  await page.keyboard.press('Control+Enter')
  assert.equal(await sendKey(), null, 'nothing was sent')
  await input(page).fill('By the key')
  await page.keyboard.press('Control+Enter')
  await until('it is sent', async () => (await input(page).inputValue()) === '')
  await until('it is stored', async () => (await sendKey()) === 'ctrl_enter')
  await question(page).waitFor({ state: 'detached' })
})

test('as long as nobody was asked the settings show Ctrl and Enter, and a choice there answers too', async (test) => {
  const { page, sendKey } = await begin(test)
  await question(page).waitFor()
  await page.locator(hook('nav-settings')).click()
  await page.locator(hook('settings-sending')).click()
  await until('it is shown', () => page.getByRole('radio', { name: 'Ctrl and Enter' }).isChecked())
  await page.getByRole('radio', { name: 'Enter', exact: true }).click()
  await until('it is stored', async () => (await sendKey()) === 'enter')
  await page.keyboard.press('Escape')
  await input(page).waitFor()
  assert.equal(await question(page).count(), 0)
})

test('the sandbox asks nobody', async (test) => {
  const { hub, page } = await openApp(test)
  await openBesideList(page, await findConversation(hub, (one) => one.composer.kind === 'open'))
  await input(page).waitFor()
  assert.equal((await hub.call('settings_get')).sendKey, null)
  assert.equal(await question(page).count(), 0)
})
