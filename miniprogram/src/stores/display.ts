import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { fontScale, onNetworkChange } from '@/api/platform'

const CHOICE = 'display.elder'
/** From this font setting on (WeChat's 关怀模式 is about 1.4) the larger-type view is on unless switched off by hand. */
const CARE_SCALE = 1.35
/** The larger-type view is large already; a phone's setting adds at most this much on top. */
const MOST_IN_ELDER = 1.15

/** How pages are shown: the larger-type view (ACC-03, ACC-05, ACC-07) and whether there is a network. */
export const useDisplay = defineStore('display', () => {
  const chosen = ref<boolean | null>(storedChoice())
  const scale = ref(1)
  const offline = ref(false)

  const elder = computed(() => chosen.value ?? scale.value >= CARE_SCALE)
  const style = computed(() => {
    const most = elder.value ? MOST_IN_ELDER : 1.4
    return `--k:${Math.min(Math.max(scale.value, 1), most)}`
  })

  function start(): void {
    scale.value = fontScale()
    onNetworkChange((value) => (offline.value = value))
  }

  /** Remembered on this phone, for every page. */
  function choose(value: boolean): void {
    chosen.value = value
    uni.setStorageSync(CHOICE, value ? 'on' : 'off')
  }

  /** What the account says counts only where nobody has chosen on this phone. */
  function follow(value: boolean): void {
    if (chosen.value === null && value) chosen.value = true
  }

  return { elder, style, offline, start, choose, follow }
})

function storedChoice(): boolean | null {
  const stored = uni.getStorageSync(CHOICE) as string
  return stored ? stored === 'on' : null
}
