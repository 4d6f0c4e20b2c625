// Where somebody is in the list: kept when a conversation is closed, and never on an account that is gone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

test('Escape keeps the place in the list, another view begins anew', async (test) => {
  const { hub, page } = await openApp(test)
  await page.locator(hook('inbox-row')).first().waitFor()
  const ids = (await hub.rows()).map((row) => row.id)
  const isOpen = (id) => page.locator(hook('conversation', { 'conversation-id': id })).waitFor()
  for (const id of ids.slice(0, 4)) {
    await page.keyboard.press('j')
    await isOpen(id)
  }
  await page.keyboard.press('Escape')
  await page.locator(hook('conversation')).waitFor({ state: 'detached' })
  assert.equal(await page.locator(`#row-${ids[3]}`).getAttribute('aria-selected'), 'true')
  await page.keyboard.press('j')
  await isOpen(ids[4])

  await page.keyboard.press('Escape')
  await page.locator(hook('view-waiting')).click()
  await page.locator(hook('inbox-row')).first().waitFor()
  await until('no row is current', async () => (await page.locator(`${hook('inbox-row')}[aria-selected="true"]`).count()) === 0)
  const [first] = await hub.rows('waiting')
  await page.keyboard.press('j')
  await isOpen(first.id)
})

test('an account that is removed is no longer the filter of the list', async (test) => {
  const { hub, page } = await openApp(test)
  const accounts = await hub.call('accounts_list')
  const rest = accounts.slice(1)
  await page.locator('nav').getByRole('button', { name: accounts[0].name }).first().click()
  await page.getByRole('button', { name: accounts[0].name }).and(page.locator('.filter')).waitFor()
  await hub.call('account_remove', { account: accounts[0].id })
  await page.locator('.filter').waitFor({ state: 'detached' })
  const rows = await until('the others are listed', async () => {
    const found = await hub.rows()
    return found.every((row) => rest.some((one) => one.id === row.account)) && found
  })
  await page.locator(hook('inbox-row', { 'conversation-id': rows[0].id })).waitFor()
})
