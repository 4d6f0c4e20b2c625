// Out of the sandbox into one's own profile: conversations have the same numbers there, and nothing else in common.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, openBrowser, openPage, until } from './support/browser.mjs'
import { homeserver } from './support/homeserver.mjs'
import { Hub } from './support/hub.mjs'

test('nothing that was invented is shown or kept in the own profile', async (test) => {
  const { user, password, server } = await homeserver(test)
  const { hub, page } = await openApp(test, { isSandbox: false })
  for (const step of ['connect-account', 'login-platform-matrix', 'protection-temporary']) await page.locator(hook(step)).click()
  for (const [name, value] of Object.entries({ user, password, server })) await page.locator(hook(`login-field-${name}`)).fill(value)
  await page.locator(hook('login-submit')).click()
  await page.locator(hook('inbox-row')).first().waitFor()
  const [mine] = await hub.rows()

  await hub.call('sandbox_enter')
  await page.locator(hook('sandbox-label')).waitFor()
  await page.locator(hook('inbox-row')).nth(2).waitFor()
  await hub.call('settings_set', { ...(await hub.call('settings_get')), theme: 'dark' })
  await until('the window is dark', () => page.evaluate(() => document.documentElement.dataset.theme === 'dark'))
  const { title } = await hub.call('conversation_open', { conversation: mine.id })
  await page.locator(hook('nav-search')).click()
  await page.locator(hook('search-input')).fill(title)
  await page.locator(hook('search-conversation', { 'conversation-id': mine.id })).click()
  await page.locator(hook('composer-input')).waitFor()
  const saved = []
  page.on('request', (request) => request.url().endsWith('/call/draft_save') && saved.push(request.postDataJSON().body))
  await page.locator(hook('composer-input')).fill('Invented words')

  await hub.call('sandbox_leave')
  await page.locator(hook('temporary-label')).waitFor()
  await page.locator(hook('inbox-row', { 'conversation-id': mine.id })).click()
  await page.locator(hook('message')).first().waitFor()
  assert.equal(await page.locator(hook('inbox-row')).count(), 1)
  assert.equal(await page.locator(hook('composer-input')).inputValue(), '')
  await until('the window is light again', () => page.evaluate(() => document.documentElement.dataset.theme !== 'dark'))
  // What would have been saved of the invented draft would have been saved before this.
  await page.locator(hook('composer-input')).fill('Words of my own')
  await until('the own draft is kept', async () => (await hub.call('conversation_open', { conversation: mine.id })).draftBody === 'Words of my own')
  // Saved while the sandbox was still open, it was saved there.
  assert.ok(saved.indexOf('Invented words') <= 0 && saved.lastIndexOf('Words of my own') === saved.length - 1, saved.join())
})

test('settings that were changed in the sandbox never become one’s own', async (test) => {
  const hub = await Hub.start(test)
  await hub.call('profile_make_temporary')
  const own = { ...(await hub.call('settings_get')), density: 'compact' }
  await hub.call('settings_set', own)
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub)
  const settings = () => hub.call('settings_get')
  const radio = (name) => page.getByRole('radio', { name })

  await page.locator(hook('nav-settings')).waitFor()
  const openSettings = async () => {
    await page.locator(hook('nav-settings')).click()
    await page.locator(hook('settings-appearance')).click()
  }

  await hub.call('sandbox_enter')
  await page.locator(hook('sandbox-label')).waitFor()
  await openSettings()
  await until('the sandbox has settings of its own', () => radio('Comfortable').isChecked())
  await radio('Dark').click()
  await until('they are stored there', async () => (await settings()).theme === 'dark')

  await hub.call('sandbox_leave')
  await page.locator(hook('sandbox-label')).waitFor({ state: 'detached' })
  await openSettings()
  await until('the own ones are shown', async () => (await radio('Compact').isChecked()) && !(await radio('Dark').isChecked()))
  await page.locator(hook('settings-sending')).click()
  await page.getByRole('radio', { name: 'Enter', exact: true }).click()
  await until('the change is stored', async () => (await settings()).sendKey === 'enter')
  assert.deepEqual(await settings(), { ...own, sendKey: 'enter' }, 'nothing else was changed')
})
