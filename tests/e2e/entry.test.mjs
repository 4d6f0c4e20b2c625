// The way in: the sandbox and out of it, the first account, the passphrase.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, openBrowser, openPage, until } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'

const state = async (hub) => (await hub.call('profile_status')).state

test('one click shows the sandbox, one click leaves it, and nothing of it stays', async (test) => {
  const { profile, files } = place(test)
  const { hub, page } = await openApp(test, { isSandbox: false, profile })
  await page.locator(hook('welcome')).waitFor()
  const before = files()

  await page.locator(hook('enter-sandbox')).click()
  await page.locator(hook('inbox-row')).first().waitFor()
  await page.locator(hook('sandbox-label')).waitFor()
  await until('two brands with at least two accounts each are there', async () => (await hub.call('accounts_list')).length >= 4)
  await until('a believable day is there', async () => (await hub.rows()).length >= 300)
  assert.ok(files().length > before.length, 'it is stored somewhere while it lasts')

  await page.locator(hook('leave-sandbox')).click()
  await page.locator(hook('welcome')).waitFor()
  assert.equal(await state(hub), 'empty')
  await until('nothing of it stays', () => files().join() === before.join())
})

test('the first account asks how to keep messages, and the passphrase opens them again', async (test) => {
  const { profile } = place(test)
  const first = await Hub.start(test, { profile })
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, first)

  await page.locator(hook('connect-account')).click()
  await page.locator(hook('login-platform-matrix')).click()
  await page.locator(hook('protection-passphrase')).fill('short')
  await page.locator(hook('protection-passphrase-submit')).click()
  await page.getByText('At least 8 characters, please.').waitFor()
  assert.equal(await state(first), 'empty', 'nothing weaker was made meanwhile')

  await test.test('a hidden passphrase can be looked at', async () => {
    const field = page.locator(hook('protection-passphrase'))
    assert.equal(await field.getAttribute('type'), 'password')
    await page.getByRole('button', { name: 'Show' }).click()
    await until('it can be read', async () => (await field.getAttribute('type')) === 'text')
  })

  await page.locator(hook('protection-passphrase')).fill('a walk along the harbour')
  await page.locator(hook('protection-passphrase-submit')).click()
  await page.locator(hook('login-field-user')).fill('mara')
  assert.equal(await state(first), 'open')

  await test.test('a server that is not there is said where its address stands', async () => {
    await page.locator(hook('login-field-password')).fill('whatever')
    await page.locator(hook('login-field-server')).fill('http://127.0.0.1:9')
    await page.locator(hook('login-submit')).click()
    await page.getByText('The server does not answer.', { exact: false }).waitFor()
    await page.locator(`${hook('login-field-server')}[aria-invalid="true"]`).waitFor()
  })

  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.context().close()
  await first.stop()

  const second = await Hub.start(test, { profile })
  const again = await openPage(test, browser, second)
  await again.locator(hook('unlock-passphrase')).fill('a walk along the river')
  await again.locator(hook('unlock-submit')).click()
  await again.getByText('This passphrase does not open the profile.', { exact: false }).waitFor()
  await again.locator(hook('unlock-passphrase')).fill('a walk along the harbour')
  await again.keyboard.press('Enter')
  await again.locator(hook('nav-settings')).waitFor()
  assert.equal(await state(second), 'open')

  await test.test('the sandbox is a visit: behind it the profile is locked as before', async () => {
    await again.locator(hook('nav-settings')).click()
    await again.locator(hook('settings-about')).click()
    await again.locator(hook('enter-sandbox')).click()
    await again.locator(hook('sandbox-label')).waitFor()
    await again.locator(`nav ${hook('connect-account')}`).click()
    await again.locator(hook('connect-real')).click()
    await again.locator(hook('unlock-passphrase')).waitFor()
    await again.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await state(second), 'passphrase_needed')
  })
})

test('keeping nothing says so on the screen and is gone after quitting', async (test) => {
  const { profile, files } = place(test)
  const { hub, page } = await openApp(test, { isSandbox: false, profile })
  const before = files()
  await page.locator(hook('connect-account')).click()
  await page.locator(hook('login-platform-messenger')).click()
  await page.locator(hook('login-method-token')).click()
  await page.locator(hook('protection-temporary')).click()
  await page.locator(hook('login-field-token')).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator(hook('temporary-label')).waitFor()
  await page.context().close()
  await hub.stop()
  assert.deepEqual(files(), before)
})

test('a wrong password is a sentence, the right one an account', async (test) => {
  const { hub, page } = await openApp(test)
  const matrix = (await hub.rows()).filter((row) => row.platform === 'matrix' && row.network === null && row.kind === 'direct')
  const { contact } = await hub.call('conversation_open', { conversation: matrix[0].id })
  const before = (await hub.call('accounts_list')).length

  await page.locator(`nav ${hook('connect-account')}`).click()
  await page.locator(hook('connect-invented')).click()
  await page.locator(hook('login-platform-matrix')).click()
  await page.locator(hook('login-field-user')).fill(contact.handle)
  await page.locator(hook('login-field-password')).fill('not it')
  await page.locator(hook('login-submit')).click()
  await page.getByText('User name or password is wrong.', { exact: false }).waitFor()
  await until('the password can be typed again at once', () => page.evaluate((selector) => document.activeElement === document.querySelector(selector), hook('login-field-password')))

  await page.keyboard.type('sandbox')
  // Before its end: it goes by itself.
  const said = page.locator(hook('toast')).filter({ hasText: 'is connected' }).waitFor()
  await page.keyboard.press('Enter')
  await said
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const accounts = await hub.call('accounts_list')
  assert.equal(accounts.length, before + 1)

  await test.test('removing it asks, says what goes, and takes it all', async () => {
    const added = accounts.find((one) => one.handle === contact.handle)
    await page.locator(hook('nav-settings')).click()
    await page.locator(hook('settings-accounts')).click()
    const entry = page.locator(hook('account', { 'account-id': added.id }))
    await entry.locator(hook('account-menu')).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByText('are deleted from this device', { exact: false }).waitFor()
    await page.locator(hook('account-remove-confirm')).click()
    await entry.waitFor({ state: 'detached' })
    assert.equal((await hub.rows()).filter((row) => row.account === added.id).length, 0)
  })
})
