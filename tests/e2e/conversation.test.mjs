// Reading and answering: what people write is text, what arrives does not push, what closed says why.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findConversation, openBySearch, sendAtOnce } from './support/answering.mjs'
import { hook, openApp, settle, until } from './support/browser.mjs'

const WRITTEN = [
  '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>',
  '{{7*7}} ${7*7} [click](javascript:document.title=3) javascript:document.title=4',
  'abc \u202Egnp.exe\u202C and \u2066mixed \u05D0\u05D1\u05D2\u2069 end',
  'Z\u0351\u0352\u0353a\u0354\u0355lgo, one line: ' + 'x'.repeat(600),
]

const send = (hub, conversation, body) => hub.call('inbox_act', { kind: 'reply', conversation, body, files: [], replyTo: null })

test('hostile texts are shown as text, in the conversation, the list and the search', async (test) => {
  const { hub, page } = await openApp(test)
  await sendAtOnce(hub)
  const view = await findConversation(hub, (one) => one.composer.kind === 'open' && one.platform === 'matrix')
  for (const body of WRITTEN) await send(hub, view.id, body)
  await openBySearch(page, view)

  for (const body of WRITTEN) {
    const shown = page.locator(hook('message')).filter({ hasText: body.slice(0, 20) }).last()
    await shown.waitFor()
    assert.ok((await shown.textContent()).includes(body.slice(0, 60)), body)
  }
  const made = await page.locator(`${hook('conversation')} .bubble`).evaluateAll((all) => all.flatMap((one) => [...one.querySelectorAll('script, b, img, iframe, a[href^="javascript"]')].map((element) => element.outerHTML)))
  assert.deepEqual(made, [])
  assert.equal(await page.title(), 'Kontor')

  await test.test('a direction that is turned round ends with its message', async () => {
    const turned = page.locator(hook('message')).filter({ hasText: 'gnp.exe' }).last()
    const isolated = await turned.locator('[dir="auto"]').first().evaluate((element) => getComputedStyle(element).unicodeBidi)
    assert.match(isolated, /isolate|plaintext/)
  })
  await test.test('a word without an end does not push the pane apart', async () => {
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }))
    assert.equal(scrollWidth, clientWidth)
    const isInside = await page.locator(`${hook('conversation')} .bubble`).evaluateAll((all) => {
      const pane = document.querySelector('[data-testid="conversation"]').getBoundingClientRect()
      return all.every((one) => one.getBoundingClientRect().right <= pane.right + 0.5)
    })
    assert.ok(isInside)
  })
})

test('what arrives while one reads moves nothing', async (test) => {
  const { hub, page } = await openApp(test, { height: 620 })
  await sendAtOnce(hub)
  const view = await findConversation(hub, (one, row) => one.composer.kind === 'open' && row.kind === 'direct' && one.platform === 'matrix' && one.contact.handle !== null)
  // Enough to scroll: who reads further up stays there.
  for (let line = 1; line <= 12; line++) await send(hub, view.id, `Step ${line}: ${'a little more to read '.repeat(6)}`)
  await openBySearch(page, view)
  await page.locator(hook('message')).filter({ hasText: 'Step 12' }).getByText('Sent').waitFor()
  await settle(page)

  const places = () => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[data-testid="message"]')]
    .map((one) => [one.dataset.messageId, Math.round(one.getBoundingClientRect().top)])
    .filter(([, top]) => top > 60 && top < innerHeight - 160)))
  const end = await places()
  await page.locator(hook('message')).last().hover()
  await page.mouse.wheel(0, -350)
  await until('the pane has scrolled', async () => JSON.stringify(await places()) !== JSON.stringify(end))
  await settle(page)
  const before = await places()
  assert.ok(Object.keys(before).length > 1, 'there is something to read')

  await hub.world('write', { customer: view.contact.handle, text: 'One more thing' })
  await page.getByRole('button', { name: 'New messages' }).waitFor()
  await settle(page)
  const after = await places()
  for (const [id, top] of Object.entries(before)) assert.ok(Math.abs((after[id] ?? -999) - top) <= 1, `message ${id} stood at ${top} and is at ${after[id]}`)
})

