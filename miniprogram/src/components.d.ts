/**
 * The two components of wot-design-uni in use, with the props used here. Its own global types would draw all its
 * sources into our type check, which is stricter than theirs.
 */
import type { DefineComponent } from 'vue'

interface PopupProps {
  modelValue: boolean
  position?: 'center' | 'top' | 'right' | 'bottom' | 'left'
  zIndex?: number
  closeOnClickModal?: boolean
  customStyle?: string
}

interface SkeletonProps {
  theme?: 'text' | 'avatar' | 'paragraph' | 'image'
  animation?: '' | 'gradient' | 'flashed'
}

declare module 'vue' {
  export interface GlobalComponents {
    WdPopup: DefineComponent<PopupProps>
    WdSkeleton: DefineComponent<SkeletonProps>
  }
}
