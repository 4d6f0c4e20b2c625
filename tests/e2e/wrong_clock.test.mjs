// This computer's clock is two days off, and the platforms' is right.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, message, reply } from './support/answering.mjs'
import { hook, until } from './support/browser.mjs'

const DAY_SECONDS = 86_400
const HOUR_MS = 3_600_000

for (const [worldAheadSeconds, words] of [
  [-2 * DAY_SECONDS, "This computer's clock is about 2 days ahead."],
  [2 * DAY_SECONDS, "This computer's clock is about 2 days behind."],
]) {
  test(words, async (test) => {
    const { hub, page, account, view } = await begin(test, { worldAheadSeconds })
    const platformNow = () => Date.now() + worldAheadSeconds * 1000

    await test.test('it is said, calmly', async () => {
      const line = page.locator(hook('profile-clock'))
      await line.getByText(words, { exact: false }).waitFor()
      assert.equal(await line.getAttribute('role'), 'status')
    })

    await test.test('what just came is not days old', async () => {
      const age = page.locator(`${hook('inbox-row')} time`).first()
      await until('the newest row is of today', async () => /^(now|\d+[mh])$/.test(await age.innerText()))
    })

    await test.test('who can be answered by the platform’s time can be answered here', async () => {
      const { composer } = await hub.call('conversation_open', { conversation: view.id })
      assert.ok(composer.closesAt > platformNow() && composer.closesAt <= platformNow() + 24 * HOUR_MS)
      await reply(page, 'In time')
      await message(page, 'In time').getByText('Sent', { exact: true }).waitFor()
      assert.equal(await hub.countSent(account.handle, 'In time'), 1)
    })

    await test.test('what ends soon is what really ends soon', async () => {
      await page.locator(hook('view-ends_soon')).click()
      const rows = await hub.rows('ends_soon')
      assert.ok(rows.length > 0, 'the brand day has some')
      for (const row of rows) {
        const left = row.windowClosesAt - platformNow()
        assert.ok(left > -60_000 && left <= 6 * HOUR_MS, `${left / HOUR_MS} h left`)
      }
      const chip = page.locator(hook('inbox-row')).first().locator('[title^="Time to answer ends"]').first()
      await until('its row says how much is left', async () => /\d+[mh]$/.test((await chip.innerText()).trim()))
    })
  })
}
