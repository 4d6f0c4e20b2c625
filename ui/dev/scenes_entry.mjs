// The way in, accounts, settings, search.
const hook = (page, id) => page.locator(`[data-testid="${id}"]`)
const press = (...ids) => async (page) => {
  for (const id of ids) await hook(page, id).first().click()
}
const then = (...steps) => async (page) => {
  for (const step of steps) await step(page)
}
const fill = (id, text) => (page) => hook(page, id).fill(text)

export const entryScenes = [
  { name: 'welcome-1280-light', query: 'profile=empty' },
  { name: 'welcome-900-de-dark', query: 'profile=empty', width: 900, height: 600, theme: 'dark', language: 'de' },
  { name: 'unlock-light', query: 'profile=passphrase_needed&problem=wrong_passphrase' },
  { name: 'unlock-de-dark', query: 'profile=passphrase_needed', theme: 'dark', language: 'de' },
  { name: 'blocked-light', query: 'profile=blocked&problem=newer_database' },
  { name: 'connect-platform-light', query: 'profile=empty', act: press('connect-account') },
  { name: 'connect-methods-dark', query: 'profile=empty', theme: 'dark', act: press('connect-account', 'login-platform-messenger') },
  { name: 'connect-protect-light', query: 'profile=empty&keychain=no', act: press('connect-account', 'login-platform-matrix') },
  { name: 'connect-protect-de-dark', query: 'profile=empty&keychain=no', language: 'de', theme: 'dark', width: 900, height: 600, act: press('connect-account', 'login-platform-matrix') },
  {
    name: 'connect-wrong-light', query: 'profile=empty',
    act: then(press('connect-account', 'login-platform-matrix'), fill('login-field-user', '@mara:nordlicht.coffee'), fill('login-field-password', 'wrong'), press('login-submit')),
  },
  { name: 'connect-own-app-de-light', query: 'profile=empty', language: 'de', act: press('connect-account', 'login-platform-messenger', 'login-method-own_app') },
  {
    name: 'connect-browse-light', query: 'profile=empty',
    act: then(press('connect-account', 'login-platform-messenger', 'login-method-own_app'), fill('login-field-app_id', '1234'), fill('login-field-app_secret', 'x'), press('login-submit')),
  },
  {
    name: 'connect-choose-dark', query: 'profile=empty', theme: 'dark',
    act: then(press('connect-account', 'login-platform-messenger', 'login-method-token'), fill('login-field-token', 'EAAx'), press('login-submit')),
  },
  { name: 'accounts-1280-light', act: press('nav-settings') },
  { name: 'accounts-900-de-dark', width: 900, height: 600, theme: 'dark', language: 'de', act: press('nav-settings') },
  { name: 'settings-notifications-light', act: press('nav-settings', 'settings-notifications') },
  { name: 'settings-sending-de-dark', theme: 'dark', language: 'de', act: press('nav-settings', 'settings-sending') },
  { name: 'settings-appearance-1920-light', width: 1920, height: 1080, act: press('nav-settings', 'settings-appearance') },
  { name: 'settings-about-light', act: press('nav-settings', 'settings-about') },
  { name: 'sandbox-light', query: 'profile=sandbox' },
  { name: 'sandbox-connect-light', query: 'profile=sandbox', act: press('connect-account') },
  { name: 'trouble-dark', query: 'trouble=disk_full', theme: 'dark' },
  { name: 'search-start-light', act: press('nav-search') },
  { name: 'search-light', act: then(press('nav-search'), fill('search-input', 'guji')) },
  { name: 'search-people-de-dark', language: 'de', theme: 'dark', width: 900, height: 600, act: then(press('nav-search'), fill('search-input', 'an')) },
  { name: 'search-nothing-light', act: then(press('nav-search'), fill('search-input', 'xyzzy')) },
]
