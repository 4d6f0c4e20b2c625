// An account whose sign-in has ended: said everywhere, repaired in place, and never exchanged for another by accident.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

const accounts = (hub) => hub.call('accounts_list')
const statusOf = async (hub, id) => (await accounts(hub)).find((one) => one.id === id)?.status.kind
const others = async (hub, id) => (await accounts(hub)).filter((one) => one.id !== id).map((one) => [one.id, one.status.kind])

/** Ends the sign-in of an account, and waits until Kontor has noticed. */
async function signOut(hub, account) {
  if (account.platform === 'messenger') await hub.world('revoke', { page: account.handle })
  else await hub.world('end_sessions', { host: `matrix.${account.handle.split(':')[1]}`, user: account.handle })
  await hub.call('account_sync', { account: account.id })
  await until('it is noticed', async () => (await statusOf(hub, account.id)) === 'sign_in_again')
}

/** The first account of a platform with one of its conversations that can be answered, and a draft in it. */
async function withDraft(hub, platform) {
  const account = (await accounts(hub)).find((one) => one.platform === platform)
  const conversation = await until('a conversation that can be answered', async () => {
    for (const row of await hub.rows('all', account.id)) {
      const view = await hub.call('conversation_open', { conversation: row.id })
      if (view.composer.kind === 'open') return view
    }
    return null
  })
  await hub.call('draft_save', { conversation: conversation.id, body: 'half a sentence', files: [] })
  return { account, conversation }
}

/** What the list, the sidebar, the settings and the composer say while it is signed out. */
async function isSaidEverywhere(page, account, conversation) {
  await page.locator(hook('account-attention')).getByText(account.name, { exact: false }).waitFor()
  await page.locator('nav').getByText('Signed out', { exact: false }).first().waitFor()
  await page.locator(hook('nav-settings')).click()
  await page.locator(hook('settings-accounts')).click()
  const entry = page.locator(hook('account', { 'account-id': account.id, status: 'sign_in_again' }))
  await entry.locator(hook('account-repair')).waitFor()
  assert.equal(await page.locator(hook('account-repair')).count(), 1, 'only this one asks for it')
  await page.keyboard.press('Escape')
  await page.locator(hook('nav-search')).click()
  await page.locator(hook('search-input')).fill(conversation.title)
  await page.locator(hook('search-conversation', { 'conversation-id': conversation.id })).click()
  await page.locator(hook('composer')).getByRole('button', { name: 'Sign in' }).waitFor()
  await page.locator(hook('view-all')).click()
}

async function typeToken(page, { token, appSecret }) {
  await page.locator(hook('login-field-token')).fill(token)
  await page.locator(hook('login-field-app_secret')).fill(appSecret)
  await page.locator(hook('login-submit')).click()
}

/** Repaired in place: the same account, its draft, and nobody else changed. */
async function isWhole(hub, page, account, conversation, before) {
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await until('it works again', async () => (await statusOf(hub, account.id)) === 'live')
  assert.deepEqual((await others(hub, account.id)).map(([id]) => id), before.map(([id]) => id), 'the same accounts as before')
  assert.equal((await hub.call('conversation_open', { conversation: conversation.id })).draftBody, 'half a sentence')
  await page.locator(hook('inbox-row')).first().waitFor()
  await page.locator(hook('account-attention')).waitFor({ state: 'detached' })
}

test('a revoked Page is said everywhere, and signing in again repairs the same account', async (test) => {
  const { hub, page } = await openApp(test)
  const { account, conversation } = await withDraft(hub, 'messenger')
  const before = await others(hub, account.id)
  await signOut(hub, account)
  assert.deepEqual(await others(hub, account.id), before, 'the other accounts go on')
  await isSaidEverywhere(page, account, conversation)
  const other = (await hub.call('sandbox_practice')).find((one) => one.method === 'token' && !before.some(([id]) => id === one.handle) && one.name === 'Alpenblick Verleih')

  await test.test('somebody else’s token changes nothing until a person says so', async () => {
    await page.locator(hook('attention-repair')).click()
    await page.locator(hook('login-back')).click()
    await page.locator(hook('login-method-token')).click()
    await typeToken(page, { token: other.fields.token, appSecret: other.fields.app_secret })
    await page.locator(hook('login-others')).getByText(`You signed in as ${other.name}, not as ${account.name}`, { exact: false }).waitFor()
    assert.equal((await accounts(hub)).length, before.length + 1, 'nothing was added')
    await page.locator(hook('login-others-back')).click()
    await page.locator(hook('login-field-token')).waitFor()
    assert.equal(await statusOf(hub, account.id), 'sign_in_again')
  })
  await typeToken(page, await hub.world('token', { page: account.handle }))
  await isWhole(hub, page, account, conversation, before)

  await test.test('and where it is meant, the other becomes an account of its own', async () => {
    await signOut(hub, account)
    await page.locator(hook('attention-repair')).click()
    await page.locator(hook('login-back')).click()
    await page.locator(hook('login-method-token')).click()
    await typeToken(page, { token: other.fields.token, appSecret: other.fields.app_secret })
    await page.locator(hook('login-others-add')).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until('it is an account', async () => (await accounts(hub)).some((one) => one.name === other.name && one.status.kind === 'live'))
    assert.equal(await statusOf(hub, account.id), 'sign_in_again', 'the one that was meant still asks')
  })
})

test('a session that the server ended is repaired by its own password and by no other', async (test) => {
  const { hub, page } = await openApp(test)
  const { account, conversation } = await withDraft(hub, 'matrix')
  const before = await others(hub, account.id)
  await signOut(hub, account)
  await isSaidEverywhere(page, account, conversation)
  const known = (await accounts(hub)).find((one) => one.platform === 'matrix' && one.id !== account.id)

  await page.locator(hook('attention-repair')).click()
  const typed = () => page.locator(hook('login-field-user')).inputValue()
  await until('its user is filled in', async () => (await typed()) === account.handle)
  await test.test('one that is connected already goes on as before', async () => {
    await page.locator(hook('login-field-user')).fill(known.handle)
    await page.locator(hook('login-field-server')).fill('')
    await page.locator(hook('login-field-password')).fill('sandbox')
    await page.locator(hook('login-submit')).click()
    await page.locator(hook('login-others')).getByText('connected already', { exact: false }).waitFor()
    assert.equal(await page.locator(hook('login-others-add')).count(), 0)
    await page.locator(hook('login-others-back')).click()
    await page.locator(hook('login-field-password')).waitFor()
    assert.equal(await statusOf(hub, known.id), 'live')
  })
  await page.locator(hook('login-field-user')).fill('')
  await page.locator(hook('login-practice-fill')).click()
  await until('its user is filled in again', async () => (await typed()) === account.handle)
  await page.locator(hook('login-submit')).click()
  await isWhole(hub, page, account, conversation, before)
})
