/** The few WeChat calls that uni-app's own types do not know. */
declare const wx: {
  getAppBaseInfo?: () => unknown
  onNeedPrivacyAuthorization?: (
    listener: (
      resolve: (answer: { event: 'agree' | 'disagree'; buttonId?: string }) => void,
    ) => void,
  ) => void
}

declare module 'exifr/dist/lite.esm.mjs' {
  export function gps(input: Blob): Promise<{ latitude: number; longitude: number } | undefined>
}
