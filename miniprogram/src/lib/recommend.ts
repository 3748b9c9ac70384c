import type { Category } from '@/api/types'

/** Categories whose keywords occur in the text, best first: a longer word says more than a short one. */
export function recommend(text: string, categories: Category[], limit = 3): Category[] {
  return categories
    .map((category) => ({ category, weight: weigh(text, category) }))
    .filter((entry) => entry.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, limit)
    .map((entry) => entry.category)
}

function weigh(text: string, category: Category): number {
  return [category.name, ...category.keywords]
    .filter((word) => word && text.includes(word))
    .reduce((sum, word) => sum + word.length, 0)
}
