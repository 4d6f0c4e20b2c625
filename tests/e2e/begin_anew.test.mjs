// A passphrase that nobody remembers, and damage without a copy: no dead end. The old profile is kept as it is.
import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hook, openBrowser, openPage } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

const PASSPHRASE = 'a walk along the harbour'
const WORDS = { en: ['kept as it is', 'what the platforms still hold', 'unsent replies stay'], de: ['bleibt erhalten', 'was die Plattformen noch haben', 'nicht gesendete Antworten bleiben'] }

/** A profile under a passphrase, closed. */
async function made(test, profile) {
  const hub = await Hub.start(test, { profile })
  await hub.call('profile_protect', { passphrase: PASSPHRASE })
  await hub.call('settings_set', { ...(await hub.call('settings_get')), density: 'compact' })
  await hub.stop()
}

for (const language of ['en', 'de']) {
  test(`a forgotten passphrase leads to a new profile and the old one is kept, ${language}`, async (test) => {
    const { profile, folder } = place(test)
    await made(test, profile)
    const before = readFileSync(join(profile, 'kontor.db'))
    const hub = await Hub.start(test, { profile })
    const browser = await openBrowser(test)
    const page = await openPage(test, browser, hub, { language })

    // Asked first, and Esc takes it back.
    await page.locator(hook('begin-anew')).click()
    const words = page.locator(hook('begin-anew-words'))
    for (const part of WORDS[language]) await words.filter({ hasText: part }).waitFor()
    await page.locator(hook('begin-anew-folder')).filter({ hasText: profile }).waitFor()
    assert.deepEqual(await pictures(page, 'begin-anew', language), [])
    await page.keyboard.press('Escape')
    await words.waitFor({ state: 'detached' })
    assert.ok(readFileSync(join(profile, 'kontor.db')).equals(before), 'nothing was touched')
    assert.deepEqual(await pictures(page, 'locked', language), [])

    await page.locator(hook('begin-anew')).click()
    await page.locator(hook('begin-anew-confirm')).click()
    await page.locator(`${hook('welcome')}[data-state="empty"]`).waitFor()
    const [aside] = readdirSync(profile).filter((name) => /^set-aside-\d{4}-\d\d-\d\d-\d{4}Z$/.test(name))
    await page.locator(hook('toast')).filter({ hasText: aside }).waitFor()
    assert.ok(readFileSync(join(profile, aside, 'kontor.db')).equals(before), 'the old one as it was')
    await hub.call('profile_protect', { passphrase: 'another one altogether' })
    assert.equal((await hub.call('settings_get')).density, 'comfortable')
    await page.context().close()
    await hub.stop()

    // The passphrase came to mind after all: the folder is a profile.
    const old = join(folder, 'old')
    cpSync(join(profile, aside), old, { recursive: true })
    const again = await Hub.start(test, { profile: old })
    await again.call('profile_unlock', { passphrase: PASSPHRASE })
    assert.equal((await again.call('settings_get')).density, 'compact')
  })

  test(`a damaged profile without a copy leads to a new one, ${language}`, async (test) => {
    const { profile } = place(test)
    await made(test, profile)
    const broken = readFileSync(join(profile, 'kontor.db')).fill(0x5a, 0, 4096)
    writeFileSync(join(profile, 'kontor.db'), broken)
    const hub = await Hub.start(test, { profile })
    const browser = await openBrowser(test)
    const page = await openPage(test, browser, hub, { language })
    await page.locator(hook('unlock-passphrase')).fill(PASSPHRASE)
    await page.keyboard.press('Enter')
    await page.locator(`${hook('welcome')}[data-state="blocked"]`).waitFor()
    await page.locator(hook('begin-anew')).waitFor()
    assert.deepEqual(await pictures(page, 'damaged-without-copy', language), [])
    await page.locator(hook('begin-anew')).click()
    await page.locator(hook('begin-anew-confirm')).click()
    await page.locator(`${hook('welcome')}[data-state="empty"]`).waitFor()
    const [aside] = readdirSync(profile).filter((name) => name.startsWith('set-aside-'))
    assert.ok(readFileSync(join(profile, aside, 'kontor.db')).equals(broken))
  })
}
