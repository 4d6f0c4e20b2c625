// Screens that not every day brings: what can stand in a conversation and in a composer, the steps of a sign-in, accounts that need
// somebody, and profiles that cannot be opened.
import { findConversation, message, openBesideList, reply, sendAtOnce } from './answering.mjs'
import { hook, until } from './browser.mjs'
import { away, click, connect, dialog } from './screens.mjs'

const opened = (name, holds) => ({ name, show: async (page, hub) => openBesideList(page, await findConversation(hub, holds)) })
const isOpen = (one) => one.composer.kind === 'open'
const isNative = (one, row) => isOpen(one) && one.platform === 'matrix' && one.network === null && row.kind === 'direct' && one.contact.handle !== null
const toast = (page) => page.locator(hook('toast')).getByRole('button', { name: /^(Undo|Rückgängig)/ })

/** All that a customer can do, and what we answer. */
async function fill(page, hub) {
  await sendAtOnce(hub)
  const view = await findConversation(hub, isNative)
  const does = (deed, text) => hub.world(deed, { customer: view.contact.handle, text })
  await openBesideList(page, view)
  await does('write', 'The bleu one, please: https://shop.example/blue')
  await does('edit', 'The blue one, please: https://shop.example/blue')
  await does('write', 'Or rather the red one')
  await does('unsend')
  await message(page, 'The blue one').waitFor()
  await reply(page, 'Put aside for you')
  await message(page, 'Put aside for you').getByText(/^(Sent|Gesendet)$/).waitFor()
  await does('react', '👍')
  await does('read')
  await does('hand_over', 'Order 4711.pdf')
  await does('quote', 'Then I come at five')
  await message(page, 'Then I come at five').waitFor()
  return { view, does }
}

/** A quote, a picture, a file, and more text than the network takes. */
async function crowd(page, hub) {
  const view = await findConversation(hub, (one, row) => isOpen(one) && one.network !== null && one.canQuote && one.maxText === 1000 && row.kind === 'direct')
  await openBesideList(page, view)
  await page.locator(hook('message')).last().hover()
  await page.locator(hook('message')).last().locator('.tools button').first().click()
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } })
  await page.locator(hook('composer-file')).setInputFiles([
    { name: 'blue.png', mimeType: 'image/png', buffer: picture },
    { name: 'General terms of the spring.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') },
  ])
  await until('both are there', async () => (await page.locator(`${hook('composer')} li > button`).count()) === 2)
  await page.locator(hook('composer-input')).fill('We have it in blue and in green. '.repeat(31))
}

/** Each opens what it shows; what was open before may stay. */
export const conversationScreens = [
  { name: 'happened', show: fill },
  {
    name: 'lightbox',
    show: async (page, hub) => {
      const { does } = await fill(page, hub)
      await does('show', 'From the top')
      await message(page, 'From the top').locator('.picture').click()
      await until('it is drawn', () => dialog(page).locator('img').evaluate((one) => one.naturalWidth === 640))
    },
    leave: away,
  },
  {
    name: 'contact',
    show: async (page, hub) => {
      await openBesideList(page, await findConversation(hub, isNative))
      await page.setViewportSize({ width: 1000, height: 700 })
      await page.locator('.contact-button button').click()
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  opened('window-closed', (one) => one.composer.kind === 'window_closed'),
  opened('encrypted', (one) => one.composer.kind === 'encrypted'),
  { name: 'composer-full', show: crowd },
  {
    name: 'undo',
    show: async (page, hub) => {
      await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 15 })
      await openBesideList(page, await findConversation(hub, isNative))
      await reply(page, 'We look into it, one moment')
      await toast(page).waitFor()
    },
    keep: async (page) => {
      if (await toast(page).isVisible()) return false
      await reply(page, 'We look into it, one moment')
      await toast(page).waitFor()
      return true
    },
  },
]

const toMessenger = ['connect-invented', 'login-platform-messenger']
/** The first account of a platform. */
const account = async (hub, platform) => (await hub.call('accounts_list')).find((one) => one.platform === platform)
const toSettings = async (page) => {
  await click(page, 'nav-settings', 'settings-accounts')
  await page.locator(hook('account')).first().waitFor()
}

export const signInScreens = [
  connect('connect-token', [...toMessenger, 'login-method-token'], 'login-field-token'),
  {
    name: 'connect-choose',
    show: async (page) => {
      await connect('', [...toMessenger, 'login-method-token', 'login-practice-fill', 'login-submit'], 'login-back').show(page)
      await dialog(page).getByRole('checkbox').first().waitFor()
    },
    leave: away,
  },
  {
    name: 'connect-browse',
    show: async (page) => {
      await connect('', [...toMessenger, 'login-method-own_app', 'login-practice-fill'], 'login-submit').show(page)
      const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator(hook('login-submit')).click()])
      await tab.close()
      await page.locator(hook('login-paste')).waitFor()
    },
    leave: away,
  },
  {
    name: 'sign-in-ends',
    show: async (page, hub) => {
      const { id, handle } = await account(hub, 'messenger')
      await hub.world('lapse', { page: handle, days: 5 })
      await hub.call('account_sync', { account: id })
      await page.locator(hook('account-ending')).waitFor()
      await toSettings(page)
      await page.locator(hook('account-ends')).waitFor()
    },
    leave: (page) => click(page, 'view-all'),
  },
  {
    name: 'signed-out',
    show: async (page, hub) => {
      const { id, handle } = await account(hub, 'messenger')
      await hub.world('revoke', { page: handle })
      await hub.call('account_sync', { account: id })
      await page.locator(hook('account-attention')).waitFor()
      await openBesideList(page, await findConversation(hub, (one) => one.composer.kind === 'sign_in_again', id))
    },
  },
  { name: 'signed-out-settings', show: toSettings, leave: (page) => click(page, 'view-all') },
  {
    name: 'others',
    show: async (page, hub) => {
      const other = (await hub.call('sandbox_practice')).find((one) => one.name === 'Alpenblick Verleih')
      await click(page, 'attention-repair', 'login-back', 'login-method-token')
      await page.locator(hook('login-field-token')).fill(other.fields.token)
      await page.locator(hook('login-field-app_secret')).fill(other.fields.app_secret)
      await click(page, 'login-submit')
      await page.locator(hook('login-others')).waitFor()
    },
    leave: away,
  },
]
