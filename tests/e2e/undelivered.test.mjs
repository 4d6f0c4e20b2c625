// Replies that did not arrive, and replies of which nobody knows: said as what they are, and never sent twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrange, begin, message, reply, undelivered } from './support/answering.mjs'
import { hook, until } from './support/browser.mjs'

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
  await until('the answer was lost', async () => (await hub.world('count_arranged')) === 0)
  // Being checked, as a rule; but a poll may bring it in by itself, before anybody sees that. The look that this calls for makes one of both.
  const texts = () => page.locator(hook('message')).filter({ hasText: 'Answer lost on the way' }).allInnerTexts()
  await until('it stands there once, as sent', async () => {
    const shown = await texts()
    return shown.length === 1 && /\bSent\b/.test(shown[0])
  })
  assert.equal(await hub.countSent(account.handle, 'Answer lost on the way'), 1)
})
