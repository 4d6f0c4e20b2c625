// A conversation clicked and a key typed, in the real window, until the answer has been painted.
import { hook } from '../../../../tests/window/support/driver.mjs';
import { happened, listen, painted, watch, watchInput } from './page.mjs';

const LETTERS = 'the quick brown fox jumps over the lazy dog and runs away into a wide open field';

/** Every click opens a conversation that was not open before. */
export async function click({ kontor: { page }, count }) {
  const clicked_ms = [];
  // The first ones warm up.
  for (let round = -5; round < count; round += 1) {
    const id = await page.script((list, row) => {
      const box = document.querySelector(list);
      const rows = () => [...box.querySelectorAll(row)];
      box.scrollTop += rows()[0].getBoundingClientRect().height;
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const [top, bottom] = [box.getBoundingClientRect().top, box.getBoundingClientRect().bottom];
        const whole = rows().filter((one) => one.getBoundingClientRect().top >= top && one.getBoundingClientRect().bottom <= bottom);
        resolve(whole.at(-1).dataset.conversationId);
      })));
    }, hook('inbox-list'), hook('inbox-row'));
    await watch(page, `${hook('conversation', { 'conversation-id': id })} ${hook('message')}`);
    await listen(page, 'click');
    await page.click(hook('inbox-row', { 'conversation-id': id }));
    const [began, ended] = [await happened(page), await painted(page)];
    if (round >= 0) clicked_ms.push(ended.now_ms - began.now_ms);
  }
  return { clicked_ms };
}

/** Every key is typed into the composer of the open conversation. */
export async function key({ kontor: { page }, count }) {
  await page.click(hook('composer-input'));
  const typed_ms = [];
  for (let round = -5; round < count; round += 1) {
    await watchInput(page);
    await listen(page, 'keydown');
    await page.type(LETTERS.at((round + 5) % LETTERS.length));
    const [began, ended] = [await happened(page), await painted(page)];
    if (round >= 0) typed_ms.push(ended.now_ms - began.now_ms);
  }
  return { typed_ms };
}
