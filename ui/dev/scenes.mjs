const openRow = (id) => (page) => page.locator(`[data-testid=inbox-row][data-conversation-id="${id}"]`).click()

/** What is looked at: a name, a size, a theme, a language and how to get there. */
export const scenes = [
  { name: 'gallery-light', query: 'gallery', height: 900 },
  { name: 'gallery-dark', query: 'gallery&theme=dark', height: 900, theme: 'dark' },
  { name: 'inbox-1280-light' },
  { name: 'inbox-1280-dark', theme: 'dark', act: openRow(2) },
  { name: 'conversation-1280-light', act: openRow(2) },
  { name: 'conversation-1280-de', language: 'de', act: openRow(2) },
  { name: 'conversation-900-light', width: 900, height: 600, act: openRow(2) },
  { name: 'conversation-900-de-dark', width: 900, height: 600, language: 'de', theme: 'dark', act: openRow(2) },
  { name: 'conversation-1920-light', width: 1920, height: 1080, act: openRow(2) },
  { name: 'conversation-1920-dark', width: 1920, height: 1080, theme: 'dark', act: openRow(2) },
]
