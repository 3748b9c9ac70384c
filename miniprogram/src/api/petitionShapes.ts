/** Shapes of the invitation until docs/openapi.json has them. */
export interface PetitionInvitation {
  topic_label: string
  town_name: string
  co_signers: number
}
export interface CoSignInput {
  name: string
  phone: string
  address: string
}
