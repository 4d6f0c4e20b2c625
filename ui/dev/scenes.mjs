import { entryScenes } from './scenes_entry.mjs'

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
  {
    name: 'reply-held-1280',
    act: async (page) => {
      await openRow(2)(page)
      await page.waitForTimeout(300)
      await page.getByTestId('composer-input').fill('Hello Noor, they roast on Thursday. I put two bags aside for you.')
      await page.keyboard.press('Control+Enter')
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'quote-and-files-1280-dark',
    theme: 'dark',
    act: async (page) => {
      await openRow(2)(page)
      await page.waitForTimeout(300)
      await page.getByTestId('message').last().hover()
      await page.getByRole('button', { name: 'Reply to this message' }).last().click()
      await page.getByTestId('composer-file').setInputFiles([
        { name: 'hopper.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(300_000) },
        { name: 'Price list, autumn.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(90_000) },
        { name: 'film.mov', mimeType: 'video/quicktime', buffer: Buffer.alloc(9_000_000) },
      ])
      await page.getByTestId('composer-input').fill('x'.repeat(820))
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'upper-part-1280',
    act: async (page) => {
      await openRow(2)(page)
      await page.waitForTimeout(400)
      await page.getByRole('log').evaluate((log) => (log.scrollTop = 0))
      await page.waitForTimeout(400)
    },
  },
  { name: 'jump-1280', query: 'jump=2', act: (page) => page.waitForTimeout(300) },
  ...['light', 'dark'].map((theme) => ({
    name: `jump-account-1280-${theme}`,
    language: theme === 'dark' ? 'de' : 'en',
    theme,
    act: async (page) => {
      await page.evaluate(() => globalThis.fake.jumpTo({ kind: 'account', account: globalThis.fake.world.accounts[1].id }))
      await page.locator('[data-highlighted]').waitFor()
    },
  })),
  { name: 'compact-1280', query: 'density=compact', act: openRow(2) },
  { name: 'waiting-1280', act: (page) => page.getByTestId('view-waiting').click() },
  { name: 'ends-soon-1280-de', language: 'de', theme: 'dark', act: (page) => page.getByTestId('view-ends_soon').click() },
  { name: 'empty-1280', query: 'rows=0' },
  { name: 'failed-1280', query: 'fail=inbox_list' },
  { name: 'help-1280', act: (page) => page.keyboard.press('?') },
  {
    name: 'context-menu-1280',
    act: async (page) => {
      await page.getByTestId('inbox-row').nth(4).click({ button: 'right' })
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'lightbox-1280',
    act: async (page) => {
      await openRow(2)(page)
      await page.waitForTimeout(400)
      await page.getByRole('button', { name: /larger/ }).last().click()
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'contact-900-dark',
    width: 900,
    height: 600,
    theme: 'dark',
    act: async (page) => {
      await openRow(2)(page)
      await page.getByRole('button', { name: 'Contact' }).click()
    },
  },
  ...entryScenes,
]
