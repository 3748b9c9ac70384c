/** The few WeChat calls that uni-app's own types do not know. */
declare const wx: {
  getAppBaseInfo?: () => unknown
  onNeedPrivacyAuthorization?: (
    listener: (
      resolve: (answer: { event: 'agree' | 'disagree'; buttonId?: string }) => void,
    ) => void,
  ) => void
  getRandomValues?: (options: {
    length: number
    success: (answer: { randomValues: ArrayBuffer }) => void
    fail: () => void
  }) => void
}

declare module 'exifr/dist/lite.esm.mjs' {
  export function gps(input: Blob): Promise<{ latitude: number; longitude: number } | undefined>
}
