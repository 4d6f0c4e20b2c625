// Who writes: beside the conversation where there is room, behind a button where there is not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, message } from './support/answering.mjs'
import { hook, settle, until, violations } from './support/browser.mjs'

const withSomebody = (test) => begin(test, { platform: 'matrix', holds: (one, row) => row.kind === 'direct' && one.contact.handle !== null })
const contact = (page) => page.locator(hook('contact'))
const button = (page) => page.locator(hook('conversation')).getByRole('button', { name: 'Contact', exact: true })

test('the contact says who writes and from where, and counts along', async (test) => {
  const { hub, page, account, view } = await withSomebody(test)
  await contact(page).getByRole('heading', { name: view.contact.name }).waitFor()
  for (const text of [view.contact.handle, account.name]) await contact(page).getByText(text, { exact: true }).waitFor()
  assert.ok(!(await button(page).isVisible()), 'where there is room there is no button')
  const count = contact(page).locator('div').filter({ has: page.getByText('Messages received') }).locator('dd').last()
  await until('it counts what came', async () => Number(await count.innerText()) === view.contact.messageCount)
  await hub.world('write', { customer: view.contact.handle, text: 'One more' })
  await until('it counts what comes', async () => Number(await count.innerText()) === view.contact.messageCount + 1)
})

test('below 1240 px it lies over the conversation when it is asked for, and goes by Escape and by its own button', async (test) => {
  const { page, view } = await withSomebody(test)
  await page.setViewportSize({ width: 1239, height: 760 })
  await contact(page).waitFor({ state: 'hidden' })

  await button(page).focus()
  await page.keyboard.press('Enter')
  await contact(page).getByRole('heading', { name: view.contact.name }).waitFor()
  assert.equal(await button(page).getAttribute('aria-pressed'), 'true')
  await settle(page)
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Escape')
  await contact(page).waitFor({ state: 'hidden' })
  await page.locator(hook('conversation', { 'conversation-id': view.id })).waitFor()

  await button(page).click()
  await contact(page).getByRole('button', { name: 'Close' }).click()
  await contact(page).waitFor({ state: 'hidden' })
  assert.equal(await button(page).getAttribute('aria-pressed'), 'false')

  await test.test('where there is room again it stands beside', async () => {
    await page.setViewportSize({ width: 1240, height: 760 })
    await contact(page).waitFor()
    assert.ok(!(await button(page).isVisible()))
    await message(page, '').waitFor()
  })
})
