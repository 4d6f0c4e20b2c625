// A power cut while somebody writes: what they wrote is there again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openBrowser, openPage, until } from './support/browser.mjs'
import { homeserver } from './support/homeserver.mjs'
import { Hub, place } from './support/hub.mjs'

const PASSPHRASE = 'a walk along the harbour'

/** A kept profile with one real account and one conversation. */
async function signedIn(test, profile) {
  const { server, user, password } = await homeserver(test)
  const hub = await Hub.start(test, { profile })
  await hub.call('profile_protect', { passphrase: PASSPHRASE })
  const { flow } = await hub.call('login_start', { platform: 'matrix', method: 'password', again: null })
  await hub.call('login_next', { flow, input: { kind: 'fields', values: { user, password, server } } })
  const [row] = await until('its conversation is there', async () => {
    const rows = await hub.rows()
    return rows.length === 1 && rows
  })
  return { hub, conversation: row.id }
}

test('whoever writes without a pause while the power goes finds the last autosave in the composer', async (test) => {
  const { profile } = place(test)
  const { hub, conversation } = await signedIn(test, profile)
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub, { outlivesHub: true })
  await page.locator(hook('inbox-row')).click()

  const asked = []
  const saved = []
  const bodyOf = (request) => (request.url().endsWith('/call/draft_save') ? JSON.parse(request.postData()).body : undefined)
  page.on('request', (request) => asked.push(bodyOf(request)))
  page.on('requestfinished', (request) => saved.push(bodyOf(request)))
  const last = (bodies) => bodies.findLast((body) => body !== undefined)
  const count = () => saved.filter((body) => body !== undefined).length

  await page.locator(hook('composer-input')).click()
  let isOver = false
  const writing = (async () => {
    for (let word = 1; !isOver; word++) await page.keyboard.type(`word${word} `, { delay: 60 })
  })()
  const stopped = assert.rejects(writing, 'writing ends with the page')
  await until('it was saved again and again, though nobody paused', () => count() >= 3)
  // The core goes first, in the middle of a word; then the page with it.
  const answered = last(saved)
  await hub.kill()
  await page.context().close()
  isOver = true
  await stopped

  const again = await Hub.start(test, { profile })
  const next = await openPage(test, browser, again)
  await next.locator(hook('unlock-passphrase')).fill(PASSPHRASE)
  await next.keyboard.press('Enter')
  await next.locator(hook('inbox-row')).click()
  const composer = next.locator(hook('composer-input'))
  await composer.waitFor()
  const found = await until('the draft is in the composer', () => composer.inputValue())
  assert.ok(found.startsWith(answered), `what was answered for is there: “${found}” after “${answered}”`)
  assert.ok(asked.includes(found), `and it is an autosave: “${found}”, the last of which was “${last(asked)}”`)
  assert.equal((await again.call('conversation_open', { conversation })).draftBody, found)
})
