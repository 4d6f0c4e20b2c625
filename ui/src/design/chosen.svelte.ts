/** Stores a choice; false if it was refused. */
export type Store<V> = (value: V) => Promise<boolean> | void

/**
 * What a control shows: what is stored, or what was chosen and is on its way there. A choice that was refused is not shown any longer.
 */
export class Chosen<V> {
  /** Compared, so that an equal answer to an earlier question does not end what is on its way. */
  readonly #stored = $derived.by(() => this.stored())
  #shown = $derived(this.#stored)
  #turn = 0

  constructor(
    private readonly stored: () => V,
    private readonly store: Store<V>,
  ) {}

  get value() {
    return this.#shown
  }

  /** As a control says it; what is chosen already is not stored again. */
  set value(next: V) {
    if (next !== this.#shown) void this.choose(next)
  }

  /** Shown at once, without being stored yet: a knob that is being moved. */
  move(next: V) {
    this.#turn++
    this.#shown = next
  }

  async choose(next: V) {
    this.move(next)
    const turn = this.#turn
    const isStored = await this.store(next)
    // A later choice has its own answer.
    if (isStored === false && turn === this.#turn) this.#shown = this.#stored
  }
}
