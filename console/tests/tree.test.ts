import { describe, expect, it } from 'vitest'
import { branch, layOut, searched } from '@/lib/tree'

const unit = (id: string, parent_id: string | null = null) => ({ id, parent_id })
const UNITS = [
  unit('grid', 'village'),
  unit('hall'),
  unit('village', 'hall'),
  unit('urban', 'hall'),
]

describe('a tree from a list', () => {
  it('puts parents before children and says how deep they lie', () => {
    expect(layOut(UNITS).map(({ id, depth, parts }) => [id, depth, parts])).toEqual([
      ['hall', 0, 2],
      ['village', 1, 1],
      ['grid', 2, 0],
      ['urban', 1, 0],
    ])
  })
  it('lets those whose parent is out of reach stand at the top', () => {
    expect(layOut([unit('grid', 'village')]).map(({ depth }) => depth)).toEqual([0])
  })
  it('keeps what stands above a match', () => {
    const found = searched(UNITS, ({ id }) => id === 'grid')
    expect(found.map(({ id }) => id)).toEqual(['grid', 'hall', 'village'])
  })
  it('names a whole branch, so that nothing is moved below itself', () => {
    expect([...branch(UNITS, 'village')].sort()).toEqual(['grid', 'village'])
  })
})
