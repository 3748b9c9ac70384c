import { ref, shallowRef } from 'vue'
import { ApiError, sentenceOf } from '@/api/http'
import { groupCode, plainCode } from '@/lib/words'

const LENGTH = 12

/** A look-up code that somebody types: read over, asked for once, and what was found; `unknown` is said of no find. */
export function codeLookUp<T>(find: (code: string) => Promise<T>, unknown: string) {
  const typed = ref('')
  const found = shallowRef<T | null>(null)
  /** The code of what was found; what is typed may have moved on. */
  const shown = ref('')
  const error = ref('')
  const busy = ref(false)

  /** @param sound what else has to be right before it is asked */
  async function look(sound: () => boolean = () => true): Promise<void> {
    const code = plainCode(typed.value)
    found.value = null
    error.value = code.length === LENGTH ? '' : `查询码是 ${LENGTH} 位字母和数字，请再核对一下。`
    if (!sound() || error.value || busy.value) return
    busy.value = true
    try {
      found.value = await find(code)
      shown.value = typed.value = groupCode(code)
    } catch (failure) {
      const nothing = failure instanceof ApiError && failure.status === 404
      error.value = nothing ? unknown : sentenceOf(failure)
    } finally {
      busy.value = false
    }
  }

  return { typed, found, shown, error, busy, look }
}
