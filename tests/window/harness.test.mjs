// The ground under the other tests: when this fails, it is the machine and not Kontor.
import assert from 'node:assert/strict';
import test from 'node:test';
import { join } from 'node:path';
import { Desktop } from './support/desktop.mjs';
import { folder } from './support/place.mjs';
import * as popup from './support/popup.mjs';
import { until } from './support/wait.mjs';

test('a mouse click on a popup of the notification daemon reaches the program that sent it', async (t) => {
  const desktop = await Desktop.start(folder('harness'));
  t.after(() => desktop.close());
  const answer = join(desktop.home, 'answer');
  const command = `notify-send --app-name=Harness --action=default=Open 'A title' 'A text' >'${answer}'`;
  desktop.start('sh', ['-c', command], { name: 'notify-send' });
  await popup.appears(desktop);
  await desktop.picture('popup');
  await popup.click(desktop);
  assert.equal(await until('the sender hears of it', () => desktop.run('cat', [answer])), 'default');
  assert.deepEqual(await popup.past(desktop), [{ title: 'A title', text: 'A text', from: 'Harness' }]);
});

test('the keychain of the private desktop keeps a secret without asking', async (t) => {
  const desktop = await Desktop.start(folder('harness'));
  t.after(() => desktop.close());
  const command = 'printf hidden | secret-tool store --label=Harness key value && secret-tool lookup key value';
  assert.equal(await desktop.run('sh', ['-c', command]), 'hidden');
});
