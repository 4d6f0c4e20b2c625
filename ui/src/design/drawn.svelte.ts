let isDrawn = $state(false)

// Long enough for the window to have got its size and the picture to stand in it, and sooner than anybody points at anything.
requestAnimationFrame(() => setTimeout(() => (isDrawn = true), 1000))

/** Whether the first picture stands: what nobody sees in it, like a title, is made after it; reactive. */
export const drawn = () => isDrawn
