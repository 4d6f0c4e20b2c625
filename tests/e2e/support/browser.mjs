// Chromium before `hub dev`. Whatever the page complains about (its policy above all) fails the test.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { atEnd, Hub } from './hub.mjs'

// The packages are the UI's; these tests have none of their own.
const fromUi = createRequire(new URL('../../../ui/package.json', import.meta.url))
const { chromium } = fromUi('playwright-core')
const axePath = fromUi.resolve('axe-core/axe.min.js')

// For what must come; a test that passes never waits so long, however slow its machine is.
const WAIT_MS = 90_000

/** The selector of what carries a `data-testid`. */
export const hook = (name, data = {}) => `[data-testid="${name}"]${Object.entries(data).map(([key, value]) => `[data-${key}="${value}"]`).join('')}`

export async function openBrowser(test) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], timeout: WAIT_MS })
  atEnd(test, () => browser.close())
  return browser
}

/** By page: what it asked for and has no answer to yet. */
const asked = new WeakMap()
/** The browser is waited for by a person, not by the page. */
const isSoonAnswered = (request) => !request.url().endsWith('/call/login_wait')

/** A question that a test holds back itself. */
export const expectNoAnswer = (page, request) => asked.get(page).delete(request)

/** A page on a hub. What it complained about fails the test at its end, unless its hub is to be killed under it. `prepare` sees it before it loads. */
export async function openPage(test, browser, hub, { width = 1280, height = 800, theme = 'light', language = 'en', outlivesHub = false, prepare = async () => {} } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: language === 'de' ? 'de-DE' : 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  // Also for the tabs that a page opens.
  context.setDefaultTimeout(WAIT_MS)
  const page = await context.newPage()
  const complaints = []
  asked.set(page, new Set())
  page.on('request', (request) => isSoonAnswered(request) && asked.get(page).add(request))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => asked.get(page).delete(request))
  // As in the window: `freezePrototype`.
  await page.addInitScript(() => {
    Object.freeze(Object.prototype)
    document.addEventListener('securitypolicyviolation', (event) => console.error(`forbidden by the policy: ${event.violatedDirective} ${event.blockedURI}`))
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // A refused call is an answer, and the UI shows it; so is a person without a picture. Chromium reports both.
    const { url } = message.location()
    const isAnswer = (url.includes('/call/') && message.text().includes('422')) || (url.includes('/media/') && message.text().includes('404'))
    if (!isAnswer) complaints.push(`${message.text()} (${url})`)
  })
  atEnd(test, async () => {
    await context.close()
    if (!outlivesHub) assert.deepEqual(complaints, [], 'the page has nothing to complain about')
  })
  await prepare(page)
  await page.goto(hub.address)
  await page.locator('[data-testid]').first().waitFor()
  return page
}

/**
 * The usual beginning: a hub and a page on it. In the sandbox every account has brought its first page before: from then on only older
 * conversations are still fetched, below everything that a test looks at.
 */
export async function openApp(test, { isSandbox = true, profile, worldAheadSeconds = 0, ...look } = {}) {
  const hub = await Hub.start(test, { isSandbox, worldAheadSeconds, ...(profile ? { profile } : {}) })
  const areLive = async () => (await hub.call('accounts_list')).every((one) => one.status.kind === 'live')
  if (isSandbox) await until('every account works', areLive)
  const browser = await openBrowser(test)
  const page = await openPage(test, browser, hub, look)
  return { hub, browser, page }
}

/** The next answer that the page gets to this call, and for which this holds: what came of it stands on the screen a moment later. */
export const answerTo = (page, call, holds = () => true) =>
  page.waitForResponse(async (response) => response.url().endsWith(`/call/${call}`) && response.ok() && holds(await response.json()))

/** Asks until the answer is not false, undefined or null; then gives it. */
export async function until(what, ask, { ms = WAIT_MS } = {}) {
  const end = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer || answer === 0) return answer
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Nothing loads and nothing moves any more: no question without an answer, fonts, pictures, and two frames that look alike. */
export async function settle(page) {
  await until('everything is answered', () => asked.get(page).size === 0)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await until('every picture is drawn or given up', () => page.evaluate(() => [...document.images].every((image) => image.complete)))
  const look = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done([...document.querySelectorAll('[data-testid]')].map((one) => `${one.dataset.testid} ${Math.round(one.getBoundingClientRect().top)}`).join())))))
  let last = await look()
  await until('the page is at rest', async () => {
    const now = await look()
    const isSame = now === last && asked.get(page).size === 0
    last = now
    return isSame
  })
}

/** What axe finds against the page as it is now, in a few words. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(axePath, 'utf8'))
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`))
}
