import { cleanup, render } from '@testing-library/svelte'
import { afterEach, expect, it } from 'vitest'
import type { ConversationView } from '@/api/generated'
import StateLine from './StateLine.svelte'

const HOUR = 3_600_000
const given = (hours: number | null) => ({
  view: { title: 'Mara', contact: null, composer: { kind: 'open', closesAt: hours === null ? null : Date.now() + hours * HOUR + 5_000 } } as unknown as ConversationView,
  offlineSince: null,
  onsignin: () => undefined,
})
afterEach(cleanup)

it.each([
  [23.5, '23h left to answer', 'calm'],
  [5.5, '5h 30m left to answer', 'soon'],
  [0.5, '30m left to answer', 'now'],
])('%s hours before a window closes, that is said', (hours, words, step) => {
  const { container } = render(StateLine, given(hours))
  expect(container.textContent?.trim()).toBe(words)
  expect(container.querySelector('.line')?.classList.contains(step)).toBe(true)
})

it('where no window closes nothing is said', () => {
  expect(render(StateLine, given(null)).container.textContent?.trim()).toBe('')
})
