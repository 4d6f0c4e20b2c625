/** A picture may still be on its way to this device when it is first asked for: when to ask again. */
const AGAIN_AFTER_MS = [3_000, 12_000, 60_000]

export class Patience {
  /** There is nothing to show now. */
  isWaiting = $state(false)
  /** It was asked for often enough. */
  isOver = $state(false)
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  fail() {
    this.isWaiting = true
    const after = AGAIN_AFTER_MS[this.#failures++]
    if (after === undefined) this.isOver = true
    else this.#timer = setTimeout(() => (this.isWaiting = false), after)
  }

  /** Another picture, or none any more. */
  reset() {
    clearTimeout(this.#timer)
    this.#failures = 0
    this.isWaiting = false
    this.isOver = false
  }
}
