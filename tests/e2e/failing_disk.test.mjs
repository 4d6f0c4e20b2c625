// A disk that fails while Kontor runs: said in words above everything, and shortly by what was to be stored, which shows what holds.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { hook, openBrowser, openPage, until } from './support/browser.mjs'
import { Hub, place } from './support/hub.mjs'
import { pictures } from './support/pictures.mjs'

const words = (language) => JSON.parse(readFileSync(new URL(`../../ui/src/i18n/${language}.json`, import.meta.url), 'utf8'))
const HOUR = { en: '1 hour', de: '1 Stunde' }

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
    const { settings, profile: said, error } = words(language)
    const radio = (name) => page.getByRole('radio', { name })
    // Waited for from the beginning: it goes by itself.
    const isBrief = page.locator(hook('toast')).getByText(error.saidAbove.replace('{{undone}}', settings.notChanged), { exact: true }).waitFor()
    await radio(settings.themeDark).click()
    await until('the disk has failed', () => existsSync(`${armed}.failed`))
    await page.locator(hook('profile-trouble')).filter({ hasText: said.trouble.disk_failed }).waitFor()
    await isBrief
    assert.equal(await page.getByText(said.trouble.disk_failed).count(), 1, 'it is said once')
    await until('the theme is shown that holds', async () => (await radio(settings.themeSystem).isChecked()) && !(await radio(settings.themeDark).isChecked()))

    await test.test('every control goes back to what holds', async () => {
      const { usesLetterKeys, notifies, undoSendSeconds } = await hub.call('settings_get')
      const isOn = (name) => page.getByRole('switch', { name, exact: true }).isChecked()
      // Each is waited for by its own refusal: what it shows until then is the choice.
      const refused = async (deed) => {
        const [answer] = await Promise.all([page.waitForResponse((response) => response.url().endsWith('/call/settings_set')), deed()])
        assert.equal(answer.ok(), false)
      }
      await refused(() => page.getByRole('switch', { name: settings.letterKeys }).click())
      await until('the switch', async () => (await isOn(settings.letterKeys)) === usesLetterKeys)

      await page.locator(hook('settings-notifications')).click()
      await refused(() => page.getByRole('switch', { name: settings.notifies, exact: true }).click())
      await until('the other switch', async () => (await isOn(settings.notifies)) === notifies)
      const due = page.getByLabel(settings.replyTarget)
      const before = await due.textContent()
      await due.click()
      await refused(() => page.getByRole('option', { name: HOUR[language], exact: true }).click())
      await until('the list of choices', async () => (await due.textContent()) === before)

      await page.locator(hook('settings-sending')).click()
      const knob = page.locator(hook('settings-undo-seconds'))
      await knob.focus()
      await refused(() => page.keyboard.press('End'))
      await until('the knob', async () => (await knob.inputValue()) === String(undoSendSeconds))
    })
    assert.deepEqual(await pictures(page, 'failing-disk', language), [])
  })
}
