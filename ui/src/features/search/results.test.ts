import { beforeEach, expect, test } from 'vitest'
import type { SearchHit, SearchQuery } from '@/api/generated'
import { setHost } from '@/host/host'
import { Results } from './results.svelte'

const hit = (message: number) => ({ message, conversation: 1, snippet: ['', 'a', ''] }) as SearchHit
let asked: { query: SearchQuery; answer: (hits: number[], hasMore?: boolean) => void; fail: () => void }[] = []
const settled = () => new Promise((done) => setTimeout(done, 0))

beforeEach(() => {
  asked = []
  setHost({
    isDesktop: false,
    mediaUrl: () => '',
    onChanges: () => () => undefined,
    call: (_, args) =>
      new Promise((resolve, reject) =>
        asked.push({
          query: args as SearchQuery,
          answer: (hits, hasMore = false) => resolve({ conversations: [], hits: hits.map(hit), hasMore }),
          fail: () => reject({ code: 'internal', problem: null, login: null }),
        }),
      ),
  })
})

test('an answer that comes late does not replace that of a later question', async () => {
  const results = new Results()
  void results.find('a')
  void results.find('ab')
  asked[1]!.answer([2])
  await settled()
  asked[0]!.answer([1])
  await settled()
  expect(results.hits.map((one) => one.message)).toEqual([2])
  expect(results.askedFor).toBe('ab')
})

test('older hits go on after the last one, once at a time', async () => {
  const results = new Results()
  void results.find('a')
  asked[0]!.answer([9, 8], true)
  await settled()
  void results.extend()
  void results.extend()
  expect(asked.length).toBe(2)
  expect(asked[1]!.query).toMatchObject({ text: 'a', before: 8 })
  asked[1]!.answer([7])
  await settled()
  expect(results.hits.map((one) => one.message)).toEqual([9, 8, 7])
  void results.extend()
  expect(asked.length).toBe(2)
})

test('an empty field asks nothing and shows nothing', async () => {
  const results = new Results()
  void results.find('a')
  asked[0]!.answer([1])
  await settled()
  void results.find('  ')
  expect(asked.length).toBe(1)
  expect(results.list).toEqual([])
  expect(results.askedFor).toBe('')
})

test('what was found stays while a later question fails', async () => {
  const results = new Results()
  void results.find('a')
  asked[0]!.answer([1])
  await settled()
  void results.find('ab')
  asked[1]!.fail()
  await settled()
  expect(results.hits.length).toBe(1)
  expect(results.error?.code).toBe('internal')
})
