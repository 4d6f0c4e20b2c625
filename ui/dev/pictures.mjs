// Pictures of the UI with an invented core: `npm run pictures -- <folder> [name filter]`.
// Served under the policy of the window, so that what it forbids shows here as an error.
import { createServer } from 'node:http'
import { mkdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { scenes } from './scenes.mjs'

const root = fileURLToPath(new URL('../dist-pictures', import.meta.url))
const folder = process.argv[2] ?? 'pictures'
const filter = process.argv[3] ?? ''
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' }
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'none'"
const DRAWING =
  '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#c9b79c"/><stop offset="1" stop-color="#5a4634"/></linearGradient></defs><rect width="900" height="600" fill="url(#g)"/><circle cx="450" cy="300" r="150" fill="#2a1f17"/></svg>'

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://x').pathname
  const isMedia = path.startsWith('/media/')
  const file = join(root, path === '/' ? 'index.html' : path)
  const type = isMedia ? TYPES['.svg'] : (TYPES[extname(file)] ?? 'text/plain')
  response.setHeader('content-security-policy', POLICY).setHeader('content-type', type)
  response.end(isMedia ? DRAWING : await readFile(file).catch(() => ''))
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

let problems = 0
for (const scene of scenes.filter((one) => one.name.includes(filter))) {
  const page = await browser.newPage({ viewport: { width: scene.width ?? 1280, height: scene.height ?? 800 }, colorScheme: scene.theme ?? 'light', locale: scene.language === 'de' ? 'de-DE' : 'en-GB' })
  // As in the window: `freezePrototype`.
  await page.addInitScript(() => Object.freeze(Object.prototype))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    problems++
    console.log(`${scene.name}: ${message.text()}`)
  })
  page.on('pageerror', (error) => {
    problems++
    console.log(`${scene.name}: ${error.message}`)
  })
  await page.goto(`http://127.0.0.1:${server.address().port}/?${scene.query ?? ''}`)
  await page.waitForTimeout(350)
  try {
    await scene.act?.(page)
  } catch (error) {
    problems++
    console.log(`${scene.name}: ${error.message.split('\n')[0]}`)
  }
  await page.waitForTimeout(250)
  await page.screenshot({ path: join(folder, `${scene.name}.png`) })
  await page.close()
}
await browser.close()
server.close()
console.log(`${problems} problems`)
process.exitCode = problems ? 1 : 0
