// A click on a notification ends at its message, whatever lies above the window when it comes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

/** The app with a shell beside it: `jump` is a click on a notification or a link. */
async function openWithShell(test) {
  let waiting = null
  let tell
  const prepare = async (page) => {
    await page.route('**/call/jump_take', async (route) => {
      const jump = waiting
      waiting = null
      await route.fulfill({ json: { jump } })
    })
    await page.routeWebSocket(/\/changes$/, (socket) => {
      socket.connectToServer()
      tell = () => socket.send(JSON.stringify({ seq: 1_000_000, topics: ['jump'] }))
    })
  }
  const { hub, page } = await openApp(test, { prepare })
  await page.locator(hook('inbox-row')).first().waitFor()
  const jump = (target) => {
    waiting = target
    tell()
  }
  return { hub, page, jump }
}

/** A conversation that can be answered, beyond the first rows, and its newest message. */
async function target(hub) {
  for (const row of (await hub.rows()).slice(4)) {
    const view = await hub.call('conversation_open', { conversation: row.id })
    if (view.composer.kind !== 'open') continue
    const { messages } = await hub.call('conversation_messages', { conversation: row.id, before: null, from: null, around: null, limit: 20 })
    return { kind: 'conversation', conversation: row.id, message: messages.findLast((one) => one.kind === 'plain').id }
  }
  throw new Error('no conversation can be answered')
}

/** A message with a picture that is here. */
async function withPicture(hub) {
  for (const row of await hub.rows()) {
    const { messages } = await hub.call('conversation_messages', { conversation: row.id, before: null, from: null, around: null, limit: 50 })
    const message = messages.findLast((one) => one.attachments.some((file) => file.kind === 'image' && file.media !== null))
    if (message) return { kind: 'conversation', conversation: row.id, message: message.id }
  }
  throw new Error('nobody sent a picture')
}

/** The conversation is open, its message marked, the composer has the keyboard, and nothing lies above. */
async function isThere(page, { conversation, message }) {
  await page.locator(`${hook('conversation', { 'conversation-id': conversation })} ${hook('message', { 'message-id': message, highlighted: 'true' })}`).waitFor()
  const isFocused = () => page.evaluate((selector) => document.activeElement === document.querySelector(selector), hook('composer-input'))
  await until('the composer has the keyboard', isFocused)
  assert.equal(await page.locator('[role="dialog"], [role="menu"]').count(), 0)
  await page.keyboard.type('x')
  await until('and takes what is typed', async () => (await page.locator(hook('composer-input')).inputValue()).endsWith('x'))
  await page.locator(hook('composer-input')).fill('')
}

