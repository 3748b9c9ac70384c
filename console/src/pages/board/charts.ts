/** Options of the board's charts: pure, from figures to what ECharts draws. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Board } from '@/api/types'

export type EChartsOption = EChartsCoreOption

const INK = '#3c4a47'
const FAINT = '#5d6c69'
const LINE = '#e1e7e5'
const RIVER = '#0e7470'
const CLAY = '#bf4a27'
const FONT = '"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif'

/** Colours of the states, the same as their tags. */
export const STATE_TONES: Record<string, string> = {
  submitted: 'new',
  accepted: 'new',
  dispatched: 'run',
  handling: 'run',
  handled: 'check',
  closed: 'done',
  reopen_requested: 'wait',
}
const TONE_COLORS: Record<string, string> = {
  new: '#c98a1f',
  run: '#3d86c6',
  check: '#8a63bd',
  done: '#4a9a63',
  wait: '#7d8a9c',
  late: '#c4453d',
}

const base = (): EChartsOption => ({
  textStyle: { fontFamily: FONT, color: INK },
  animationDuration: 400,
  aria: { enabled: true },
  grid: { left: 8, right: 20, top: 12, bottom: 4, containLabel: true },
})
const tooltip = (trigger: 'axis' | 'item') => ({
  trigger,
  confine: true,
  axisPointer: { type: 'shadow' as const },
  borderColor: LINE,
  textStyle: { color: INK, fontFamily: FONT, fontSize: 13 },
})

/** Received and closed, day by day. */
export function byDay(rows: Board['by_day']): EChartsOption {
  return {
    ...base(),
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    legend: {
      right: 8,
      top: 0,
      icon: 'roundRect',
      itemWidth: 14,
      itemHeight: 4,
      textStyle: { color: INK, fontFamily: FONT },
    },
    tooltip: { ...tooltip('axis'), axisPointer: { type: 'line' } },
    xAxis: {
      type: 'category',
      data: rows.map(({ day }) => day.slice(5)),
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: FAINT, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: FAINT },
      splitLine: { lineStyle: { color: LINE } },
    },
    series: [
      line(
        '收到',
        rows.map((row) => row.received),
        CLAY,
      ),
      line(
        '办结',
        rows.map((row) => row.closed),
        RIVER,
      ),
    ],
  }
}

const line = (name: string, data: number[], color: string) => ({
  name,
  type: 'line' as const,
  data,
  smooth: 0.25,
  showSymbol: data.length < 40,
  symbolSize: 5,
  lineStyle: { width: 2.5 },
  color,
})

/** Numbers by name, the largest on top. */
export function bars(rows: { name: string; n: number; color?: string }[]): EChartsOption {
  return {
    ...base(),
    grid: { left: 8, right: 44, top: 4, bottom: 4, containLabel: true },
    tooltip: tooltip('item'),
    xAxis: { type: 'value', show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: INK, fontSize: 13, width: 110, overflow: 'truncate' },
    },
    series: [
      {
        name: '件数',
        type: 'bar',
        data: rows.map(({ n, color }) => ({ value: n, itemStyle: { color: color ?? RIVER } })),
        barMaxWidth: 14,
        showBackground: true,
        backgroundStyle: { color: '#f2f5f4', borderRadius: 7 },
        itemStyle: { borderRadius: 7 },
        label: { show: true, position: 'right', color: INK, fontFamily: FONT },
        cursor: 'pointer',
      },
    ],
  }
}

export const stateBars = (rows: Board['by_state']): EChartsOption =>
  bars(
    rows.map(({ state, label, n }) => ({
      name: label,
      n,
      color: TONE_COLORS[STATE_TONES[state] ?? 'wait'],
    })),
  )
