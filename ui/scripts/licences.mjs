// Writes the list of licences that the app shows: every crate linked into the shell on any of the systems it is built
// for, every package that Vite puts into the bundle, and the font. `cargo xtask licences` calls it.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const ROOT = here('../..')
const LIST = here('../../src-tauri/crates/api/src/licences.json')

/** The systems of deny.toml: what is shown is the same on all of them. */
function targets() {
  const graph = readFileSync(`${ROOT}/deny.toml`, 'utf8').match(/targets = \[([^\]]*)\]/)
  if (!graph) throw new Error('deny.toml names no targets')
  return [...graph[1].matchAll(/"([^"]+)"/g)].flatMap(([, triple]) => ['--filter-platform', triple])
}

/** From the shell along dependencies that are linked: neither for building nor for testing. */
function crates() {
  const asked = ['metadata', '--format-version', '1', '--locked', '--features', 'window', ...targets()]
  const { packages, resolve } = JSON.parse(
    execFileSync(process.env.CARGO ?? 'cargo', asked, { cwd: ROOT, maxBuffer: 2 ** 28, encoding: 'utf8' }),
  )
  const about = new Map(packages.map((one) => [one.id, one]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const seen = new Set()
  const waiting = [resolve.root]
  while (waiting.length > 0) {
    const id = waiting.pop()
    if (seen.has(id)) continue
    seen.add(id)
    // A macro's code comes in, but what it is made of stays outside.
    if (about.get(id).targets.some((target) => target.kind.includes('proc-macro'))) continue
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      if (kinds.some(({ kind }) => kind === null)) waiting.push(pkg)
    }
  }
  // What has no source is our own.
  return [...seen].map((id) => about.get(id)).filter((one) => one.source !== null)
}

/** Whose modules are in the bundle. */
async function bundled() {
  const output = await build({ root: here('..'), logLevel: 'error', build: { write: false } })
  const ids = new Set()
  for (const { output: files } of [output].flat()) {
    for (const file of files) {
      for (const id of [...Object.keys(file.modules ?? {}), ...(file.originalFileNames ?? [])]) {
        const name = id.split('node_modules/').pop().match(/^(@[^/]+\/[^/]+|[^/@][^/]*)\//)
        if (id.includes('node_modules/') && name) ids.add(name[1])
      }
    }
  }
  if (ids.size === 0) throw new Error('the bundle names no package: Vite says it in another way now')
  return [...ids].map((name) => JSON.parse(readFileSync(here(`../node_modules/${name}/package.json`), 'utf8')))
}

/** What a manifest says; where it says nothing, what the licence file begins with. */
function licenceOf({ name, license }) {
  if (license) return license
  const text = readFileSync(here(`../node_modules/${name}/LICENSE`), 'utf8')
  if (!/^(The )?MIT License/.test(text.trim())) throw new Error(`${name} names no licence: read its LICENSE`)
  return 'MIT'
}

const shown = [...crates(), ...(await bundled())].map((one) => ({
  name: one.name,
  version: one.version,
  // Older manifests write `/` for OR.
  licence: licenceOf(one).replace(/ ?\/ ?/g, ' OR '),
}))

// The same text each time and on each machine: sorted by code point, one line each.
const key = ({ name, version }) => `${name} ${version}`
shown.sort((one, other) => (key(one) < key(other) ? -1 : 1))
writeFileSync(LIST, `[\n${shown.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
console.log(`${shown.length} packages in src-tauri/crates/api/src/licences.json`)
