import type { Component } from 'svelte'

/** An entry of a menu; `null` in a list of entries is a line between groups. */
export interface MenuEntry {
  label: string
  icon?: Component<{ size?: number; strokeWidth?: number }>
  keys?: string | undefined
  isDangerous?: boolean
  isDisabled?: boolean
  run: () => void
}
