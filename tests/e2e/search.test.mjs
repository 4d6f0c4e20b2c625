// Half-remembered words, other people's umlauts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until } from './support/browser.mjs'

/** A conversation that takes a reply, in which a text stands that nobody else wrote. */
async function said(hub, body) {
  await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 0 })
  for (const row of await hub.rows()) {
    const { composer } = await hub.call('conversation_open', { conversation: row.id })
    if (composer.kind !== 'open') continue
    const { messages } = await hub.call('inbox_act', { kind: 'reply', conversation: row.id, body, files: [], replyTo: null })
    return { conversation: row.id, message: messages[0], title: row.title }
  }
  throw new Error('no conversation takes a reply')
}

test('search finds by half a word, without umlauts, and opens at that message', async (test) => {
  const { hub, page } = await openApp(test)
  const target = await said(hub, 'Frau Müller-Lüdenscheidt aus Großräschen holt es am Freitag')
  const results = page.locator(hook('search-hit'))
  /** Types it into an empty search: what is found then is not what was found before. */
  const seek = async (text) => {
    await page.locator(hook('search-input')).fill('')
    await until('the search is empty', async () => (await page.locator('#search-results [role="option"]').count()) === 0)
    await page.locator(hook('search-input')).fill(text)
  }

  await page.locator(hook('inbox-row')).first().waitFor()
  await page.keyboard.press('/')
  await until('the field has the focus', () => page.evaluate((selector) => document.activeElement === document.querySelector(selector), hook('search-input')))

  for (const typed of ['Mueller-Lued', 'muller ludenscheidt', 'MÜLLER', 'grossrae', '"holt es am"']) {
    await test.test(`“${typed}” finds it`, async () => {
      await seek(typed)
      const hit = page.locator(hook('search-hit', { 'message-id': target.message }))
      await hit.waitFor()
      assert.notEqual((await hit.locator('mark').first().textContent()).trim(), '')
    })
  }

  await test.test('Enter opens the conversation with that message marked', async () => {
    await seek('luedenscheidt')
    await until('only it is found', async () => (await results.count()) === 1)
    // It fades: it is waited for from before.
    const marked = page.locator(hook('message', { 'message-id': target.message, highlighted: 'true' })).waitFor()
    await page.keyboard.press('Enter')
    await marked
    await page.locator(hook('conversation', { 'conversation-id': target.conversation })).waitFor()
  })

  await test.test('people are found by their name', async () => {
    await page.keyboard.press('/')
    await seek(target.title.split(' ').at(-1).slice(0, 4))
    await page.locator(hook('search-conversation', { 'conversation-id': target.conversation })).waitFor()
  })

  await test.test('more hits come while scrolling, older and without gaps', async () => {
    // A word of everyday German and English, so that there is more than one page.
    await seek('d')
    await until('a page is full', async () => (await results.count()) >= 50)
    const times = async () => results.evaluateAll((hits) => hits.map((hit) => hit.querySelector('time').dateTime))
    const first = await times()
    await page.locator('#search-results').evaluate((list) => list.scrollTo({ top: list.scrollHeight }))
    await until('more have come', async () => (await results.count()) > first.length)
    const all = await times()
    assert.deepEqual(all, [...all].sort().reverse())
    assert.deepEqual(all.slice(0, first.length), first)
    const ids = await results.evaluateAll((hits) => hits.map((hit) => hit.dataset.messageId))
    assert.equal(new Set(ids).size, ids.length)
  })

  await test.test('nothing found is said, with what to try', async () => {
    await seek('xyzzyqwert')
    await page.getByText('Nothing found for “xyzzyqwert”').waitFor()
  })

  await test.test('Escape empties the field, then closes the search', async () => {
    await page.keyboard.press('Escape')
    await until('it is empty', async () => (await page.locator(hook('search-input')).inputValue()) === '')
    await page.keyboard.press('Escape')
    await page.locator(hook('search')).waitFor({ state: 'detached' })
  })
})
