// Everything that can happen in one conversation, seen where it stands.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { begin, message, reply } from './support/answering.mjs'
import { hook, settle, until, violations } from './support/browser.mjs'
import { place } from './support/hub.mjs'

/** With somebody who writes on Matrix itself: everything that a platform can do, it can. */
const withSomebody = (test, more) => begin(test, { platform: 'matrix', holds: (one, row) => row.kind === 'direct' && one.network === null && one.contact.handle !== null, ...more })
const customer = (hub, view) => (deed, text) => hub.world(deed, { customer: view.contact.handle, text })
const sent = (page, text) => message(page, text).getByText('Sent', { exact: true }).waitFor()
const value = (page) => page.locator(hook('composer-input')).inputValue()
const quoted = (page) => page.locator(`${hook('composer')} .quoted`)

test('what a customer edits, takes back, likes and reads is seen where it stands', async (test) => {
  const { hub, page, view } = await withSomebody(test)
  const does = customer(hub, view)
  const row = page.locator(hook('inbox-row', { 'conversation-id': view.id }))

  await test.test('an edited message says so and holds the new words alone', async () => {
    await does('write', 'The bleu one, please')
    await message(page, 'The bleu one').waitFor()
    await does('edit', 'The blue one, please')
    await message(page, 'The blue one').getByText('edited').waitFor()
    assert.match(await message(page, 'The blue one').getByText('edited').getAttribute('title'), /^Edited /)
    assert.equal(await page.locator(hook('message')).filter({ hasText: 'bleu' }).count(), 0)
    await row.getByText('The blue one').waitFor()
  })

  await test.test('a message taken back leaves its place and none of its words', async () => {
    await does('write', 'Or rather the red one')
    const told = message(page, 'Or rather the red one')
    const id = await told.getAttribute('data-message-id')
    await does('unsend')
    const left = page.locator(hook('message', { 'message-id': id }))
    await left.getByText('This message was deleted').waitFor()
    assert.equal(await page.getByText('the red one').count(), 0, 'neither in the conversation nor in the list')
    assert.equal(await left.getByRole('button').count(), 0, 'it can neither be quoted nor copied')
  })

  await test.test('a reaction stands at the message, with who it was', async () => {
    await reply(page, 'Put aside for you')
    await sent(page, 'Put aside for you')
    await does('react', '👍')
    const reaction = message(page, 'Put aside for you').getByRole('listitem').filter({ hasText: '👍' })
    await reaction.waitFor()
    assert.equal(await reaction.getAttribute('title'), view.contact.name)
  })

  await test.test('that the customer has read it is said', async () => {
    await does('read')
    await message(page, 'Put aside for you').getByText('Read', { exact: true }).waitFor()
  })

  await settle(page)
  assert.deepEqual(await violations(page), [])
})

test('a reply quotes what it answers, and a quote leads to what it quotes', async (test) => {
  const { hub, page, view } = await withSomebody(test)
  const does = customer(hub, view)
  await does('write', 'Until when are you open?')
  const question = message(page, 'Until when are you open?')
  await question.waitFor()

  await test.test('Escape takes the quote away and leaves the words', async () => {
    await page.locator(hook('composer-input')).fill('Until six')
    await question.getByRole('button', { name: 'Reply to this message' }).focus()
    await page.keyboard.press('Enter')
    await quoted(page).getByText('Until when are you open?').waitFor()
    await until('the keyboard is where the reply is written', () => page.evaluate((css) => document.activeElement === document.querySelector(css), hook('composer-input')))
    await page.keyboard.press('Escape')
    await quoted(page).waitFor({ state: 'detached' })
    assert.equal(await value(page), 'Until six')
  })

  await question.hover()
  await question.getByRole('button', { name: 'Reply to this message' }).click()
  await quoted(page).waitFor()
  await page.keyboard.press('Control+Enter')
  await sent(page, 'Until six')
  await quoted(page).waitFor({ state: 'detached' })
  const quote = message(page, 'Until six').getByRole('button').filter({ hasText: 'Until when are you open?' })
  await quote.filter({ hasText: view.contact.name }).waitFor()

  await test.test('a click on it marks the message that it quotes', async () => {
    const marked = page.locator(hook('message', { highlighted: 'true' })).filter({ hasText: 'Until when are you open?' }).waitFor()
    await quote.click()
    await marked
  })
  await test.test('what the customer quotes of ours is ours', async () => {
    await does('quote', 'Then I come at five')
    await message(page, 'Then I come at five').getByRole('button').filter({ hasText: 'Until six' }).getByText('You').waitFor()
  })
})

test('a picture opens large, it and a file are saved, and Escape leads back to where one was', async (test) => {
  const { profile } = place(test)
  const { hub, page, view } = await withSomebody(test, { profile })
  const does = customer(hub, view)
  const isSaved = async (name, begins) => {
    await page.locator(hook('toast')).filter({ hasText: `Saved to downloads: ${name}` }).waitFor()
    const file = join(profile, 'downloads', name)
    assert.ok(existsSync(file) && readFileSync(file).subarray(0, 8).includes(begins), `${name} is what it was`)
  }
  await does('show', 'From the top')
  const picture = message(page, 'From the top').getByRole('button', { name: /^Show IMG_\d+\.png larger$/ })
  const name = /IMG_\d+\.png/.exec(await picture.getAttribute('aria-label'))[0]
  await until('it can be enlarged', () => picture.isEnabled())
  await picture.focus()
  await page.keyboard.press('Enter')
  const box = page.getByRole('dialog', { name })
  const large = box.getByRole('img', { name })
  await until('it is drawn, larger than in the conversation', async () => (await large.evaluate((one) => one.naturalWidth)) === 640 && (await large.boundingBox()).width > (await picture.boundingBox()).width)
  assert.deepEqual(await violations(page), [])
  await box.getByRole('button', { name: 'Save to downloads' }).click()
  await isSaved(name, 'PNG')
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
  await page.locator(hook('conversation', { 'conversation-id': view.id })).waitFor()
  await until('the keyboard is at the picture again', () => picture.evaluate((one) => one === document.activeElement))

  await does('hand_over', 'Invoice 4711.pdf')
  await message(page, 'Invoice 4711.pdf').getByRole('button', { name: 'Invoice 4711.pdf' }).click()
  await isSaved('Invoice 4711.pdf', 'PDF')
})

test('a link opens beside Kontor, and only what is one is a link', async (test) => {
  const { hub, page, view } = await withSomebody(test)
  const shop = 'https://shop.example/sizes?of=blue'
  // Nothing leaves this machine.
  await page.context().route('https://shop.example/**', (route) => route.fulfill({ body: 'Sizes of blue' }))
  await customer(hub, view)('write', `Like this: ${shop} or javascript:alert(1) or file:///etc/passwd?`)
  const written = message(page, 'Like this')
  await written.waitFor()
  assert.deepEqual(await written.getByRole('link').evaluateAll((all) => all.map((one) => one.href)), [shop])
  const before = page.url()
  const [tab] = await Promise.all([page.context().waitForEvent('page'), written.getByRole('link').click()])
  await tab.waitForURL(shop)
  await tab.getByText('Sizes of blue').waitFor()
  assert.equal(page.url(), before, 'Kontor stays where it is')
})
