/** What only somebody whom their village knows may do: asked before anything is written, not after. */
import { useLogin } from './login'
import { useVillager } from './villager'

/** @returns whether this person may go on; otherwise the way to become known has been shown. */
export async function needVillager(why: string): Promise<boolean> {
  if (!(await useLogin().need(why))) return false
  const villager = useVillager()
  if (villager.card?.state !== 'confirmed') await villager.load()
  // Without an answer the server decides when it is sent.
  if (!villager.loaded || villager.card?.state === 'confirmed') return true
  const waits = villager.card?.state === 'asked'
  uni.showModal({
    title: waits ? '村里还在核实' : '先请村里核实一次',
    content: waits
      ? '您已经申请了村民核实，村里核实以后就可以办。'
      : '这件事只有核实过的本村村民可以办，核实一次就行。',
    confirmText: waits ? '看申请' : '去核实',
    cancelText: '先不了',
    success: ({ confirm }) => {
      if (confirm) uni.navigateTo({ url: '/pages-consult/villager/index' })
    },
  })
  return false
}
