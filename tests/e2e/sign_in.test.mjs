// Connecting a Page, as a person does it: an app of one's own with consent in the browser, by redirect and by paste, or a token.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

const PAGE = 'Alpenblick Verleih'
const OWNER = 'Miriam Kofler'

/** In the sandbox, to the fields of a way to sign in to Messenger. */
async function toFields(page, method) {
  await page.locator(`nav ${hook('connect-account')}`).click()
  for (const step of ['connect-invented', 'login-platform-messenger', `login-method-${method}`]) await page.locator(hook(step)).click()
}

/** Signs in with the app that the sandbox offers; gives the tab that the browser opens. */
async function toDialog(page, { bounce } = {}) {
  await page.locator(hook('login-practice-fill')).first().click()
  if (bounce !== undefined) await page.locator(hook('login-field-bounce')).fill(bounce)
  const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-submit')).click()])
  await tab.waitForURL(/\/dialog\/oauth\?/)
  return tab
}

/** Of the Pages that are offered only the one that is not connected yet. */
async function choosePage(page, hub) {
  await page.getByLabel(PAGE).waitFor()
  const others = await page.getByRole('checkbox', { checked: true }).count()
  assert.ok(others > 1, 'every Page of the person who agreed is listed')
  for (const label of ['Alpenblick Outdoor']) await page.getByLabel(label).uncheck()
  await page.locator(hook('login-submit')).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const account = await until('the account is there', async () => (await hub.call('accounts_list')).find((one) => one.name === PAGE))
  await page.locator('nav').getByText(PAGE).click()
  const rows = await until('its conversations arrive', async () => {
    const found = await hub.rows('all', account.id)
    return found.length >= 3 ? found : null
  })
  await page.locator(hook('inbox-row', { 'conversation-id': rows[0].id })).waitFor()
}

test('a Page is connected by consent in the browser, also after a refusal', async (test) => {
  const { hub, page } = await openApp(test)
  const before = await hub.call('accounts_list')
  await toFields(page, 'own_app')
  // An invented app to type is shown.
  await page.locator(hook('login-practice')).filter({ hasText: /\d{15}/ }).first().waitFor()
  const tab = await toDialog(page)
  await tab.getByText('wants to manage your Pages').waitFor()
  assert.match(tab.url(), /\/dialog\/oauth\?.*state=kontor\.messenger\.2381[1-5]\./)
  const again = tab.url()

  await test.test('a refusal is said, connects nothing and can be thought over', async () => {
    await tab.getByText('Cancel').click()
    await page.getByText('In the browser, access was refused', { exact: false }).waitFor()
    assert.equal((await hub.call('accounts_list')).length, before.length)
    const [second] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-open-page')).click()])
    await second.waitForURL(again)
    await second.getByText(`Continue as ${OWNER}`).click()
    // The static page hands the answer on to Kontor by itself.
    await second.waitForURL(/127\.0\.0\.1:2381[1-5]\/cb\/messenger/)
  })
  await choosePage(page, hub)
  assert.equal((await hub.call('accounts_list')).length, before.length + 1)
})

test('a wrong return page, a wrong state and a wrong secret are said, and the paste leads on', async (test) => {
  const { hub, page } = await openApp(test)
  const before = await hub.call('accounts_list')
  await toFields(page, 'own_app')

  await test.test('a return page that the app does not know ends at the platform, with its words', async () => {
    const tab = await toDialog(page, { bounce: 'https://www.example.org/kontor.html' })
    await tab.getByText('URL blocked', { exact: false }).waitFor()
    await tab.close()
    await page.locator(hook('login-back')).click()
    await page.locator(hook('login-method-own_app')).click()
  })
  const tab = await toDialog(page, { bounce: '' })
  assert.match(tab.url(), /state=kontor\.messenger\.0\./, 'nobody listens')
  await tab.getByText(`Continue as ${OWNER}`).click()
  await tab.waitForURL(/login_success\.html\?/)
  const landed = tab.url()
  const paste = async (text) => {
    await page.locator(hook('login-paste')).fill(text)
    await page.locator(hook('login-submit')).click()
  }

  await test.test('an address of another sign-in is not taken', async () => {
    await paste(landed.replace(/state=[^&#]+/, `state=kontor.messenger.0.${'A'.repeat(43)}`))
    await page.getByText('This address does not belong to this sign-in', { exact: false }).waitFor()
    await paste('something else')
    await page.getByText('This is not an address that Kontor can use', { exact: false }).waitFor()
    assert.equal((await hub.call('accounts_list')).length, before.length)
  })
  await paste(landed)
  await choosePage(page, hub)

  await test.test('a wrong app secret is said after consent', async () => {
    await toFields(page, 'own_app')
    await page.locator(hook('login-practice-fill')).first().click()
    await page.locator(hook('login-field-app_secret')).fill('0123456789abcdef0123456789abcdef')
    const [wrong] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-submit')).click()])
    await wrong.getByText(`Continue as ${OWNER}`).click()
    await page.getByText('App id and app secret do not belong together', { exact: false }).waitFor()
  })
})

test('a Page is connected by a token, and a token with a typo is said where it stands', async (test) => {
  const { hub, page } = await openApp(test)
  await toFields(page, 'token')
  await page.locator(hook('login-practice-fill')).click()
  const token = await until('a token is filled in', () => page.locator(hook('login-field-token')).inputValue())
  await page.locator(hook('login-field-token')).fill(`${token}x`)
  await page.locator(hook('login-submit')).click()
  await page.getByText('The platform does not take this code or token', { exact: false }).waitFor()
  await page.locator(`${hook('login-field-token')}[aria-invalid="true"]`).waitFor()

  await page.locator(hook('login-field-token')).fill(token)
  await page.locator(hook('login-submit')).click()
  await page.getByLabel(PAGE).waitFor()
  await page.locator(hook('login-submit')).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const account = await until('the account is there', async () => (await hub.call('accounts_list')).find((one) => one.name === PAGE))
  await until('its conversations arrive', async () => (await hub.rows('all', account.id)).length >= 3)
})
