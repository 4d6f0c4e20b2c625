import { expect, it } from 'vitest'
import questions from './first.json'
import { tauriHost } from './tauri'

it('takes every answer that came with the page once, by its question', () => {
  const answers = questions.map(([name]) => (name === 'about' ? null : [`answer to ${String(name)}`]))
  const block = document.createElement('script')
  block.type = 'application/json'
  block.id = 'first-answers'
  block.textContent = JSON.stringify(answers)
  document.body.append(block)

  const host = tauriHost()
  const told = () => questions.map(([name, args]) => host.told?.(String(name), args))
  expect(told()).toEqual(questions.map(([name]) => (name === 'about' ? undefined : `answer to ${String(name)}`)))
  expect(told().every((answer) => answer === undefined)).toBe(true)
  expect(host.told?.('inbox_list', { view: 'unread' })).toBeUndefined()
  // Nobody reads it twice.
  expect(document.getElementById('first-answers')).toBeNull()
})

it('knows nothing where nothing came with the page', () => {
  expect(tauriHost().told?.('inbox_counts', {})).toBeUndefined()
})
