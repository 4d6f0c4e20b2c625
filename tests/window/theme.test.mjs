// The theme “system” on a desktop that says what it prefers: dark from the first picture on, and switched while it runs.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import test from 'node:test';
import { Desktop } from './support/desktop.mjs';
import { hook } from './support/driver.mjs';
import { Kontor } from './support/kontor.mjs';
import { folder } from './support/place.mjs';
import { Portal, PREFERS_DARK, PREFERS_LIGHT } from './support/portal.mjs';
import { stays, until } from './support/wait.mjs';

const lightness = (red, green, blue) => (Number(red) + Number(green) + Number(blue)) / 3;
const isLight = (value) => value > 200;
const isDark = (value) => value < 60;

/** How light the page is, as the web view resolved it. */
async function ofPage(kontor) {
  const colour = await kontor.page.script(() => getComputedStyle(document.body).backgroundColor);
  return lightness(...colour.match(/\d+/g));
}

/** How light the screen is in the middle, where the window will be, and in the window's upper corner. */
async function ofScreen(desktop) {
  const spots = await Promise.all(['1x1+640+410', '1x1+60+90'].map((spot) => desktop.run('import', ['-silent', '-window', 'root', '-crop', spot, '-depth', '8', 'txt:-'])));
  return spots.map((text) => lightness(.../\((\d+),(\d+),(\d+)/.exec(text).slice(1)));
}

/** Starts Kontor and watches the screen until its page is there: nothing of this kind may be seen, not even for a moment. */
async function startsWithout(isWrong, desktop, kontor) {
  const seen = [];
  let isStarting = true;
  const watching = (async () => {
    while (isStarting) seen.push(...(await ofScreen(desktop)));
  })();
  await kontor.start();
  isStarting = false;
  await watching;
  assert.ok(seen.length > 4, 'it was looked at while it started');
  assert.deepEqual(seen.filter(isWrong), [], `of ${seen.length} looks`);
}

async function open(t, name, scheme) {
  const logs = folder(name);
  rmSync(logs, { recursive: true, force: true });
  const desktop = await Desktop.start(folder(name));
  t.after(() => desktop.close());
  const portal = await Portal.open(desktop, scheme);
  t.after(() => portal.close());
  const kontor = new Kontor(desktop);
  t.after(() => kontor.stop());
  return { desktop, portal, kontor };
}

test('the window is dark from its first picture on a dark desktop, and follows it while it runs', { timeout: 120_000 }, async (t) => {
  const { desktop, portal, kontor } = await open(t, 'theme-dark', PREFERS_DARK);
  await startsWithout(isLight, desktop, kontor);
  await until('the page is dark', async () => isDark(await ofPage(kontor)));
  await desktop.picture('dark');

  for (const [scheme, is, word] of [[PREFERS_LIGHT, isLight, 'light'], [PREFERS_DARK, isDark, 'dark'], [PREFERS_LIGHT, isLight, 'light']]) {
    portal.prefer(scheme);
    await until(`the page is ${word}`, async () => is(await ofPage(kontor)));
    await until(`the screen is ${word}`, async () => (await ofScreen(desktop)).every(is));
  }
  await desktop.picture('light');

  await t.test('a theme of one’s own holds whatever the desktop prefers, and “system” is the desktop’s again', async () => {
    await kontor.page.click(hook('enter-sandbox'));
    await kontor.page.appears(hook('inbox-row'), { seconds: 60 });
    await kontor.page.click(hook('nav-settings'));
    await kontor.page.click(hook('settings-appearance'));
    const choose = (place) => kontor.page.click(`[role="radiogroup"]:first-of-type [role="radio"]:nth-of-type(${place})`);
    const [system, light] = [1, 2];
    portal.prefer(PREFERS_DARK);
    await until('the page is dark', async () => isDark(await ofPage(kontor)));
    await choose(light);
    await until('the page is light', async () => isLight(await ofPage(kontor)));
    portal.prefer(PREFERS_LIGHT);
    portal.prefer(PREFERS_DARK);
    await stays('it is light', async () => isLight(await ofPage(kontor)), { seconds: 1 });
    await choose(system);
    await until('the page is dark again', async () => isDark(await ofPage(kontor)));
    await desktop.picture('settings-dark');
  });
});

test('the window is light on a light desktop', { timeout: 120_000 }, async (t) => {
  const { desktop, portal, kontor } = await open(t, 'theme-light', PREFERS_LIGHT);
  await kontor.start();
  await until('the page is light', async () => isLight(await ofPage(kontor)));
  await until('the screen is light', async () => (await ofScreen(desktop)).every(isLight));
  portal.prefer(PREFERS_DARK);
  await until('the screen is dark', async () => (await ofScreen(desktop)).every(isDark));
});

test('a theme of one’s own is that of the window from its first picture on', { timeout: 120_000 }, async (t) => {
  const { desktop, kontor } = await open(t, 'theme-own', PREFERS_LIGHT);
  await kontor.start();
  await kontor.call('profile_prepare', {});
  await kontor.call('settings_set', { ...(await kontor.call('settings_get', {})), theme: 'dark' });
  await until('the page is dark', async () => isDark(await ofPage(kontor)));
  await kontor.kill();
  await startsWithout(isLight, desktop, kontor);
  await desktop.picture('restarted');
});
