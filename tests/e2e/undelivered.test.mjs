// Replies that did not arrive, and replies of which nobody knows: said as what they are, and never sent twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

/** Opens a Messenger conversation that can be answered; replies leave at once. */
async function begin(test) {
  const { hub, page } = await openApp(test, { hasWorld: true })
  await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 0 })
  const account = (await hub.call('accounts_list')).find((one) => one.platform === 'messenger')
  const view = await until('a conversation that can be answered', async () => {
    for (const row of await hub.rows('all', account.id)) {
      const one = await hub.call('conversation_open', { conversation: row.id })
      if (one.composer.kind === 'open') return one
    }
    return null
  }, { ms: 60_000 })
  await page.locator(hook('nav-search')).click()
  await page.locator(hook('search-input')).fill(view.title)
  await page.locator(hook('search-conversation', { 'conversation-id': view.id })).click()
  await page.locator(hook('composer-input')).waitFor()
  await page.locator(hook('view-all')).click()
  return { hub, page, account, view }
}

async function reply(page, text) {
  await page.locator(hook('composer-input')).fill(text)
  await page.locator(hook('composer-send')).click()
  await until('the composer is empty again', async () => (await page.locator(hook('composer-input')).inputValue()) === '')
}

/** The next send of this text meets a mishap. */
const arrange = (hub, body, mishap, more = {}) => hub.world('arrange', { method: 'POST', path: '/messages', body, mishap, ...more })
const message = (page, text) => page.locator(hook('message')).filter({ hasText: text }).last()
const undelivered = async (hub) => (await hub.call('inbox_counts')).undelivered

const OUTSIDE = { error: { message: '(#10) This message is sent outside of allowed window.', type: 'OAuthException', code: 10, error_subcode: 2018278, fbtrace_id: 'A' } }

test('a reply refused for good says why, in the conversation and in the list, and each button does what it says', async (test) => {
  const { hub, page, account, view } = await begin(test)
  await arrange(hub, 'Too late for this', 'answer', { status: 400, answer: OUTSIDE })
  await reply(page, 'Too late for this one')
  await message(page, 'Too late for this one').getByText('Not sent: the time to answer was over.').waitFor()
  await page.locator(hook('inbox-row', { 'conversation-id': view.id })).getByText('Failed').waitFor()
  assert.equal(await undelivered(hub), 1)
  await page.locator(hook('view-undelivered')).click()
  await page.locator(hook('inbox-row', { 'conversation-id': view.id })).waitFor()

  await test.test('discarded, it is the draft again', async () => {
    await message(page, 'Too late for this one').getByRole('button', { name: 'Discard' }).click()
    await until('it is the draft', async () => (await page.locator(hook('composer-input')).inputValue()) === 'Too late for this one')
    assert.equal(await undelivered(hub), 0)
    assert.equal(await hub.countSent(account.handle, 'Too late for this one'), 0)
  })
  await test.test('sent again, it arrives once', async () => {
    await arrange(hub, 'Second try', 'answer', { status: 400, answer: OUTSIDE })
    await reply(page, 'Second try')
    await message(page, 'Second try').getByRole('button', { name: 'Send again' }).click()
    await message(page, 'Second try').getByText('Sent', { exact: true }).waitFor()
    assert.equal(await hub.countSent(account.handle, 'Second try'), 1)
    assert.equal(await undelivered(hub), 0)
  })
})

test('a reply whose answer was lost is found by itself and stands there once', async (test) => {
  const { hub, page, account } = await begin(test)
  await arrange(hub, 'Answer lost', 'lose_answer')
  await reply(page, 'Answer lost on the way')
  await message(page, 'Answer lost on the way').getByText('Being checked').waitFor()
  await message(page, 'Answer lost on the way').getByText('Sent', { exact: true }).waitFor()
  assert.equal(await hub.countSent(account.handle, 'Answer lost on the way'), 1)
  assert.equal(await page.locator(hook('message')).filter({ hasText: 'Answer lost on the way' }).count(), 1)
})

test('a reply that nobody can confirm is left to a person, who decides', async (test) => {
  const { hub, page, account, view } = await begin(test)
  await arrange(hub, 'Perhaps', 'break_before', { times: 2 })
  await reply(page, 'Perhaps there')
  await reply(page, 'Perhaps not there')
  await message(page, 'Perhaps there').getByText('Being checked').waitFor()
  // It is looked for up to two minutes after the send.
  await message(page, 'Perhaps there').getByText('It is not certain that this arrived', { exact: false }).waitFor({ timeout: 200_000 })
  await page.locator(hook('inbox-row', { 'conversation-id': view.id })).getByText('Failed').waitFor()
  assert.equal(await hub.countSent(account.handle, 'Perhaps there'), 0, 'nothing was sent meanwhile')

  await message(page, 'Perhaps there').getByRole('button', { name: 'Check' }).click()
  await message(page, 'Perhaps there').getByText('It is not certain', { exact: false }).waitFor()
  await message(page, 'Perhaps there').getByRole('button', { name: 'Send again' }).click()
  await message(page, 'Perhaps there').getByText('Sent', { exact: true }).waitFor()
  assert.equal(await hub.countSent(account.handle, 'Perhaps there'), 1)

  const second = message(page, 'Perhaps not there')
  await second.getByRole('button', { name: 'Discard' }).waitFor({ timeout: 200_000 })
  await second.getByRole('button', { name: 'Discard' }).click()
  await until('it is the draft', async () => (await page.locator(hook('composer-input')).inputValue()) === 'Perhaps not there')
  assert.equal(await hub.countSent(account.handle, 'Perhaps not there'), 0)
  assert.equal(await undelivered(hub), 0)
})
