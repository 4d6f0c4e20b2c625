// Waiting for a condition, never for a time.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it answers with something truthy, and answers that. An error counts as
 * "not yet" and is told when the time is up: late enough for a machine of any speed.
 */
export async function until(what, condition, { seconds = 60, every_ms = 50 } = {}) {
  const end = performance.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`, { cause: last });
    await pause(every_ms);
  }
}

/** Asks for `seconds` whether something stays true, and fails the moment it does not. */
export async function stays(what, condition, { seconds = 3, every_ms = 200 } = {}) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (!(await condition())) throw new Error(`it did not stay so: ${what}`);
    await pause(every_ms);
  }
}
