export type Side = 'top' | 'right' | 'bottom' | 'left'

const GAP_PX = 6
/** Never closer to the window's edge. */
const MARGIN_PX = 8
const OPPOSITE: Record<Side, Side> = { top: 'bottom', right: 'left', bottom: 'top', left: 'right' }

interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** Where a box of this size lies beside another: on the wished side, on the other one if there is more room, within the window. */
export function beside(anchor: Box, size: { width: number; height: number }, wished: Side, room: { width: number; height: number }) {
  const free: Record<Side, number> = {
    top: anchor.top,
    bottom: room.height - anchor.top - anchor.height,
    left: anchor.left,
    right: room.width - anchor.left - anchor.width,
  }
  const isUpright = wished === 'top' || wished === 'bottom'
  const needed = (isUpright ? size.height : size.width) + GAP_PX + MARGIN_PX
  const side = free[wished] < needed && free[OPPOSITE[wished]] > free[wished] ? OPPOSITE[wished] : wished
  const centred = { left: anchor.left + (anchor.width - size.width) / 2, top: anchor.top + (anchor.height - size.height) / 2 }
  const at = {
    top: { ...centred, top: anchor.top - size.height - GAP_PX },
    bottom: { ...centred, top: anchor.top + anchor.height + GAP_PX },
    left: { ...centred, left: anchor.left - size.width - GAP_PX },
    right: { ...centred, left: anchor.left + anchor.width + GAP_PX },
  }[side]
  const within = (value: number, length: number, all: number) => Math.round(Math.max(MARGIN_PX, Math.min(value, all - length - MARGIN_PX)))
  return { left: within(at.left, size.width, room.width), top: within(at.top, size.height, room.height) }
}

/** Places an element that is fixed in the window beside another one. */
export function placeBeside(element: HTMLElement, anchor: HTMLElement, side: Side) {
  const { left, top } = beside(anchor.getBoundingClientRect(), element.getBoundingClientRect(), side, {
    width: innerWidth,
    height: innerHeight,
  })
  element.style.left = `${left}px`
  element.style.top = `${top}px`
}
