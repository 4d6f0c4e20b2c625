// A real panel with a tray, and what an icon in it offers, read as the panel reads it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './wait.mjs';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

// One panel at the bottom, nothing in it but the tray.
const PANEL = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=10;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="30"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
`;

/** Starts the panel and waits until it takes icons. */
export async function openTray(desktop) {
  const folder = join(desktop.env.XDG_CONFIG_HOME, 'xfce4/xfconf/xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'xfce4-panel.xml'), PANEL);
  desktop.start('xfce4-panel', ['--disable-wm-check']);
  await until('the tray takes icons', () => desktop.isOwned(WATCHER));
}

/** Waits for the one icon in the tray. */
export async function iconIn(desktop) {
  const address = await until('an icon is in the tray', async () => {
    const answer = await property(desktop, WATCHER, '/StatusNotifierWatcher', WATCHER, 'RegisteredStatusNotifierItems');
    return /'([^']+)'/.exec(answer)?.[1];
  });
  const slash = address.indexOf('/');
  return new Icon(desktop, address.slice(0, slash), address.slice(slash));
}

class Icon {
  constructor(desktop, bus, path) {
    Object.assign(this, { desktop, bus, path });
  }

  /** The picture's name or file: it changes when something waits. */
  async picture() {
    return /<'(.*)'>/.exec(await property(this.desktop, this.bus, this.path, ITEM, 'IconName'))?.[1];
  }

  /** The menu's entries in order: id and label; separators have no label. */
  async entries() {
    const menu = await this.#menu();
    const layout = await call(this.desktop, this.bus, menu, `${MENU}.GetLayout`, '0', 'int32 -1', '[]');
    return [...layout.matchAll(/\((\d+), (?:@a\{sv\} )?\{([^{}]*)\}/g)]
      .map(([, id, properties]) => ({ id, label: /'label': <'([^']*)'>/.exec(properties)?.[1] }))
      .filter((entry) => entry.id !== '0' && entry.label);
  }

  /** Chooses an entry, as the panel does when a person clicks it. */
  async choose(entry) {
    await call(this.desktop, this.bus, await this.#menu(), `${MENU}.Event`, entry.id, 'clicked', "<''>", '0');
  }

  async #menu() {
    return /objectpath '([^']+)'/.exec(await property(this.desktop, this.bus, this.path, ITEM, 'Menu'))?.[1];
  }
}

function property(desktop, bus, path, type, name) {
  return call(desktop, bus, path, 'org.freedesktop.DBus.Properties.Get', type, name);
}

function call(desktop, bus, path, method, ...args) {
  const where = ['--dest', bus, '--object-path', path, '--method', method];
  return desktop.run('gdbus', ['call', '--session', ...where, ...args]);
}
