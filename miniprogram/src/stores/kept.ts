/**
 * A worker's list and its tasks, kept on the phone for where there is no signal. Personal data: they go when the person
 * logs out, or the server no longer knows them.
 */
import type { ChildTask, TaskDetail, TaskItem } from '@/api/types'

const LIST = 'tasks.kept'
const ONE = 'task.kept.'

interface Kept {
  at: string
  items: TaskItem[]
}

export const keptList = (): Kept =>
  (uni.getStorageSync(LIST) as Kept) || { at: '', items: [] as TaskItem[] }

/** @returns the task as the server last told it, or null. */
export const keptTask = <T extends TaskDetail | ChildTask>(id: string): T | null =>
  (uni.getStorageSync(ONE + id) as T) || null

export const keepTask = (task: TaskDetail | ChildTask) => uni.setStorageSync(ONE + task.id, task)

export const dropTask = (id: string) => uni.removeStorageSync(ONE + id)

/** What is no longer in the list goes. */
export function keepList(items: TaskItem[]): void {
  const wanted = new Set(items.map(({ id }) => id))
  for (const { id } of keptList().items) if (!wanted.has(id)) dropTask(id)
  uni.setStorageSync(LIST, { at: new Date().toISOString(), items })
}

export function forgetTasks(): void {
  for (const { id } of keptList().items) dropTask(id)
  uni.removeStorageSync(LIST)
}
