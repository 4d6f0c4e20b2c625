// The menu of a conversation in the list, without a mouse.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hook, openApp, until, violations } from './support/browser.mjs'
import { picture } from './support/pictures.mjs'

for (const language of ['en', 'de']) {
  test(`the list’s menu opens, works and closes by keys alone, ${language}`, async (test) => {
    const { hub, page } = await openApp(test, { language })
    const list = page.locator(hook('inbox-list'))
    const [, { id }, { id: next }] = await hub.rows()
    const openId = async () => Number(await page.locator(hook('conversation')).getAttribute('data-conversation-id'))
    await page.locator(hook('inbox-row')).first().waitFor()
    await list.focus()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.locator(hook('conversation', { 'conversation-id': id })).waitFor()
    const row = page.locator(hook('inbox-row', { 'conversation-id': id }))
    const isUnread = async () => {
      const found = (await hub.rows()).find((one) => one.id === id)
      return found.unreadCount > 0 || found.isMarkedUnread
    }
    await until('it was read by being looked at', async () => !(await isUnread()))
    await row.locator('.dot').waitFor({ state: 'detached' })
    const menu = page.getByRole('menu')
    const entries = page.getByRole('menuitem')
    const isListFocused = () => list.evaluate((element) => document.activeElement === element)

    for (const key of ['Shift+F10', 'ContextMenu']) {
      await test.test(`${key} opens it at the row, and Escape gives the focus back`, async () => {
        await page.keyboard.press(key)
        await menu.waitFor()
        assert.equal(await menu.count(), 1)
        // It is there a moment before it is put in its place.
        await until('it is where the row is', async () => {
          const [at, of] = [await menu.boundingBox(), await row.boundingBox()]
          return at.x >= of.x && at.x <= of.x + of.width && at.y >= of.y && at.y <= of.y + of.height
        })
        await page.keyboard.press('Escape')
        await menu.waitFor({ state: 'detached' })
        await until('the list has the focus', isListFocused)
        assert.equal(await openId(), id, 'the conversation stays open')
      })
    }

    await test.test('arrows choose, Enter does it, and nobody is left without a focus', async () => {
      await page.keyboard.press('Shift+F10')
      await menu.waitFor()
      assert.equal(await entries.count(), 2)
      for (const entry of await entries.all()) {
        await page.keyboard.press('ArrowDown')
        await until('the next entry has the focus', () => entry.evaluate((element) => document.activeElement === element))
      }
      await picture(page, `context-menu-1280-light-${language}`)
      // A menu lies above the page, and so in none of its landmarks.
      assert.deepEqual((await violations(page)).filter((one) => !/^region: .*(label|keys)/.test(one)), [])
      await page.keyboard.press('Enter')
      await menu.waitFor({ state: 'detached' })
      await until('it is marked unread', isUnread)
      await until('the list has the focus', isListFocused)
    })

    await test.test('the keys of the list work again', async () => {
      await page.keyboard.press('j')
      await until('the next one is open', async () => (await openId()) === next)
    })
  })
}
