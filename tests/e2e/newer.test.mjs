// A profile that a newer Kontor has written: refused politely, said which version opens it, and a copy of it offered.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hook, openApp } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

for (const language of ['en', 'de']) {
  test(`a profile of a newer Kontor stays closed, and a copy of it can be taken, ${language}`, async (test) => {
    const { profile } = place(test)
    const hub = await Hub.start(test, { profile })
    await hub.call('profile_protect', { passphrase: 'a walk along the harbour' })
    await hub.stop()
    writeFileSync(join(profile, 'key.json'), JSON.stringify({ ...JSON.parse(readFileSync(join(profile, 'key.json'), 'utf8')), version: 99 }))
    writeFileSync(join(profile, 'opened-by'), '9.1.0')

    const { page } = await openApp(test, { isSandbox: false, profile, language })
    const words = language === 'en' ? 'last opened with Kontor 9.1.0, which is newer' : 'mit Kontor 9.1.0 geöffnet, und das ist neuer'
    await page.locator(hook('profile-problem')).filter({ hasText: words }).waitFor()
    assert.deepEqual(await pictures(page, 'newer', language), [])

    await page.locator(hook('profile-export')).click()
    await page.locator(hook('toast')).filter({ hasText: 'kontor-profile' }).waitFor()
    const copy = join(profile, 'downloads/kontor-profile')
    const files = readdirSync(profile, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'lock').map((entry) => entry.name)
    assert.deepEqual(readdirSync(copy).sort(), files.sort())
    assert.ok(files.includes('kontor.db') && files.includes('key.json'))
    for (const name of files) assert.ok(readFileSync(join(copy, name)).equals(readFileSync(join(profile, name))), `${name} is copied as it is`)
  })
}
