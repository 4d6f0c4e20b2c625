import { expect, test } from 'vitest'
import { beside } from './beside'

const room = { width: 1000, height: 600 }
const size = { width: 100, height: 20 }

test('lies centred on the wished side', () => {
  expect(beside({ left: 400, top: 300, width: 30, height: 30 }, size, 'bottom', room)).toEqual({ left: 365, top: 336 })
  expect(beside({ left: 400, top: 300, width: 30, height: 30 }, size, 'right', room)).toEqual({ left: 436, top: 305 })
})

test('changes sides where there is no room', () => {
  expect(beside({ left: 400, top: 575, width: 30, height: 20 }, size, 'bottom', room).top).toBe(549)
  expect(beside({ left: 20, top: 300, width: 30, height: 20 }, size, 'left', room).left).toBe(56)
})

test('stays within the window', () => {
  expect(beside({ left: 985, top: 300, width: 10, height: 20 }, size, 'top', room).left).toBe(892)
  expect(beside({ left: 0, top: 300, width: 10, height: 20 }, size, 'top', room).left).toBe(8)
})
