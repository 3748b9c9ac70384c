import type { RouteLocationNormalized, RouteLocationRaw } from 'vue-router'
import { useSession } from '@/stores/session'
import { PLACES } from './menu'

/** Only a path of our own may be returned to after logging in. */
export function safeReturn(wanted: unknown): string {
  return typeof wanted === 'string' && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}

export async function guard(to: RouteLocationNormalized): Promise<RouteLocationRaw | boolean> {
  const session = useSession()
  try {
    await session.load()
  } catch {
    // The server cannot be reached: App shows that, whatever page was asked for.
    return true
  }
  // The log-in page is for those who are not in yet.
  if (to.meta.open) return session.staff ? safeReturn(to.query.return_to) : true
  // Everything else wants a log-in, and returns here afterwards.
  if (!session.staff) {
    const wanted = to.redirectedFrom?.fullPath ?? to.fullPath
    return { name: 'login', query: wanted === '/' ? {} : { return_to: wanted } }
  }
  // A one-time password, or a second factor that a role demands: nothing else works before.
  if (session.staff.must) return to.name === 'account' ? true : { name: 'account' }
  const anyOf = to.meta.anyOf ?? []
  if (anyOf.length === 0 || session.may(...anyOf)) return true
  // The start page differs from role to role: the first one that is open.
  if (to.redirectedFrom?.path === '/') {
    const first = PLACES.find((place) => place.anyOf.length === 0 || session.may(...place.anyOf))
    return { name: first?.name ?? 'account' }
  }
  return { name: 'forbidden' }
}
