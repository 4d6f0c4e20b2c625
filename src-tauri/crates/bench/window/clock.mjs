// One clock for everything that is compared: the machine's real-time clock. The page (`Date.now`), this process and the
// bus monitor read the same one.

/** Milliseconds since 1970, with fractions. */
export function now_ms() {
  return performance.timeOrigin + performance.now();
}
