import type en from './en.json'

type Singular<K extends string> = K extends `${infer Base}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Base : K

type Leaves<Tree, Path extends string = ''> = {
  [K in keyof Tree & string]: Tree[K] extends string ? `${Path}${Singular<K>}` : Leaves<Tree[K], `${Path}${K}.`>
}[keyof Tree & string]

/** Every text there is, by its path in en.json; plural forms count as one. */
export type Key = Leaves<typeof en>
