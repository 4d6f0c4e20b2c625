import { createSubscriber } from 'svelte/reactivity'

/** One timer for everything that ages; it runs only while something looks. */
function ticking(everyMs: number) {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, everyMs)
    return () => clearInterval(timer)
  })
  return () => {
    subscribe()
    return Date.now()
  }
}

/** Now, for ages and times left; reactive, about every quarter minute. */
export const now = ticking(15_000)

/** Now, for countdowns; reactive, four times a second. */
export const nowPrecise = ticking(250)
