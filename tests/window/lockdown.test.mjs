// What the page in the window may do: first as configured, compared with what was reviewed, then as it really is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { Desktop } from './support/desktop.mjs';
import { Kontor } from './support/kontor.mjs';
import { folder, repository } from './support/place.mjs';

const read = (path) => JSON.parse(readFileSync(join(repository, path), 'utf8'));
const reviewed = read('tests/window/reviewed.json');

test('the content policy and the headers are the reviewed ones', () => {
  const { security, withGlobalTauri } = read('tauri.conf.json').app;
  assert.deepEqual(security.csp, reviewed.policy);
  assert.deepEqual(security.headers, reviewed.headers);
  assert.equal(security.devCsp, undefined, 'development lives under the same policy');
  assert.equal(security.freezePrototype, true);
  assert.equal(security.assetProtocol.enable, false);
  assert.equal(security.dangerousDisableAssetCspModification, undefined);
  assert.equal(withGlobalTauri, false);
});

test('the capabilities resolve to the reviewed commands and no others', () => {
  // Written by the build: what Tauri really took in, plugins included.
  const capabilities = read('gen/schemas/capabilities.json');
  const manifests = read('gen/schemas/acl-manifests.json');
  const commands = Object.values(capabilities).map((capability) => {
    assert.deepEqual([capability.windows, capability.remote], [['main'], undefined]);
    const allowed = capability.permissions.flatMap((name) => resolve(manifests, name));
    return [capability.identifier, allowed.sort()];
  });
  assert.deepEqual(Object.fromEntries(commands), reviewed.commands);
});

/** The commands behind a permission; sets are opened. */
function resolve(manifests, identifier) {
  const parts = identifier.split(':');
  const name = parts.pop();
  const manifest = manifests[parts.join(':') || '__app-acl__'];
  const set = name === 'default' ? manifest.default_permission : manifest.permission_sets[name];
  if (set) return set.permissions.flatMap((inner) => resolve(manifests, [...parts, inner].join(':')));
  const permission = manifest.permissions[name];
  assert.ok(permission, `${identifier} is a permission`);
  const prefix = parts.length === 0 ? '' : `plugin:${parts.at(-1)}|`;
  return permission.commands.allow.map((command) => prefix + command);
}

test('a page that was taken over reaches neither the network nor the system', { timeout: 300_000 }, async (t) => {
  const heard = [];
  const outside = createServer((request, response) => {
    heard.push(request.url);
    response.end('<h1>elsewhere</h1>');
  });
  await new Promise((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const desktop = await Desktop.start(folder('lockdown'));
  const kontor = new Kontor(desktop);
  t.after(async () => {
    await kontor.stop();
    await desktop.close();
    outside.closeAllConnections();
    outside.close();
  });
  await kontor.start();
  const { page } = kontor;
  const home = await page.script(() => location.href);
  const origin = `http://127.0.0.1:${outside.address().port}`;

  await t.test('no code but the bundle’s runs', async () => {
    const names = await page.script(() => {
      const attempts = { evaluated: () => (0, eval)('1'), made: () => new Function('return 1')() };
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const style = document.createElement('style');
      style.textContent = 'body { --injected: 1 }';
      document.head.append(style);
      const ran = Object.entries(attempts).filter(([, work]) => {
        try {
          work();
          return true;
        } catch {
          return false;
        }
      }).map(([name]) => name);
      if (window.injected) ran.push('script');
      if (getComputedStyle(document.body).getPropertyValue('--injected')) ran.push('style');
      script.remove();
      style.remove();
      return ran;
    });
    assert.deepEqual(names, []);
  });

  await t.test('nothing is fetched from elsewhere, and no page from elsewhere is shown', async () => {
    const reached = await page.script(async (origin) => {
      const loads = (element, url) => new Promise((resolve) => {
        element.onload = () => resolve(true);
        element.onerror = () => resolve(false);
        // A frame that the policy blocks tells nobody on some engines; the server outside is the judge then.
        setTimeout(() => resolve(false), 1000);
        element.src = url;
        document.body.append(element);
      });
      const reached = [];
      if (await fetch(`${origin}/fetch`, { mode: 'no-cors' }).then(() => true, () => false)) reached.push('fetch');
      if (await loads(new Image(), `${origin}/image`)) reached.push('image');
      const frame = document.createElement('iframe');
      await loads(frame, `${origin}/frame`);
      frame.remove();
      if (navigator.sendBeacon?.(`${origin}/beacon`)) await new Promise((resolve) => setTimeout(resolve, 300));
      const opened = window.open(`${origin}/window`);
      if (opened) reached.push('window');
      const form = Object.assign(document.createElement('form'), { action: `${origin}/form`, method: 'post' });
      document.body.append(form);
      form.submit();
      form.remove();
      location.href = `${origin}/navigation`;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return reached;
    }, origin);
    assert.deepEqual(reached, []);
    assert.deepEqual(heard, []);
    assert.equal(await page.script(() => location.href), home);
  });

  await t.test('no command but our one is answered', async () => {
    const answered = await page.script(async () => {
      const commands = [
        'plugin:event|emit', 'plugin:window|close', 'plugin:window|create', 'plugin:webview|create_webview_window',
        'plugin:opener|open_url', 'plugin:opener|open_path', 'plugin:deep-link|get_current', 'plugin:path|resolve_directory',
        'plugin:app|version', 'plugin:tray|new', 'plugin:menu|new', 'plugin:resources|close', 'plugin:window-state|save_window_state',
        'plugin:image|from_path', 'no_such_command',
      ];
      const wishes = { event: 'x', url: 'https://example.org', path: '/etc/passwd', label: 'main', directory: 1, rid: 0 };
      const answered = [];
      for (const command of commands) {
        await window.__TAURI_INTERNALS__.invoke(command, wishes).then(() => answered.push(command), () => {});
      }
      return answered;
    });
    assert.deepEqual(answered, []);
    assert.equal(await page.script(() => '__TAURI__' in window), false);
  });
});
