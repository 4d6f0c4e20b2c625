import { expect, it, vi } from 'vitest'
import { now, nowPrecise, setPlatformsAhead } from './clock.svelte'
import { age, roughly } from './format'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

it('a message that just came is not days old, however wrong the clock of this computer is', () => {
  vi.useFakeTimers({ now: 1_795_420_800_000 })
  for (const aheadMs of [-2 * DAY, 0, 2 * DAY]) {
    setPlatformsAhead(aheadMs)
    const sentAt = Date.now() + aheadMs - 3 * MINUTE
    expect(age(sentAt, now())).toBe('3m')
    expect(nowPrecise()).toBe(Date.now())
  }
  setPlatformsAhead(0)
  vi.useRealTimers()
})

it('says roughly how wrong it is, in the largest unit', () => {
  expect(roughly(5 * MINUTE + 20_000)).toBe('5 minutes')
  expect(roughly(59.6 * MINUTE)).toBe('1 hour')
  expect(roughly(61 * MINUTE)).toBe('1 hour')
  expect(roughly(2 * DAY - 40_000)).toBe('2 days')
  expect(roughly(2.3 * DAY)).toBe('2 days')
})
