// A reply that nobody can confirm. It is looked for during two minutes of real time; node starts files by their names, and this
// one is called so that it is among the first and waits while the others work.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrange, begin, message, reply, undelivered } from './support/answering.mjs'
import { answerTo, hook, until } from './support/browser.mjs'

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

  const checked = answerTo(page, 'account_sync')
  await message(page, 'Perhaps there').getByRole('button', { name: 'Check' }).click()
  await checked
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
