import { computed, ref, shallowRef } from 'vue'
import { sentenceOf } from '@/api/http'
import type { Action, ActionInput } from '@/api/types'
import { inBar } from '@/lib/actions'
import { useGrants } from './grants'
import type { Photos } from './photos'

/** How many buttons find room beside one another in a page's bar. */
export const BAR_ROOM = 3

function say(title: string, duration = 1500): void {
  uni.showToast({ title, icon: 'none', duration })
}

/** What a page holds of the actions it offers: which stand in its bar, which waits to be filled in. */
function useActing(actions: () => Action[], room: () => number) {
  const chosen = shallowRef<Action | null>(null)
  const more = ref(false)
  const bar = computed(() => inBar(actions(), room()))
  return { chosen, more, bar }
}

/** Acting on one's own case. `thanks` is what each action is answered with. */
export function useOwnActing(
  actions: () => Action[],
  thanks: Record<string, string>,
  room = () => BAR_ROOM,
) {
  const { chosen, more, bar } = useActing(actions, room)
  const grants = useGrants()

  /** A grant is used up with each message: the tap that acts asks for the next ones. */
  async function press(action: Action): Promise<void> {
    more.value = false
    if (grants.possible) await grants.ask()
    chosen.value = action
  }

  function done(action: string): void {
    chosen.value = null
    say(thanks[action] ?? '已提交')
  }

  return { chosen, more, bar, press, done }
}

/** @returns whether the server has it already; otherwise it waits on the phone. */
export type Perform = (
  action: Action,
  input: Omit<ActionInput, 'version'>,
  photos?: { field: string; gathered: Photos } | null,
) => Promise<boolean>

/** Acting on a task: what needs nothing filled in is done at once, without a network later. */
export function useWork(actions: () => Action[], perform: Perform) {
  const { chosen, more, bar } = useActing(actions, () => BAR_ROOM)
  /** The action that is on its way from the bar. */
  const busy = ref('')

  /** What a person hears: it is done, or it waits on the phone. */
  const said = (sent: boolean) =>
    say(sent ? '好的，已记下' : '没有网络，已存在手机里，有网自动发送', 3000)

  async function queue(...act: Parameters<Perform>): Promise<void> {
    said(await perform(...act))
  }

  async function press(action: Action): Promise<void> {
    more.value = false
    if (action.fields.length > 0) {
      chosen.value = action
      return
    }
    busy.value = action.action
    try {
      await queue(action, {})
    } catch (failure) {
      say(sentenceOf(failure), 3000)
    } finally {
      busy.value = ''
    }
  }

  return { chosen, more, bar, busy, queue, press }
}