test('who answers while reading further up is led to the answer', async (test) => {
  const { hub, page } = await openApp(test, { height: 620 })
  await sendAtOnce(hub)
  const view = await findConversation(hub, (one, row) => one.composer.kind === 'open' && row.kind === 'direct' && one.platform === 'matrix')
  for (let line = 1; line <= 30; line++) await send(hub, view.id, `Step ${line}: ${'a little more to read '.repeat(6)}`)
  await openBySearch(page, view)
  const last = page.locator(hook('message')).filter({ hasText: 'Step 30' })
  await last.getByText('Sent').waitFor()
  await settle(page)
  await last.hover()
  for (let turn = 1; turn <= 8; turn++) await page.mouse.wheel(0, -400)
  await until('the end is out of sight', async () => (await last.count()) === 0 || !(await last.isVisible()) || (await last.boundingBox()).y > 620)

  await page.locator(hook('composer-input')).fill('Said from further up')
  await page.locator(hook('composer-send')).click()
  const answer = page.locator(hook('message')).filter({ hasText: 'Said from further up' })
  await answer.waitFor()
  const composer = await page.locator(hook('composer')).boundingBox()
  await until('the answer is in sight', async () => {
    const box = await answer.boundingBox()
    return box && box.y > 60 && box.y + box.height <= composer.y + 1
  })
})

test('who stands at the end stays there when the window changes', async (test) => {
  const { hub, page } = await openApp(test)
  const view = await findConversation(hub, (one, row) => one.composer.kind === 'open' && row.preview !== null)
  await openBySearch(page, view)
  const isAtEnd = () => page.evaluate(() => {
    const last = [...document.querySelectorAll('[data-testid="message"]')].at(-1).getBoundingClientRect()
    const composer = document.querySelector('[data-testid="composer"]').getBoundingClientRect()
    return last.bottom <= composer.top + 1 && composer.top - last.bottom < 60
  })
  for (const [width, height] of [[900, 600], [1920, 1000], [1000, 620], [1280, 800]]) {
    await page.setViewportSize({ width, height })
    await settle(page)
    await until(`the end is in sight at ${width} × ${height}`, isAtEnd)
  }
  await page.locator(hook('composer-input')).fill('line\n'.repeat(9))
  await settle(page)
  await until('a growing composer does not cover it', isAtEnd)
})

test('a closed reply window closes the composer and says why', async (test) => {
  const { hub, page } = await openApp(test)
  const view = await findConversation(hub, (one) => one.composer.kind === 'window_closed')
  await openBySearch(page, view)
  await page.locator(hook('composer')).getByText(/window|time to answer/i).first().waitFor()
  assert.equal(await page.locator(hook('composer-input')).count(), 0)
  await assert.rejects(send(hub, view.id, 'too late'), /window_closed/)
})

test('pictures come in by paste and by drop, and leave with the reply', async (test) => {
  const { hub, page } = await openApp(test)
  await sendAtOnce(hub)
  const view = await findConversation(hub, (one) => one.composer.kind === 'open' && one.platform === 'matrix' && one.maxImageBytes > 0)
  await openBySearch(page, view)
  const give = (kind, name) => page.evaluate(async ({ kind, name, selector }) => {
    const canvas = new OffscreenCanvas(64, 48)
    const context = canvas.getContext('2d')
    context.fillStyle = kind === 'paste' ? 'teal' : 'tomato'
    context.fillRect(0, 0, 64, 48)
    const file = new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' })
    const transfer = new DataTransfer()
    transfer.items.add(file)
    const event = kind === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
    document.querySelector(selector).dispatchEvent(event)
  }, { kind, name, selector: kind === 'paste' ? hook('composer-input') : hook('conversation') })

  await give('paste', 'pasted.png')
  const files = page.locator(`${hook('composer')} li img`)
  await until('the pasted picture is there', async () => (await files.count()) === 1)
  await give('drop', 'dropped.png')
  await until('so is the dropped one', async () => (await files.count()) === 2)
  await until('both are really drawn', () => files.evaluateAll((all) => all.every((one) => one.naturalWidth > 0)))

  await test.test('a text that is dropped is left to the field', async () => {
    const isTaken = await page.evaluate((selector) => {
      const transfer = new DataTransfer()
      transfer.setData('text/plain', 'from another window')
      return !document.querySelector(selector).dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    }, hook('composer-input'))
    assert.equal(isTaken, false)
  })

  await test.test('they stay in the draft over a reload', async () => {
    await until('both are stored', async () => (await hub.call('conversation_open', { conversation: view.id })).draftFiles.length === 2)
    await page.reload()
    await openBySearch(page, view)
    await until('both are there again', async () => (await files.count()) === 2)
  })
  await page.locator(hook('composer-input')).fill('Both colours')
  await page.locator(hook('composer-send')).click()
  await until('the composer is empty', async () => (await files.count()) === 0)
  await until('the pictures are sent', async () => {
    const { messages } = await hub.call('conversation_messages', { conversation: view.id, before: null, from: null, around: null, limit: 20 })
    const ours = messages.filter((one) => one.direction === 'out' && one.attachments.length > 0)
    return ours.length >= 1 && ours.every((one) => one.delivery === null || one.delivery.state === 'sent')
  })
})
