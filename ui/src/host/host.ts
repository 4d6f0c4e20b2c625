/** How large a picture is wanted. */
export type Variant = 'thumb' | 'full'

/** Something was committed. `seq` grows by one with each; a gap means something was missed. */
export interface Change {
  seq: number
  topics: string[]
}

/** `missed`: changes may have been lost (a new connection), everything live is stale. */
export type ChangeListener = (change: Change | 'missed') => void

/** Where the core is. The only door of the UI to the outside. */
export interface Host {
  /** Rejects with the core's `ApiError` as plain JSON, or with anything else if the core cannot be reached. */
  call(name: string, args: unknown): Promise<unknown>
  /** What came with the page, if it answers this: each once, and only as long as nothing can have changed. */
  told?(name: string, args: unknown): unknown
  /** Returns how to stop listening. */
  onChanges(listener: ChangeListener): () => void
  /** The address of a picture in the media cache. */
  mediaUrl(media: string, variant?: Variant): string
  /** A window of our own, with a tray and notifications; otherwise a browser. */
  readonly isDesktop: boolean
}

let current: Host | undefined

export function setHost(host: Host) {
  current = host
}

export function host(): Host {
  if (!current) throw new Error('setHost comes first, in main.ts')
  return current
}
