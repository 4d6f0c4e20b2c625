// A conversation that can be answered at once, and mishaps for what is sent in it.
import { hook, openApp, until } from './browser.mjs'

/** Opens a Messenger conversation that can be answered; replies leave at once. */
export async function begin(test, more = {}) {
  const { hub, page } = await openApp(test, more)
  await hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 0 })
  const account = (await hub.call('accounts_list')).find((one) => one.platform === 'messenger')
  const view = await until('a conversation that can be answered', async () => {
    for (const row of await hub.rows('all', account.id)) {
      const one = await hub.call('conversation_open', { conversation: row.id })
      if (one.composer.kind === 'open') return one
    }
    return null
  })
  await page.locator(hook('nav-search')).click()
  await page.locator(hook('search-input')).fill(view.title)
  await page.locator(hook('search-conversation', { 'conversation-id': view.id })).click()
  await page.locator(hook('conversation', { 'conversation-id': view.id })).waitFor()
  await page.locator(hook('composer-input')).waitFor()
  await page.locator(hook('view-all')).click()
  await page.locator(hook('inbox-row')).first().waitFor()
  return { hub, page, account, view }
}

export async function reply(page, text) {
  await page.locator(hook('composer-input')).fill(text)
  await page.locator(hook('composer-send')).click()
  await until('the composer is empty again', async () => (await page.locator(hook('composer-input')).inputValue()) === '')
}

/** The next send of this text meets a mishap. */
export const arrange = (hub, body, mishap, more = {}) => hub.world('arrange', { method: 'POST', path: '/messages', body, mishap, ...more })
export const message = (page, text) => page.locator(hook('message')).filter({ hasText: text }).last()
export const undelivered = async (hub) => (await hub.call('inbox_counts')).undelivered
