import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import de from './de.json'
import en from './en.json'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): Map<string, string> {
  return new Map(Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)])))
}

const root = join(import.meta.dirname, '../../..')

function files(folder: string, endings: string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'target' || entry.name === 'node_modules' ? [] : files(path, endings)
    return endings.some((ending) => path.endsWith(ending)) && !path.endsWith('.test.ts') ? [path] : []
  })
}

const ui = files(join(root, 'ui/src'), ['.ts', '.svelte']).filter((path) => !path.endsWith('generated.ts'))
// Notifications and tray take their words from the same files.
const core = files(join(root, 'src-tauri'), ['.rs'])
const texts = [...ui, ...core].map((path) => readFileSync(path, 'utf8'))

/** Every text in quotes that looks like a key, and the beginnings of those that are put together: `error.${code}`. */
const quoted = new Set(texts.flatMap((text) => [...text.matchAll(/['"`]([a-z][A-Za-z]*(?:\.[A-Za-z0-9_-]+)+)['"`]/g)].map((match) => match[1]!)))
const patterns = [...new Set(ui.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/`([a-z][A-Za-z]*\.[A-Za-z_.-]*\$\{[^`]*)`/g)].map((match) => match[1]!)))].map(
  (template) => new RegExp(`^${template.replace(/\$\{[^}]*\}/g, '~').replace(/[.]/g, '\\.').replace(/~/g, '[A-Za-z_]+')}$`),
)

const english = leaves(en)
const german = leaves(de)
const stem = (key: string) => key.replace(/_(one|other)$/, '')
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

describe('the words', () => {
  test('are the same keys in both languages', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
  })

  test('are never empty and fill in the same names', () => {
    for (const [key, text] of english) {
      const other = german.get(key) ?? ''
      expect(text.trim(), key).not.toBe('')
      expect(other.trim(), key).not.toBe('')
      // One item may go without its number.
      const isCounted = key.endsWith('_one')
      const drop = (names: (string | undefined)[]) => (isCounted ? names.filter((name) => name !== 'count' && name !== 'number') : names)
      expect(drop(placeholders(other)), key).toEqual(drop(placeholders(text)))
    }
  })

  test('have both forms where they are counted', () => {
    for (const key of english.keys()) {
      if (key.endsWith('_one')) expect(english.has(`${stem(key)}_other`), key).toBe(true)
      if (key.endsWith('_other')) expect(english.has(`${stem(key)}_one`), key).toBe(true)
    }
  })

  test('are each used somewhere', () => {
    const unused = [...english.keys()].map(stem).filter((key) => !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)))
    expect(unused).toEqual([])
  })

  test('exist for every key that the interface or the core asks for', () => {
    const known = new Set([...english.keys()].map(stem))
    const areas = new Set(Object.keys(en))
    // A quoted text is a key if its first part is one of ours; module paths and file names are not.
    const asked = [...quoted].filter((key) => areas.has(key.split('.')[0]!) && !/\.(svelte|ts|json|rs|js|css)$/.test(key))
    const calls = new Set(texts.flatMap((text) => [...text.matchAll(/\b(?:t|tNamed|word)\(\s*['"]([\w.-]+)['"]/g)].map((match) => match[1]!)))
    expect(asked.filter((key) => calls.has(key) && !known.has(key))).toEqual([])
    expect([...calls].filter((key) => key.includes('.') && !known.has(key))).toEqual([])
  })

  test('do not shout', () => {
    for (const [key, text] of [...english, ...german]) expect(text.includes('!'), key).toBe(false)
  })
})

describe('what the core names', () => {
  const generated = readFileSync(join(root, 'ui/src/api/generated.ts'), 'utf8')
  const union = (name: string) => {
    const found = new RegExp(`export type ${name} = ((?:"\\w+"(?: \\| )?)+);`).exec(generated)
    if (!found) throw new Error(`${name} is a union of words in generated.ts`)
    return [...found[1]!.matchAll(/"(\w+)"/g)].map((match) => match[1]!)
  }

  test.each([
    ['ErrorCode', 'error'],
    ['ProfileProblem', 'profile.problem'],
    ['LoginProblem', 'login.problem'],
  ])('%s has words for every case', (name, area) => {
    expect(union(name).filter((one) => !english.has(`${area}.${one}`))).toEqual([])
  })

  test('every platform’s ways to sign in, fields and reasons have words', () => {
    const connectors = files(join(root, 'src-tauri/crates/connectors/src'), ['mod.rs', 'login.rs', 'pages.rs'])
    let checked = 0
    for (const path of connectors) {
      const platform = /connectors\/src\/(\w+)\//.exec(path)?.[1]
      if (!platform) continue
      const source = readFileSync(path, 'utf8')
      const expectWords = (pattern: RegExp, area: string) => {
        for (const [, name] of source.matchAll(pattern)) {
          checked++
          expect(english.has(`login.${platform}.${area}${name}`), `login.${platform}.${area}${name}`).toBe(true)
        }
      }
      expectWords(/LoginMethod \{ id: "(\w+)" \}/g, '')
      expectWords(/\bfield\("(\w+)", FieldKind/g, 'field.')
      expectWords(/=> Some\("(\w+)"\)/g, 'reason.')
    }
    expect(checked).toBeGreaterThan(8)
  })
})
