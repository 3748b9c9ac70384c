import { reactive, ref, watch, type Ref } from 'vue'
import { asApiError } from '@/api/errors'
import { useDrafts, type Draft } from './drafts'

export interface Form<T extends Draft> {
  values: T
  /** The sentence beside each field, by the name that the server knows it by. */
  problems: Ref<Record<string, string>>
  /** What the server said of the form as a whole. */
  general: Ref<string>
  sending: Ref<boolean>
  /** Begins with these values, or with what was typed into this very form before and not sent. */
  open: (key: string, initial: T) => void
  /** Sends; true when it went through. What was typed stays until then. */
  submit: (send: (values: T) => Promise<unknown>) => Promise<boolean>
  /** Names what must not be empty, each with its sentence; false (and said beside the field) when something is. */
  demand: (needed: Partial<Record<keyof T & string, string>>) => boolean
  /** Throws away what was typed: the person said so. */
  forget: () => void
}

/** A form of the administration floor: it keeps every keystroke in this tab until the server has taken it. */
export function useForm<T extends Draft>(empty: T): Form<T> {
  const drafts = useDrafts()
  const values = reactive({ ...empty }) as T
  const problems = ref<Record<string, string>>({})
  const general = ref('')
  const sending = ref(false)
  let key = ''
  let untouched = ''

  function open(as: string, initial: T): void {
    key = ''
    problems.value = {}
    general.value = ''
    const whole = { ...empty, ...initial }
    untouched = JSON.stringify(whole)
    // By way of text: what a page holds may be a proxy, which structuredClone() refuses.
    Object.assign(values, JSON.parse(untouched) as T, drafts.read(as) ?? {})
    key = as
  }

  function forget(): void {
    if (key) drafts.drop(key)
    key = ''
  }

  function demand(needed: Partial<Record<keyof T & string, string>>): boolean {
    const empty = Object.entries<string | undefined>(needed).filter(([name]) => !values[name])
    problems.value = Object.fromEntries(empty.map(([name, sentence]) => [name, sentence ?? '']))
    general.value = ''
    return empty.length === 0
  }

  async function submit(send: (values: T) => Promise<unknown>): Promise<boolean> {
    sending.value = true
    problems.value = {}
    general.value = ''
    try {
      await send(JSON.parse(JSON.stringify(values)) as T)
      forget()
      return true
    } catch (fault) {
      const { message, fields } = asApiError(fault)
      problems.value = Object.fromEntries(
        Object.entries(fields).map(([field, sentences]) => [field, sentences.join(' ')]),
      )
      general.value = message
      return false
    } finally {
      sending.value = false
    }
  }

  watch(values, () => {
    if (!key) return
    const typed = JSON.stringify(values)
    if (typed === untouched) drafts.drop(key)
    else drafts.keep(key, JSON.parse(typed) as Draft)
  })

  return { values, problems, general, sending, open, submit, demand, forget }
}
