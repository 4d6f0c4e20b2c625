// Writing a reply: files by the button, a text that is too long, a reply taken back without the mouse.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, message, reply } from './support/answering.mjs'
import { hook, until } from './support/browser.mjs'

const input = (page) => page.locator(hook('composer-input'))
const messages = async (hub, view) => (await hub.call('conversation_messages', { conversation: view.id, before: null, from: null, around: null, limit: 30 })).messages

/** A picture as small as a picture can be. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')

test('the button attaches files, one is taken away again, and the others leave with the reply', async (test) => {
  const { hub, page, view } = await begin(test, { platform: 'matrix', holds: (one) => one.maxImageBytes > 0 && one.maxFileBytes > 0 })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Attach files' }).click()])
  assert.ok(chooser.isMultiple())
  await chooser.setFiles([
    { name: 'blue.png', mimeType: 'image/png', buffer: PICTURE },
    { name: 'terms.txt', mimeType: 'text/plain', buffer: Buffer.from('Within thirty days') },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('Not for customers') },
  ])
  const files = page.locator(`${hook('composer')} li`)
  await page.locator(hook('composer')).getByRole('img', { name: 'blue.png' }).waitFor()
  await page.getByRole('button', { name: 'Remove wrong.txt' }).click()
  await until('two are left', async () => (await files.count()) === 2)
  await until('the draft knows both', async () => (await hub.call('conversation_open', { conversation: view.id })).draftFiles.map((file) => file.name).join() === 'blue.png,terms.txt')

  await reply(page, 'The blue one, and our terms')
  const sent = await until('everything is sent', async () => {
    const ours = (await messages(hub, view)).filter((one) => one.direction === 'out')
    const names = ours.flatMap((one) => one.attachments.map((file) => file.name))
    const isSent = ours.every((one) => one.delivery === null || one.delivery.state === 'sent')
    return isSent && names.includes('blue.png') && names.includes('terms.txt') && names
  })
  assert.ok(!sent.includes('wrong.txt'))
  assert.equal(await files.count(), 0)
  await page.locator(hook('message')).getByRole('button', { name: 'terms.txt' }).waitFor()
})

test('a text that is too long is counted, marked and not sent', async (test) => {
  const { hub, page, account, view } = await begin(test)
  assert.equal(view.maxText, 2000)
  const room = page.locator(hook('composer')).getByRole('status')
  const isInvalid = async () => (await input(page).getAttribute('aria-invalid')) === 'true'
  await input(page).fill('x'.repeat(1599))
  await until('the button knows of the text', () => page.locator(hook('composer-send')).isEnabled())
  assert.equal(await room.count(), 0, 'nobody counts who has room')
  await input(page).fill('x'.repeat(1600))
  await room.getByText('400 left').waitFor()

  await input(page).fill('x'.repeat(2001))
  await room.getByText('1 too long').waitFor()
  await until('the field says so too', isInvalid)
  assert.ok(await page.locator(hook('composer-send')).isDisabled())
  await page.keyboard.press('Control+Enter')

  await page.keyboard.press('Backspace')
  await room.getByText('0 left').waitFor()
  await until('nothing is wrong any more', async () => !(await isInvalid()))
  await page.keyboard.press('Control+Enter')
  await message(page, 'x'.repeat(2000)).getByText('Sent', { exact: true }).waitFor()
  assert.equal(await hub.countSent(account.handle, 'x'.repeat(2000)), 1)
  assert.equal(await hub.countSent(account.handle, 'x'.repeat(2001)), 0)
})

test('the arrow up in the empty field takes the reply back, with what it answers', async (test) => {
  const { hub, page, view } = await begin(test, { platform: 'matrix', holds: (one) => one.canQuote && one.contact.handle !== null })
  // As long as somebody under load may need from sending to taking back.
  await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 15 })
  await hub.world('write', { customer: view.contact.handle, text: 'Is it waterproof?' })
  const question = message(page, 'Is it waterproof?')
  await question.hover()
  await question.getByRole('button', { name: 'Reply to this message' }).click()
  await reply(page, 'No, only windproof')
  await message(page, 'No, only windproof').getByRole('button', { name: 'Take back' }).waitFor()
  await page.keyboard.press('ArrowUp')
  await until('its text is back', async () => (await input(page).inputValue()) === 'No, only windproof')
  await page.locator(`${hook('composer')} .quoted`).getByText('Is it waterproof?').waitFor()
  await until('it will not be sent', async () => (await messages(hub, view)).every((one) => one.body !== 'No, only windproof'))
  await message(page, 'No, only windproof').waitFor({ state: 'detached' })

  await test.test('in a field with words it only moves', async () => {
    await page.keyboard.press('ArrowUp')
    await page.keyboard.type('Sorry: ')
    await until('the words stand there', async () => (await input(page).inputValue()) === 'Sorry: No, only windproof')
  })
})
