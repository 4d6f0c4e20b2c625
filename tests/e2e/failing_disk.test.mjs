// A disk that fails while Kontor runs: said in words, above everything and where something was to be stored.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { hook, openBrowser, openPage, until } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

const WORDS = { en: ['The disk has failed', 'can be read', 'start it again'], de: ['Der Datenträger hat versagt', 'können Sie lesen', 'starten Sie es neu'] }

/** The store's own failing disk, between the database and the real one; it fails from the moment the file `armed` is there. */
function failingDisk(folder) {
  const library = join(folder, 'disk.so')
  const source = fileURLToPath(new URL('../../src-tauri/crates/store/src/tests/disk.c', import.meta.url))
  execFileSync('cc', ['-shared', '-fPIC', '-D_FILE_OFFSET_BITS=64', '-o', library, source, '-ldl'])
  const armed = join(folder, 'armed')
  return { armed, env: { LD_PRELOAD: library, KONTOR_DISK_ARMED: armed, KONTOR_DISK_FAILS: '1', KONTOR_DISK_FLUSHES_ONLY: '1' } }
}

for (const language of ['en', 'de']) {
  test(`a disk that fails is said in the window and by what cannot be stored, ${language}`, async (test) => {
    const { profile, folder } = place(test)
    const { armed, env } = failingDisk(folder)
    const hub = await Hub.start(test, { profile, env })
    await hub.call('profile_protect', { passphrase: 'a walk along the harbour' })
    const browser = await openBrowser(test)
    const page = await openPage(test, browser, hub, { language })
    await page.locator(hook('nav-settings')).click()
    await page.locator(hook('settings-appearance')).click()
    assert.equal(await page.locator(hook('profile-trouble')).count(), 0)

    writeFileSync(armed, '')
    await page.getByRole('radio', { name: language === 'en' ? 'Dark' : 'Dunkel' }).click()
    await until('the disk has failed', () => existsSync(`${armed}.failed`))
    for (const place of ['toast', 'profile-trouble']) {
      for (const part of WORDS[language]) await page.locator(hook(place)).filter({ hasText: part }).waitFor()
    }
    assert.deepEqual(await pictures(page, 'failing-disk', language), [])
  })
}
