/// <reference types="vite/client" />
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

interface ImportMetaEnv {
  /** Origin of the backend for the mini-program, for example https://api.example.gov.cn (H5 asks its own origin). */
  readonly VITE_API_ORIGIN?: string
}
