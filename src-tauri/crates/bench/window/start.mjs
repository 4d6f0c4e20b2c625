// P7 and P8: from the start of the program to the rendered inbox, and the memory of all processes with it, against a
// bare web view with a page of the same shape, in turn on the same screen.
import { join } from 'node:path';
import { binary } from '../../../../tests/window/support/place.mjs';
import { HEIGHT, Screen, WIDTH } from './screen.mjs';

export async function start({ desktop, kontor, floor, page, rounds, logs }) {
  const screen = await Screen.start(desktop);
  const taken = { own: [], floor: [] };
  // The round before the first one brings every file into memory, for both.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, program, args, env] of [
      ['floor', floor, [String(WIDTH), String(HEIGHT), page], {}],
      ['own', binary, [], { KONTOR_PROFILE_DIR: kontor.profile }],
    ]) {
      screen.onStill = () => round === rounds && screen.picture(join(logs, `start-${name}.png`));
      const measured = await screen.measure(program, args, env);
      console.error(`  ${name} ${round}: shown after ${measured.shown_ms.toFixed(0)} ms, ${measured.memory_mib.toFixed(0)} MiB`);
      if (round > 0) taken[name].push(measured);
    }
  }
  screen.close();
  const all = (name, what) => taken[name].map((measured) => measured[what]);
  return {
    own_ms: all('own', 'shown_ms'),
    floor_ms: all('floor', 'shown_ms'),
    own_mib: all('own', 'memory_mib'),
    floor_mib: all('floor', 'memory_mib'),
  };
}
