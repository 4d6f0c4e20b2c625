// A damaged profile: said in words, brought back from its copy. A profile in a bad place: said once.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hook, openBrowser, openPage } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { picture, pictures } from './support/pictures.mjs'

const PASSPHRASE = 'a walk along the harbour'

/** A profile under a passphrase, closed. */
async function made(test, profile) {
  const hub = await Hub.start(test, { profile })
  await hub.call('profile_protect', { passphrase: PASSPHRASE })
  await hub.call('settings_set', { ...(await hub.call('settings_get')), density: 'compact' })
  await hub.stop()
}

async function unlock(page) {
  await page.locator(hook('unlock-passphrase')).fill(PASSPHRASE)
  await page.keyboard.press('Enter')
}

for (const language of ['en', 'de']) {
  test(`a damaged profile says so, shows its copy and is brought back by one click, ${language}`, async (test) => {
    const { profile } = place(test)
    await made(test, profile)
    // Closed, the database is a copy of itself.
    const at = Date.UTC(2026, 9, 12, 14, 5)
    const database = join(profile, 'kontor.db')
    copyFileSync(database, join(profile, `kontor.snapshot-${at}.db`))
    const broken = readFileSync(database).fill(0x5a, 0, 4096)
    writeFileSync(database, broken)

    const hub = await Hub.start(test, { profile })
    const browser = await openBrowser(test)
    const page = await openPage(test, browser, hub, { language })
    await unlock(page)
    const words = language === 'en' ? ['damaged', '12 October 2026'] : ['beschädigt', '12. Oktober 2026']
    for (const word of words) await page.locator(hook('profile-problem')).filter({ hasText: word }).waitFor()
    assert.ok(readFileSync(database).equals(broken), 'nothing is touched before somebody decides')
    assert.deepEqual(await pictures(page, 'damaged', language), [])

    await page.locator(hook('profile-restore')).click()
    await page.locator(hook('nav-settings')).waitFor()
    assert.equal((await hub.call('profile_status')).state, 'open')
    assert.equal((await hub.call('settings_get')).density, 'compact', 'what the copy knows is there')
    const kept = readdirSync(profile).filter((name) => /^kontor\.damaged-\d+\.db$/.test(name))
    assert.equal(kept.length, 1)
    assert.ok(readFileSync(join(profile, kept[0])).equals(broken), 'the damaged file is kept')
  })
}

test('a profile in a synchronised folder is warned of once', async (test) => {
  const profile = join(place(test).folder, 'Dropbox', 'kontor')
  await made(test, profile)
  const hub = await Hub.start(test, { profile })
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub)
  await unlock(page)
  const strip = page.locator(hook('profile-folder'))
  await strip.filter({ hasText: 'Dropbox' }).waitFor()
  await picture(page, 'folder-1280-light-en')
  await page.locator(hook('profile-folder-seen')).click()
  await strip.waitFor({ state: 'detached' })
  await page.context().close()
  await hub.stop()

  const next = await Hub.start(test, { profile })
  const again = await openPage(test, browser, next)
  await unlock(again)
  await again.locator(hook('nav-settings')).waitFor()
  assert.equal((await next.call('profile_status')).folder, null)
  assert.equal(await again.locator(hook('profile-folder')).count(), 0)
})