test('a jump leads through whatever lies above', async (test) => {
  const { hub, page, jump } = await openWithShell(test)
  const goal = await target(hub)
  const dialog = page.getByRole('dialog')
  const settled = (count = 1) => until('it lies above', async () => (await page.locator('[role="dialog"], [role="menu"]').count()) === count)

  await test.test('the overview of keys', async () => {
    await page.keyboard.press('?')
    await settled()
    jump(goal)
    await isThere(page, goal)
  })

  await test.test('a menu of the list', async () => {
    await page.locator(hook('inbox-row')).first().click({ button: 'right' })
    await settled()
    jump(goal)
    await isThere(page, goal)
  })

  await test.test('a picture as large as the window', async () => {
    const picture = await withPicture(hub)
    jump(picture)
    await page.locator(`${hook('message', { 'message-id': picture.message })} .picture:enabled`).first().click()
    await settled()
    jump(goal)
    await isThere(page, goal)
  })

  await test.test('a question in the settings', async () => {
    for (const step of ['nav-settings', 'settings-accounts', 'account-menu']) await page.locator(hook(step)).first().click()
    await page.getByRole('menuitem').last().click()
    await dialog.waitFor()
    jump(goal)
    await isThere(page, goal)
  })

  await test.test('a sign-in, which goes on where it was when it is asked for again', async () => {
    await page.locator(`nav ${hook('connect-account')}`).click()
    for (const step of ['connect-invented', 'login-platform-messenger', 'login-method-own_app']) await page.locator(hook(step)).click()
    await page.locator(hook('login-practice-fill')).first().click()
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-submit')).click()])
    await tab.waitForURL(/\/dialog\/oauth\?/)
    await page.bringToFront()
    await page.locator(hook('login-paste')).waitFor()
    jump(goal)
    await isThere(page, goal)
    await page.locator(hook('toast')).filter({ hasText: 'set aside' }).waitFor()
    await page.locator(`nav ${hook('connect-account')}`).click()
    await page.locator(hook('login-paste')).waitFor()

    jump(goal)
    await isThere(page, goal)
    // Agreed to in the browser meanwhile, it waits with the next question.
    await tab.getByText('Continue as Miriam Kofler').click()
    await page.locator(hook('toast')).filter({ hasText: 'set aside' }).getByRole('button', { name: 'Go on with it' }).click()
    await page.getByLabel('Alpenblick Verleih').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})

test('a jump to what is not here any more says so, and the next conversation is only looked at', async (test) => {
  const { hub, page, jump } = await openWithShell(test)
  const goal = await target(hub)
  jump({ kind: 'conversation', conversation: 999_999, message: 1 })
  await page.locator(hook('toast')).filter({ hasText: 'no longer here' }).waitFor()
  await page.locator(hook('inbox-row', { 'conversation-id': (await hub.rows())[0].id })).click()
  await page.locator(hook('message')).first().waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA'), false)
  jump(goal)
  await isThere(page, goal)
})

test('a sign-in that is set aside keeps what was typed; one that is ended keeps nothing', async (test) => {
  const { hub, page, jump } = await openWithShell(test)
  const goal = await target(hub)
  const dialog = page.getByRole('dialog')
  const field = (name) => page.locator(hook(`login-field-${name}`))
  const typed = { server: 'https://chat.example.org', user: '@mara:example.org', password: 'half a passw' }
  const toFields = async () => {
    await page.locator(`nav ${hook('connect-account')}`).click()
    for (const step of ['connect-invented', 'login-platform-matrix']) await page.locator(hook(step)).click()
    await field('user').waitFor()
  }
  const shown = async () => Object.fromEntries(await Promise.all(Object.keys(typed).map(async (name) => [name, await field(name).inputValue()])))
  const type = async () => {
    for (const [name, text] of Object.entries(typed)) await field(name).fill(text)
  }
  const setAside = async () => {
    jump(goal)
    await isThere(page, goal)
    await dialog.waitFor({ state: 'detached' })
  }

  await toFields()
  const before = await shown()
  assert.equal(before.password, '')
  await type()
  await setAside()
  await page.locator(hook('toast')).filter({ hasText: 'set aside' }).getByRole('button', { name: 'Go on with it' }).click()
  await field('user').waitFor()
  assert.deepEqual(await shown(), typed)
  assert.equal(await field('password').getAttribute('type'), 'password', 'what is hidden stays hidden')

  await test.test('closed for good, it begins anew', async () => {
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await toFields()
    assert.deepEqual(await shown(), before)
  })

  await test.test('another way and back is another sign-in', async () => {
    await type()
    await page.locator(hook('login-back')).click()
    await page.locator(hook('login-platform-matrix')).click()
    await field('user').waitFor()
    assert.deepEqual(await shown(), before)
  })

  await test.test('an address that was begun is kept too', async () => {
    await page.keyboard.press('Escape')
    await page.locator(`nav ${hook('connect-account')}`).click()
    for (const step of ['connect-invented', 'login-platform-messenger', 'login-method-own_app']) await page.locator(hook(step)).click()
    await page.locator(hook('login-practice-fill')).first().click()
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-submit')).click()])
    await tab.close()
    await page.locator(hook('login-paste')).fill('https://example.org/?code=ha')
    await setAside()
    await page.locator(`nav ${hook('connect-account')}`).click()
    await page.locator(hook('login-paste')).waitFor()
    assert.equal(await page.locator(hook('login-paste')).inputValue(), 'https://example.org/?code=ha')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  await test.test('it goes with the profile that it belongs to', async () => {
    await toFields()
    await type()
    await setAside()
    await page.locator(hook('leave-sandbox')).click()
    await page.locator(hook('welcome')).waitFor()
    await page.locator(hook('connect-account')).click()
    await page.locator(hook('login-platform-matrix')).click()
    // A profile is made first, and asks how it shall be kept.
    await page.locator(hook('protection-temporary')).click()
    await field('user').waitFor()
    assert.deepEqual(await shown(), before)
  })
})
