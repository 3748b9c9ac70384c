/** What is public, found by words; and a village's own page. */
import { request } from './http'
import type { FoundPage, VillageHome } from './openTypes'

const PUBLIC = '/api/v1/public'

export const search = (town: string, words: string, kind: string, cursor: string | null) =>
  request<FoundPage>('GET', `${PUBLIC}/search`, {
    query: { town, words, kind, cursor },
    asNobody: true,
  })

export const getVillageHome = (id: string) =>
  request<VillageHome>('GET', `${PUBLIC}/villages/${encodeURIComponent(id)}/home`, {
    asNobody: true,
  })

/** Its mini-program code, a picture. */
export const villageCode = (id: string) => `${PUBLIC}/villages/${encodeURIComponent(id)}/code.png`
