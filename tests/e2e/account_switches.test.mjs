// What is chosen for one account holds for this one alone, on the platform too.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerTo, hook, openApp, until } from './support/browser.mjs'

const accounts = (hub) => hub.call('accounts_list')
const one = async (hub, id) => (await accounts(hub)).find((account) => account.id === id)

async function openSettings(page) {
  await page.locator(hook('nav-settings')).click()
  await page.locator(hook('settings-accounts')).click()
  await page.locator(hook('account')).first().waitFor()
}

/** Somebody who writes on Matrix itself to this account, and can be answered. */
async function somebody(hub, account) {
  for (const row of await hub.rows('all', account.id)) {
    const view = await hub.call('conversation_open', { conversation: row.id })
    if (view.composer.kind === 'open' && row.kind === 'direct' && row.network === null) return view
  }
  throw new Error(`nobody writes to ${account.name} on Matrix itself`)
}

/** They write, and their message is looked at. */
async function look(hub, page, view, text) {
  await hub.world('write', { customer: view.contact.handle, text })
  const row = page.locator(hook('inbox-row', { 'conversation-id': view.id }))
  await row.getByText(text).waitFor()
  await row.click()
  await page.locator(hook('message')).filter({ hasText: text }).waitFor()
  await until('it is read here', async () => (await hub.call('conversation_open', { conversation: view.id })).unreadCount === 0)
}

test('whoever switches read receipts on for an account shows them to its customers and to nobody else', async (test) => {
  const { hub, page } = await openApp(test)
  const [open, quiet] = (await accounts(hub)).filter((account) => account.platform === 'matrix')
  await openSettings(page)
  const receipts = (account) => page.getByRole('switch', { name: `Show people that you have read their messages (${account.name} · Matrix)` })
  await receipts(open).focus()
  await page.keyboard.press('Space')
  await until('it is kept', async () => (await one(hub, open.id)).settings.sendsReadReceipts)
  await until('the switch says so', async () => (await receipts(open).getAttribute('aria-checked')) === 'true')
  assert.equal(await receipts(quiet).getAttribute('aria-checked'), 'false')
  assert.ok(!(await one(hub, quiet.id)).settings.sendsReadReceipts)
  await page.locator(hook('view-all')).click()

  const unseen = await somebody(hub, quiet)
  const seen = await somebody(hub, open)
  await look(hub, page, unseen, 'Nobody needs to know that this was read')
  await look(hub, page, seen, 'This may be known')
  await until('the one sees it', () => hub.world('is_seen', { customer: seen.contact.handle }))
  assert.equal(await hub.world('is_seen', { customer: unseen.contact.handle }), false)

  await test.test('switched off again, what is read from then on stays here', async () => {
    await openSettings(page)
    await receipts(open).click()
    await receipts(quiet).click()
    await until('both are kept', async () => !(await one(hub, open.id)).settings.sendsReadReceipts && (await one(hub, quiet.id)).settings.sendsReadReceipts)
    await page.locator(hook('view-all')).click()
    await look(hub, page, seen, 'This stays here')
    await look(hub, page, unseen, 'And this may be known')
    await until('now the other sees it', () => hub.world('is_seen', { customer: unseen.contact.handle }))
    assert.equal(await hub.world('is_seen', { customer: seen.contact.handle }), false)
  })
})

test('notifications are switched off for one account, over a reload', async (test) => {
  const { hub, page } = await openApp(test)
  const [quiet, ...others] = await accounts(hub)
  await openSettings(page)
  const notifies = page.locator(hook('account', { 'account-id': quiet.id })).getByRole('switch', { name: /^Notifications \(/ })
  await notifies.click()
  await until('it is kept', async () => !(await one(hub, quiet.id)).settings.notifies)
  for (const { id } of others) assert.ok((await one(hub, id)).settings.notifies)
  await page.reload()
  await openSettings(page)
  await until('the switch says so', async () => (await notifies.getAttribute('aria-checked')) === 'false')
  assert.equal(await page.getByRole('switch', { name: /^Notifications \(/, checked: true }).count(), others.length)
})

test('whoever asks an account to look again is told that it does', async (test) => {
  const { hub, page } = await openApp(test)
  const [account] = await accounts(hub)
  await openSettings(page)
  // Before its end: it goes by itself.
  const told = page.locator(hook('toast')).filter({ hasText: `Asking ${account.name} for news.` }).waitFor()
  const asked = answerTo(page, 'account_sync')
  await page.locator(hook('account', { 'account-id': account.id })).locator(hook('account-sync')).click()
  assert.deepEqual(JSON.parse((await asked).request().postData()), { account: account.id })
  await told
})
