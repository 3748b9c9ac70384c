/** Units, people, roles and places, for those who administer them. */
import { newKey } from '@/lib/key'
import { body, client } from './client'
import type { PersonDraft, PlaceDraft, RoleDraft, UnitDraft } from './types'

const once = () => ({ 'Idempotency-Key': newKey() })
const person = (id: string) => ({ params: { path: { staff_id: id } } })

export const fetchPeople = (inactive = false) =>
  body(client.GET('/api/v1/staff/people', { params: { query: { inactive } } }))

export const addPerson = (draft: PersonDraft) =>
  body(client.POST('/api/v1/staff/people', { body: draft, headers: once() }))

/** Without `phone` the number stays, without `roles` the roles. */
export const changePerson = (id: string, { name, unit_id, phone, roles }: PersonDraft) =>
  body(
    client.PATCH('/api/v1/staff/people/{staff_id}', {
      ...person(id),
      body: { name, unit_id, phone, roles },
    }),
  )

export const switchPersonOff = (id: string) =>
  body(client.POST('/api/v1/staff/people/{staff_id}/switch-off', person(id)))

export const switchPersonOn = (id: string) =>
  body(client.POST('/api/v1/staff/people/{staff_id}/switch-on', person(id)))

/** A one-time password, shown this once. */
export const resetPassword = (id: string) =>
  body(client.POST('/api/v1/staff/people/{staff_id}/password', person(id)))

export const resetFactor = (id: string) =>
  body(client.POST('/api/v1/staff/people/{staff_id}/second-factor/reset', person(id)))

export const unbindPerson = (id: string) =>
  body(client.DELETE('/api/v1/staff/people/{staff_id}/binding', person(id)))

export const makeBindingCode = (id: string) =>
  body(client.POST('/api/v1/staff/people/{staff_id}/binding-code', person(id)))

export const fetchRoles = () => body(client.GET('/api/v1/staff/roles'))

export const addRole = (draft: RoleDraft) =>
  body(client.POST('/api/v1/staff/roles', { body: draft, headers: once() }))

export const changeRole = (id: string, { label, permissions, totp_required, active }: RoleDraft) =>
  body(
    client.PATCH('/api/v1/staff/roles/{role_id}', {
      params: { path: { role_id: id } },
      body: { label, permissions, totp_required, active },
    }),
  )

export const fetchUnits = () => body(client.GET('/api/v1/staff/units'))

export const addUnit = (draft: UnitDraft) =>
  body(client.POST('/api/v1/staff/units', { body: draft, headers: once() }))

export const changeUnit = (id: string, draft: UnitDraft) =>
  body(
    client.PATCH('/api/v1/staff/units/{unit_id}', {
      params: { path: { unit_id: id } },
      body: draft,
    }),
  )

export const fetchPlaces = () => body(client.GET('/api/v1/staff/places'))

export const changePlace = (id: string, draft: PlaceDraft) =>
  body(
    client.PATCH('/api/v1/staff/places/{place_id}', {
      params: { path: { place_id: id } },
      body: draft,
    }),
  )

/** Checks another boundary, and keeps it unless `checkOnly`. */
export const putBoundary = (
  id: string,
  geojson: Record<string, unknown>,
  crs: 'gcj02' | 'wgs84' | 'bd09',
  checkOnly: boolean,
) =>
  body(
    client.POST('/api/v1/staff/places/{place_id}/boundary', {
      params: { path: { place_id: id } },
      body: { geojson, crs, check_only: checkOnly },
    }),
  )
