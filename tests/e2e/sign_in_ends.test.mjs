// A sign-in that ends soon: said once and calmly, in both languages, and gone after signing in again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerTo, hook, openApp, openPage, settle, until, violations } from './support/browser.mjs'

const accounts = (hub) => hub.call('accounts_list')
const pagesOf = async (hub) => (await accounts(hub)).filter((one) => one.platform === 'messenger')

const endsIn = (account, days) => Math.abs((account.signInEndsAt ?? 0) - Date.now() - days * 86_400_000) < 3_600_000

/** The owner of a Page consented so long ago that it ends in so many days; Kontor asks and knows it, and so does the page. */
async function lapse(hub, page, { handle, id }, days) {
  const told = answerTo(page, 'accounts_list', (list) => list.some((one) => one.id === id && endsIn(one, days)))
  await hub.world('lapse', { page: handle, days })
  await hub.call('account_sync', { account: id })
  await told
  await settle(page)
}

const WORDS = {
  en: { banner: (name, date) => `Sign-in of ${name} ends on ${date}. Sign in again so that nothing is missed.`, entry: (date) => `The sign-in ends on ${date}`, button: 'Sign in again' },
  de: { banner: (name, date) => `Die Anmeldung von ${name} endet am ${date}. Melden Sie sich neu an, damit nichts verloren geht.`, entry: (date) => `Die Anmeldung endet am ${date}`, button: 'Neu anmelden' },
}

test('a sign-in that ends soon is said above the list and in the settings, and signing in again ends that', async (test) => {
  const { hub, browser, page } = await openApp(test)
  const [account, other] = await until('both Pages work', async () => {
    const pages = await pagesOf(hub)
    return pages.length > 1 && pages.every((one) => one.status.kind === 'live' && one.signInEndsAt) ? pages : null
  })
  await lapse(hub, page, account, 40)
  assert.equal(await page.locator(hook('account-ending')).count(), 0, 'far away')
  await lapse(hub, page, account, 8)
  await page.locator(hook('account-ending')).waitFor()

  for (const language of ['en', 'de']) {
    await test.test(`in its words: ${language}`, async (test) => {
      for (const theme of ['light', 'dark']) {
        const shown = await openPage(test, browser, hub, { language, theme })
        const { signInEndsAt } = (await accounts(hub)).find((one) => one.id === account.id)
        const date = await shown.evaluate(([tag, at]) => new Intl.DateTimeFormat(tag, { dateStyle: 'long' }).format(at), [language === 'de' ? 'de-DE' : 'en-GB', signInEndsAt])
        const banner = shown.locator(hook('account-ending'))
        await banner.getByText(WORDS[language].banner(account.name, date)).waitFor()
        assert.equal(await banner.getAttribute('role'), 'status', 'calmly')
        assert.equal(await banner.getByRole('button').innerText(), WORDS[language].button)
        assert.deepEqual(await violations(shown), [])
        await shown.locator(hook('nav-settings')).click()
        await shown.locator(hook('settings-accounts')).click()
        const entry = shown.locator(hook('account', { 'account-id': account.id }))
        assert.equal(await entry.locator(hook('account-ends')).innerText(), WORDS[language].entry(date))
        assert.equal(await entry.locator(hook('account-repair')).innerText(), WORDS[language].button)
        assert.equal(await shown.locator(hook('account-ends')).count(), 1, 'the others have time')
        assert.deepEqual(await violations(shown), [])
        await shown.context().close()
      }
    })
  }

  await test.test('two are one line, and what is broken goes first', async () => {
    await lapse(hub, page, other, 3)
    await page.locator(hook('ending-show')).waitFor()
    await hub.world('revoke', { page: other.handle })
    await hub.call('account_sync', { account: other.id })
    await page.locator(hook('account-attention')).getByText(other.name, { exact: false }).waitFor()
    assert.equal(await page.locator(hook('account-ending')).count(), 0, 'one line at a time')
  })

  await test.test('signed in again, it is gone', async () => {
    await page.locator(hook('nav-settings')).click()
    await page.locator(hook('settings-accounts')).click()
    const entry = page.locator(hook('account', { 'account-id': account.id }))
    await entry.locator(hook('account-repair')).click()
    await page.locator(hook('login-back')).click()
    await page.locator(hook('login-method-token')).click()
    const { token, appSecret } = await hub.world('token', { page: account.handle })
    await until('the app is known', async () => /^\d+$/.test(await page.locator(hook('login-field-app_id')).inputValue()))
    await page.locator(hook('login-field-token')).fill(token)
    await page.locator(hook('login-field-app_secret')).fill(appSecret)
    await page.locator(hook('login-submit')).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const end = async () => (await accounts(hub)).find((one) => one.id === account.id).signInEndsAt
    await until('a new end is known, far away', async () => (await end()) > Date.now() + 80 * 86_400_000)
    await entry.waitFor()
    await entry.locator(hook('account-ends')).waitFor({ state: 'detached' })
  })
})
