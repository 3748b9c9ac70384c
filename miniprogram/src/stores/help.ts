import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/http'
import * as api from '@/api/care'
import type { Agreement, AgreementInput, HelpInput, HelpItem } from '@/api/mutualTypes'
import { agreementFaults, helpFaults } from '@/lib/mutual'
import { plainPhone } from '@/lib/petitions'
import { newKey } from '@/lib/words'
import { sendOnce } from './once'
import { usePaged } from './paged'
import { useSession } from './session'
import { useTown } from './town'

const ASKING = 'draft.help'
const AGREEING = 'draft.agreement'

const blank = () => ({
  ...{ forWhom: '', reason: '', village: '', place: '', text: '', phone: '' },
  ...{ key: newKey(), unanswered: null as HelpInput | null },
})

/** A visit being asked for. Why is said of this one request; nothing of it stays on the phone once it has arrived. */
export const useHelpForm = defineStore('helpForm', () => {
  const town = useTown()
  const draft = ref({ ...blank(), ...((uni.getStorageSync(ASKING) as object) || {}) })

  watch(draft, (value) => uni.setStorageSync(ASKING, value), { deep: true, flush: 'sync' })

  const faults = () => helpFaults(draft.value)

  /** @throws ApiError; what was typed is untouched then. */
  async function send(): Promise<HelpItem> {
    const { forWhom, reason, village, place, text, phone } = draft.value
    const sent: HelpInput = {
      town: town.code,
      for_whom: forWhom as HelpInput['for_whom'],
      reason: reason as HelpInput['reason'],
      village_id: village,
      place: place.trim(),
      text: text.trim(),
      phone: plainPhone(phone),
    }
    const { answer } = await sendOnce(draft.value, sent, api.askForHelp)
    draft.value = blank()
    uni.removeStorageSync(ASKING)
    return answer
  }

  return { draft, faults, send }
})

/** The visits that one has asked for, until their time to be deleted comes. */
export const useHelp = defineStore('help', () => {
  const session = useSession()
  const list = usePaged(api.listHelp)

  watch(
    () => session.loggedIn,
    (loggedIn) => loggedIn || list.clear(),
  )

  /** @throws ApiError; who came first is shown then. */
  async function act(item: HelpItem, action: string): Promise<void> {
    try {
      const after = await api.actOnHelp(item.id, action, item.version)
      list.items.value = list.items.value.map((one) => (one.id === after.id ? after : one))
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) await list.refresh()
      throw error
    }
  }

  return { ...list, act }
})

const unsigned = () => ({
  ...{ rhythm: '', village: '', place: '', phone: '' },
  ...{ key: newKey(), unanswered: null as AgreementInput | null },
})

/** The household's word that somebody may come by regularly; taken back at any time. */
export const useAgreements = defineStore('agreements', () => {
  const town = useTown()
  const draft = ref({ ...unsigned(), ...((uni.getStorageSync(AGREEING) as object) || {}) })
  const items = shallowRef<Agreement[]>([])
  const loaded = ref(false)
  const failure = ref<ApiError | null>(null)

  watch(draft, (value) => uni.setStorageSync(AGREEING, value), { deep: true, flush: 'sync' })

  const active = computed(() => items.value.find(({ state }) => state === 'active') ?? null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      items.value = (await api.listAgreements()).items
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
    }
  }

  const faults = () => agreementFaults(draft.value)

  /** @throws ApiError; what was typed is untouched then. */
  async function agree(): Promise<void> {
    const { rhythm, village, place, phone } = draft.value
    const sent: AgreementInput = {
      town: town.code,
      rhythm: rhythm as AgreementInput['rhythm'],
      village_id: village,
      place: place.trim(),
      phone: plainPhone(phone),
      agreed: true,
    }
    const { answer } = await sendOnce(draft.value, sent, api.agree)
    draft.value = unsigned()
    uni.removeStorageSync(AGREEING)
    items.value = [answer, ...items.value.filter(({ id }) => id !== answer.id)]
  }

  async function revoke(one: Agreement): Promise<void> {
    const after = await api.revoke(one.id)
    items.value = items.value.map((other) => (other.id === after.id ? after : other))
  }

  return { draft, items, active, loaded, failure, load, faults, agree, revoke }
})
