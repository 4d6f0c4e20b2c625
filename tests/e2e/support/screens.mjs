// Every screen there is and how a person gets there; each begins and ends at the inbox of the sandbox.
import { hook } from './browser.mjs'

export const click = async (page, ...names) => {
  for (const name of names) await page.locator(hook(name)).first().click()
}
const isCurrent = (page, name) => page.locator(`${hook(name)}[aria-current]`).waitFor()
export const dialog = (page) => page.getByRole('dialog')
export const away = async (page) => {
  await page.keyboard.press('Escape')
  await dialog(page).waitFor({ state: 'detached' })
}
const toView = async (page, name) => {
  await click(page, name)
  await isCurrent(page, name)
}
export const toInbox = (page) => toView(page, 'view-all')
const settings = (section) => ({
  name: `settings-${section}`,
  show: async (page) => {
    await click(page, 'nav-settings', `settings-${section}`)
    await isCurrent(page, `settings-${section}`)
    await page.locator(`#settings-section ~ *`).first().waitFor()
  },
  leave: toInbox,
})
/** `end` is there when the last of the steps is done. */
export const connect = (name, steps, end) => ({
  name,
  show: async (page) => {
    await page.locator(`nav ${hook('connect-account')}`).click()
    await click(page, ...steps)
    await dialog(page).locator(hook(end)).first().waitFor()
  },
  leave: away,
})

/** Of the conversations on top of the list the one with most to see. */
async function talkative(hub) {
  const { rows } = await hub.call('inbox_list', { view: 'all', account: null, after: null, until: null, limit: 9 })
  const much = async ({ id }) => {
    const { messages } = await hub.call('conversation_messages', { conversation: id, before: null, from: null, around: null, limit: 30 })
    return messages.length + 5 * messages.filter((one) => one.attachments.some((file) => file.kind === 'image')).length
  }
  const sizes = await Promise.all(rows.map(much))
  return rows[sizes.indexOf(Math.max(...sizes))].id
}

export const screens = [
  { name: 'inbox', show: async (page) => page.locator(hook('inbox-row')).first().waitFor() },
  {
    name: 'conversation',
    show: async (page, hub) => {
      const id = await talkative(hub)
      await page.locator(hook('inbox-row', { 'conversation-id': id })).click()
      await page.locator(hook('message')).first().waitFor()
    },
  },
  {
    name: 'search',
    show: async (page) => {
      await click(page, 'nav-search')
      await page.locator(hook('search-input')).fill('an')
      await page.locator(hook('search-hit')).first().waitFor()
    },
    leave: toInbox,
  },
  {
    name: 'search-start',
    show: async (page) => {
      await click(page, 'nav-search')
      await page.locator(hook('search-input')).waitFor()
    },
    leave: toInbox,
  },
  {
    name: 'search-nothing',
    show: async (page) => {
      await click(page, 'nav-search')
      await page.locator(hook('search-input')).fill('zeppelin airship')
      await page.locator(hook('search')).getByText('zeppelin airship').waitFor()
    },
    leave: toInbox,
  },
  ...['undelivered', 'waiting', 'unread', 'ends_soon'].map((name) => ({ name: `view-${name}`, show: (page) => toView(page, `view-${name}`), leave: toInbox })),
  settings('accounts'),
  settings('notifications'),
  settings('sending'),
  settings('appearance'),
  settings('language'),
  settings('about'),
  {
    name: 'remove',
    show: async (page) => {
      await click(page, 'nav-settings', 'settings-accounts', 'account-menu')
      await page.getByRole('menuitem').last().click()
      await dialog(page).waitFor()
    },
    leave: async (page) => {
      await away(page)
      await toInbox(page)
    },
  },
  {
    name: 'keys',
    show: async (page) => {
      await page.evaluate(() => document.activeElement?.blur())
      await page.keyboard.press('?')
      await dialog(page).waitFor()
    },
    leave: away,
  },
  connect('connect-sandbox', [], 'connect-invented'),
  connect('connect-platform', ['connect-invented'], 'login-platform-matrix'),
  connect('connect-matrix', ['connect-invented', 'login-platform-matrix'], 'login-field-password'),
  connect('connect-method', ['connect-invented', 'login-platform-messenger'], 'login-method-own_app'),
  connect('connect-own-app', ['connect-invented', 'login-platform-messenger', 'login-method-own_app'], 'login-field-app_secret'),
]

/** Those before a profile is open. */
export const entryScreens = [
  { name: 'welcome', show: (page) => page.locator(hook('welcome')).waitFor() },
  { name: 'protection', show: (page) => click(page, 'connect-account', 'login-platform-matrix').then(() => page.locator(hook('protection-passphrase')).waitFor()), leave: away },
]
