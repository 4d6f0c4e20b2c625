// A stressed morning without a mouse.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

const openId = (page) => page.locator(hook('conversation')).getAttribute('data-conversation-id').then(Number)

test('keys alone move, answer, mark and take back', async (test) => {
  const { hub, page } = await openApp(test)
  // As long as somebody under load may need from sending to taking back.
  await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 15 })
  await page.locator(hook('inbox-row')).first().waitFor()
  const isOpen = (id) => page.locator(hook('conversation', { 'conversation-id': id })).waitFor()

  await test.test('J and K move through the list', async () => {
    const [first, second] = await hub.rows()
    for (const [key, row] of [['j', first], ['j', second], ['k', first]]) {
      await page.keyboard.press(key)
      await isOpen(row.id)
    }
  })

  await test.test('U marks unread and read, Z takes it back', async () => {
    const id = await openId(page)
    const isUnread = async () => {
      const row = (await hub.rows()).find((one) => one.id === id)
      return row.unreadCount > 0 || row.isMarkedUnread
    }
    await until('an open conversation has been read', async () => !(await isUnread()))
    // The key turns round what the person sees.
    await page.locator(`#row-${id} .dot`).waitFor({ state: 'detached' })
    await page.keyboard.press('u')
    await until('it is unread', isUnread)
    await page.locator(`#row-${id} .dot`).waitFor()
    await page.keyboard.press('z')
    await until('that is taken back', async () => !(await isUnread()))
  })

  await test.test('N goes to the next unread one', async () => {
    const rows = await hub.rows()
    const from = await openId(page)
    const next = rows.slice(rows.findIndex((row) => row.id === from) + 1).find((row) => row.unreadCount > 0)
    await page.keyboard.press('n')
    await isOpen(next.id)
    await until('it is read by being looked at', async () => (await hub.rows()).find((row) => row.id === next.id).unreadCount === 0)
  })

  await test.test('R answers, Ctrl and Enter sends, Z takes the reply back into the draft', async () => {
    const target = await answerable(hub, page)
    await page.keyboard.press('r')
    await until('the composer has the focus', () => page.evaluate((selector) => document.activeElement === document.querySelector(selector), hook('composer-input')))
    await page.keyboard.type('We look into it, one moment')
    await page.keyboard.press('Control+Enter')
    await page.locator(hook('message')).filter({ hasText: 'We look into it, one moment' }).waitFor()
    const held = await newest(hub, target)
    assert.equal(held.delivery.state, 'held')
    await page.locator(hook('toast')).getByRole('button', { name: 'Undo' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('z')
    await until('the reply is the draft again', async () => (await hub.call('conversation_open', { conversation: target })).draftBody === 'We look into it, one moment')
    await until('it is in the composer', async () => (await page.locator(hook('composer-input')).inputValue()) === 'We look into it, one moment')
  })

  await test.test('what is not taken back arrives once', async () => {
    const target = await openId(page)
    await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 0 })
    await page.locator(hook('composer-input')).focus()
    await page.keyboard.press('Control+Enter')
    await until('it is sent', async () => {
      const message = await newest(hub, target, 'We look into it, one moment')
      return message && (message.delivery === null || message.delivery.state === 'sent')
    })
    const { messages } = await hub.call('conversation_messages', { conversation: target, before: null, from: null, around: null, limit: 50 })
    assert.equal(messages.filter((one) => one.body === 'We look into it, one moment').length, 1)
    await until('the composer is empty', async () => (await page.locator(hook('composer-input')).inputValue()) === '')
  })

  await test.test('Escape leaves the composer, then the conversation', async () => {
    await page.locator(hook('composer-input')).focus()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.locator(hook('conversation')).waitFor({ state: 'detached' })
  })

  await test.test('the question mark shows every key', async () => {
    await page.keyboard.press('?')
    const overview = page.getByRole('dialog')
    await overview.getByText('Next unread', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await overview.waitFor({ state: 'detached' })
  })
})

/** Moves down to a conversation that takes a reply; gives its id. */
async function answerable(hub, page) {
  for (let step = 0; step < 40; step++) {
    const id = await openId(page)
    const { composer } = await hub.call('conversation_open', { conversation: id })
    if (composer.kind === 'open') {
      await page.locator(hook('composer-input')).waitFor()
      return id
    }
    await page.keyboard.press('j')
    await until('the next one is open', async () => (await openId(page)) !== id)
  }
  throw new Error('no conversation of the first forty takes a reply')
}

async function newest(hub, conversation, body) {
  const { messages } = await hub.call('conversation_messages', { conversation, before: null, from: null, around: null, limit: 20 })
  return messages.findLast((one) => one.direction === 'out' && (body === undefined || one.body === body))
}

