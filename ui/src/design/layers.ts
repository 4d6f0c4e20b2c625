/** What lies above the window and holds the keyboard: dialogs, menus, a picture; each with the way to take it away. */
const open = new Set<() => void>()

/** For as long as the returned function is not called. */
export function addLayer(close: () => void) {
  open.add(close)
  return () => void open.delete(close)
}

/** Somebody is led elsewhere: nothing may lie above that. */
export function closeLayers() {
  for (const close of [...open]) close()
}
