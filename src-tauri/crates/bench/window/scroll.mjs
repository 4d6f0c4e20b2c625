// An inbox of very many conversations, scrolled for ten seconds at the pace of a hand that is in a hurry: how long each frame
// took, and whether every row was there when its place came into sight.
import { hook } from '../../../../tests/window/support/driver.mjs';
import { ask } from './page.mjs';

const SECONDS = 10;
// Seven rows in a tenth of a second.
const PX_PER_S = 4500;

export async function scroll({ kontor, passphrase }) {
  await kontor.start();
  const { page } = kontor;
  const { state } = await ask(page, 'profile_unlock', { passphrase });
  if (state !== 'open') throw new Error(`the profile is ${state}`);
  await page.appears(hook('inbox-row'), { seconds: 60 });
  // The start has come to its end.
  await page.script(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  return page.script((list, row, seconds, pace) => {
    const box = document.querySelector(list);
    const frames_ms = [];
    let [most_rows, bare_frames, last] = [0, 0, undefined];
    return new Promise((resolve) => {
      const frame = (at) => {
        if (last !== undefined) {
          frames_ms.push(at - last);
          const rows = box.querySelectorAll(row);
          most_rows = Math.max(most_rows, rows.length);
          // What the last frame showed: from the first to the last row there is no hole, and the pane is full.
          const bottom = Math.max(...[...rows].map((one) => one.getBoundingClientRect().bottom));
          if (bottom < box.getBoundingClientRect().bottom) bare_frames += 1;
          if (frames_ms.length >= seconds * 60) {
            const rows_past = Math.round(box.scrollTop / rows[0].getBoundingClientRect().height);
            return resolve({ frames_ms, most_rows, bare_frames, rows_past });
          }
          // As far as the time since the last frame takes it, as a wheel does.
          box.scrollTop += (pace * (at - last)) / 1000;
        }
        last = at;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  }, hook('inbox-list'), hook('inbox-row'), SECONDS, PX_PER_S);
}
