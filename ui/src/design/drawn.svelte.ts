let isDrawn = $state(false)

// A frame is asked for, and then what comes after it.
requestAnimationFrame(() => setTimeout(() => (isDrawn = true)))

/** Whether the first picture stands: what nobody sees in it, like a title, is made after it; reactive. */
export const drawn = () => isDrawn
