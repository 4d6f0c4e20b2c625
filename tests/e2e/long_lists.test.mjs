// Lists longer than any window: the inbox to its end, and a long conversation back to its newest message.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, message } from './support/answering.mjs'
import { hook, openApp, settle, until } from './support/browser.mjs'

const newest = (page) => page.locator(hook('to-newest'))

/** Is it wholly in sight between the head and the composer? */
async function isInSight(page, one) {
  if ((await one.count()) === 0) return false
  const box = await one.boundingBox()
  const composer = await page.locator(hook('composer')).boundingBox()
  return box !== null && box.y > 60 && box.y + box.height <= composer.y + 1
}

test('the inbox is scrolled to its end and back, and every row is there once', async (test) => {
  const { hub, page } = await openApp(test)
  await page.locator(hook('inbox-row')).first().waitFor()
  const seen = new Set()
  const shown = async () => {
    const now = await page.locator(hook('inbox-row')).evaluateAll((all) => all.map((one) => Number(one.dataset.conversationId)))
    for (const id of now) seen.add(id)
    return now
  }
  await page.locator(hook('inbox-list')).hover()
  // It grows meanwhile: the oldest conversations are still being fetched.
  const ids = await until('the last row of all is in sight', async () => {
    await page.mouse.wheel(0, 500)
    const all = (await hub.rows()).map((row) => row.id)
    if (!(await shown()).includes(all.at(-1))) return null
    const last = page.locator(hook('inbox-row', { 'conversation-id': all.at(-1) }))
    const isLast = (await last.getAttribute('aria-posinset')) === (await last.getAttribute('aria-setsize'))
    const [box, list] = [await last.boundingBox(), await page.locator(hook('inbox-list')).boundingBox()]
    return isLast && box.y + box.height <= list.y + list.height + 1 ? all : null
  })
  assert.ok(ids.length > 300, 'more than fits')
  const last = page.locator(hook('inbox-row', { 'conversation-id': ids.at(-1) }))
  await last.click()
  await page.locator(hook('conversation', { 'conversation-id': ids.at(-1) })).waitFor()
  await until('the first row is there again', async () => {
    await page.mouse.wheel(0, -500)
    return (await shown()).includes(ids[0])
  })
  assert.deepEqual(ids.filter((id) => !seen.has(id)), [], 'none was passed over on both ways')
})

test('from far back one button leads to the newest message, whether one was led there or scrolled', async (test) => {
  const { hub, page, view } = await begin(test, { height: 620, platform: 'matrix', holds: (one, row) => row.kind === 'direct' && one.contact.handle !== null })
  // More than is loaded around a message that one is led to.
  for (let line = 1; line <= 130; line++) await hub.call('inbox_act', { kind: 'reply', conversation: view.id, body: `Line ${line} of the long story`, files: [], replyTo: null })
  const last = message(page, 'Line 130 of')
  await last.getByText('Sent', { exact: true }).waitFor()
  await until('the end is in sight', () => isInSight(page, last))
  assert.equal(await newest(page).count(), 0, 'at the end there is nothing to lead to')

  await test.test('led there by the search', async () => {
    await page.locator(hook('nav-search')).click()
    await page.locator(hook('search-input')).fill('"Line 3 of the long"')
    await page.locator(hook('search-hit')).first().click()
    await until('the old message is in sight', () => isInSight(page, message(page, 'Line 3 of')))
    await newest(page).filter({ hasText: 'To the newest' }).click()
    await until('the newest is in sight', () => isInSight(page, last))
    await newest(page).waitFor({ state: 'detached' })
    await page.locator(hook('view-all')).click()
  })

  await test.test('scrolled there, while something new comes', async () => {
    await settle(page)
    await last.hover()
    await until('the end is out of sight', async () => {
      await page.mouse.wheel(0, -400)
      return !(await isInSight(page, last))
    })
    await hub.world('write', { customer: view.contact.handle, text: 'And how does it end?' })
    await newest(page).filter({ hasText: 'New messages' }).click()
    await until('what came is in sight', () => isInSight(page, message(page, 'And how does it end?')))
    await newest(page).waitFor({ state: 'detached' })
  })

  await test.test('its beginning is reached by scrolling, and nothing is there twice', async () => {
    await page.locator(hook('message')).last().hover()
    await until('its beginning is in sight', async () => {
      await page.mouse.wheel(0, -1500)
      return isInSight(page, page.getByText('Beginning of the conversation'))
    })
    const ids = await page.locator(hook('message')).evaluateAll((all) => all.map((one) => one.dataset.messageId))
    assert.equal(new Set(ids).size, ids.length)
  })
})
