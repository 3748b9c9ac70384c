import { ElMessageBox } from 'element-plus'

/** Why something may not be shown; null when the person thought better of it. */
export async function askReason(): Promise<string | null> {
  const given = await ElMessageBox.prompt(
    '同事会看到这条理由，发布的人看不到。',
    '为什么不宜公开？',
    {
      confirmButtonText: '记为不宜公开',
      cancelButtonText: '先不定',
      inputType: 'textarea',
      inputPlaceholder: '例如：照片里有人脸和车牌',
      inputValidator: (text: string) =>
        !text?.trim() ? '请写明理由' : text.length > 200 ? '理由最多 200 个字' : true,
    },
  ).catch(() => null)
  return given === null ? null : given.value.trim()
}
