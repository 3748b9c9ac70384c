import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Villager, VillageRoll } from '@/api/types'
import { useVillagers } from '@/stores/consultations'
import { useVillageRolls } from '@/stores/objections'
import { json, Server } from './support/server'

const villager = (id: string, representative = false) =>
  ({ id, name: '示例甲', state: 'confirmed', representative }) as Villager

let server: Server
beforeEach(() => {
  setActivePinia(createPinia())
  server = new Server()
})
afterEach(() => vi.unstubAllGlobals())

describe('村民代表 (OPEN-03)', () => {
  it('are noted one by one, and the row says so', async () => {
    server.on('GET /staff/villagers', () =>
      json({ items: [villager('1'), villager('2')], next_cursor: null }),
    )
    const route = 'PUT /staff/villagers/2/representative'
    server.on(route, () => json(villager('2', true)))
    const list = useVillagers()
    await list.show('confirmed')
    await list.represent(list.items[1]!, true)
    expect(await server.to(route)[0]!.json()).toEqual({ representative: true })
    expect(list.items.map((one) => one.representative)).toEqual([false, true])
  })

  it('are counted by the village; what is left empty stays as it was', async () => {
    const route = 'PUT /staff/village-rolls/7'
    server.on(route, () => json({ items: [] }))
    const rolls = useVillageRolls()
    const village = { village_id: '7' } as VillageRoll
    await rolls.enter(village, 860, 30)
    await rolls.enter(village, 860, null)
    const bodies = await Promise.all(server.to(route).map((one) => one.json()))
    expect(bodies).toEqual([
      { villagers: 860, representatives: 30 },
      { villagers: 860, representatives: null },
    ])
  })
})
