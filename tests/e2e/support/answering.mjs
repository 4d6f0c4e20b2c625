// A conversation that can be answered at once, and mishaps for what is sent in it.
import { hook, openApp, until } from './browser.mjs'

/** The first conversation, from the top, of which this holds. */
export async function findConversation(hub, holds, account = null) {
  return until('a conversation as wanted', async () => {
    for (const row of (await hub.rows('all', account)).slice(0, 400)) {
      const view = await hub.call('conversation_open', { conversation: row.id })
      if (holds(view, row)) return view
    }
    return null
  })
}

/** Opens it wherever it stands in the list, by its name. */
export async function openBySearch(page, view) {
  await page.locator(hook('nav-search')).click()
  await page.locator(hook('search-input')).fill(view.title)
  await page.locator(hook('search-conversation', { 'conversation-id': view.id })).click()
  await page.locator(hook('conversation', { 'conversation-id': view.id })).waitFor()
  await page.locator(hook('message')).last().waitFor()
}

/** The same, with the list beside it again. */
export async function openBesideList(page, view) {
  await openBySearch(page, view)
  await page.locator(hook('view-all')).click()
  await page.locator(hook('inbox-row')).first().waitFor()
}

export const sendAtOnce = async (hub) => hub.call('settings_set', { ...(await hub.call('settings_get')), undoSendSeconds: 0 })

/** Opens a conversation that can be answered, of Messenger unless said otherwise, and for which `holds` holds; replies leave at once. */
export async function begin(test, { platform = 'messenger', holds = () => true, ...more } = {}) {
  const { hub, page } = await openApp(test, more)
  await sendAtOnce(hub)
  const account = (await hub.call('accounts_list')).find((one) => one.platform === platform)
  const view = await findConversation(hub, (one, row) => one.composer.kind === 'open' && holds(one, row), account.id)
  await openBesideList(page, view)
  await page.locator(hook('composer-input')).waitFor()
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
