import { createSubscriber } from 'svelte/reactivity'

let aheadMs = $state(0)

/** The platforms' time less this computer's, whose clock may be wrong. */
export function setPlatformsAhead(ms: number) {
  aheadMs = ms
}

/** One timer for everything that ages; it runs only while something looks. */
function ticking(everyMs: number, instant: () => number) {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, everyMs)
    return () => clearInterval(timer)
  })
  return () => {
    subscribe()
    return instant()
  }
}

/** Now by the platforms' time, for ages and times left; reactive, about every quarter minute. */
export const now = ticking(15_000, () => Date.now() + aheadMs)

/** Now by this computer's clock, for countdowns of what waits here; reactive, four times a second. */
export const nowPrecise = ticking(250, () => Date.now())
