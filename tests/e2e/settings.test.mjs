// What is chosen holds at once, over a reload, and in every word.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { hook, openApp, settle, until } from './support/browser.mjs'

const words = (name) => JSON.parse(readFileSync(new URL(`../../ui/src/i18n/${name}.json`, import.meta.url), 'utf8'))
const leaves = (tree) => Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : leaves(value)))

test('settings hold at once and over a reload', async (test) => {
  const { hub, page } = await openApp(test)
  const settings = () => hub.call('settings_get')
  const section = (name) => page.locator(hook(`settings-${name}`)).click()
  await page.keyboard.press('Control+,')
  await page.locator(hook('settings')).waitFor()

  await test.test('the theme', async () => {
    await section('appearance')
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    await page.getByRole('radio', { name: 'Dark' }).click()
    await until('the window is dark', async () => (await background()) !== light)
    await until('it is stored', async () => (await settings()).theme === 'dark')
  })

  await test.test('the height of the rows', async () => {
    await page.getByRole('radio', { name: 'Compact' }).click()
    await until('it is stored', async () => (await settings()).density === 'compact')
    await until('the rows follow', () => page.evaluate(() => document.documentElement.dataset.density === 'compact'))
  })

  await test.test('single letters as shortcuts', async () => {
    await page.getByRole('switch', { name: 'Single letters as shortcuts' }).click()
    await until('it is stored', async () => (await settings()).usesLetterKeys === false)
    await page.keyboard.press('F1')
    const overview = page.getByRole('dialog')
    await overview.getByText('Single letters are switched off', { exact: false }).waitFor()
    assert.deepEqual(await overview.locator('dd span').filter({ hasText: /^[A-Z?/]$/ }).allTextContents(), [])
    await page.keyboard.press('Escape')
    await overview.waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    assert.equal(await overview.count(), 0)
  })

  await test.test('the key that sends, and the time to take a reply back', async () => {
    await section('sending')
    await page.getByRole('radio', { name: 'Enter', exact: true }).click()
    await until('it is stored', async () => (await settings()).sendKey === 'enter')
    await page.locator(hook('settings-undo-seconds')).focus()
    await page.keyboard.press('End')
    await until('fifteen seconds are stored', async () => (await settings()).undoSendSeconds === 15)
    await page.getByText('15 seconds').waitFor()
    await page.keyboard.press('Home')
    await until('none is stored', async () => (await settings()).undoSendSeconds === 0)
  })

  await test.test('notifications', async () => {
    await section('notifications')
    await page.getByRole('switch', { name: 'Show the message text' }).click()
    await until('it is stored', async () => (await settings()).showsTextInNotifications === false)
    await page.getByRole('switch', { name: 'Notifications', exact: true }).click()
    await until('it is stored', async () => (await settings()).notifies === false)
    await until('the sound is off too', () => page.getByRole('switch', { name: 'Play a sound' }).isDisabled())
    await page.getByLabel('A reply is due after').click()
    await page.getByRole('option', { name: '1 hour' }).click()
    await until('an hour is stored', async () => (await settings()).replyTargetMinutes === 60)
  })

  await test.test('about names the version and what Kontor is made of', async () => {
    await section('about')
    const { version } = await hub.call('about')
    await page.locator(hook('about-version')).filter({ hasText: version }).waitFor()
    const licences = await hub.call('licences')
    assert.ok(licences.length > 100, 'everything linked is named')
    await page.locator(hook('licences')).getByText('svelte', { exact: true }).first().waitFor()
  })

  const chosen = await settings()
  await page.reload()
  await page.locator(hook('inbox-row')).first().waitFor()
  assert.deepEqual(await settings(), chosen)
  await until('the window is dark again', () => page.evaluate(() => document.documentElement.dataset.theme === 'dark'))
})

test('German is complete: no English word is left on any screen', async (test) => {
  const { hub, page } = await openApp(test)
  const german = new Set(leaves(words('de')))
  // What is the same in both, or only a frame for names, proves nothing.
  const english = leaves(words('en')).filter((text) => !german.has(text) && !text.includes('{{') && text.length > 2)

  const shownEnglish = async () => {
    // Labels too: who hears the screen shall hear one language. What people wrote is theirs.
    const shown = await page.evaluate((theirs) => {
      const texts = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
      for (let node = walker.currentNode; node; node = walker.nextNode()) {
        const element = node instanceof Element ? node : node.parentElement
        if (element.closest(theirs)) continue
        if (node instanceof Text) texts.push(node.data.trim())
        else for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name)?.trim() ?? '')
      }
      return texts
    }, `bdi, .preview, ${hook('message')} .bubble, ${hook('licences')}`)
    const known = new Set(english)
    return [...new Set(shown.filter((text) => known.has(text)))]
  }
  /** `sign` is there when the screen is. */
  const leftovers = async (screen, sign) => {
    await sign.first().waitFor()
    await settle(page)
    assert.deepEqual(await shownEnglish(), [], screen)
  }
  const current = (name) => page.locator(`${hook(name)}[aria-current]`)

  await page.locator(hook('inbox-row')).first().waitFor()
  await page.keyboard.press('Control+,')
  await page.locator(hook('settings-language')).click()
  await page.getByRole('radio', { name: 'Deutsch' }).waitFor()
  assert.ok((await shownEnglish()).length > 10, 'English is recognised while it is there')
  await page.getByRole('radio', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Sprache' }).waitFor()
  await until('it is stored', async () => (await hub.call('settings_get')).language === 'de')
  await until('the page says which language it speaks', () => page.evaluate(() => document.documentElement.lang === 'de'))
  await leftovers('language', current('settings-language'))
  for (const name of ['accounts', 'notifications', 'sending', 'appearance', 'about']) {
    await page.locator(hook(`settings-${name}`)).click()
    await leftovers(name, current(`settings-${name}`))
  }
  await page.keyboard.press('Escape')
  await page.locator(hook('inbox-row')).nth(5).click()
  await leftovers('conversation', page.locator(hook('message')))
  for (const view of ['unread', 'waiting', 'ends_soon', 'undelivered']) {
    await page.locator(hook(`view-${view}`)).click()
    await leftovers(view, current(`view-${view}`))
  }
  await page.keyboard.press('/')
  await leftovers('search', page.locator(hook('search-input')))
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await leftovers('keys', page.getByRole('dialog'))
  await page.keyboard.press('Escape')
  await page.locator(`nav ${hook('connect-account')}`).click()
  const steps = ['connect-invented', 'login-platform-messenger', 'login-method-own_app', 'login-field-app_secret']
  for (const [index, step] of steps.entries()) {
    if (index > 0) await page.locator(hook(steps[index - 1])).click()
    await leftovers(step, page.getByRole('dialog').locator(hook(step)))
  }
})
