/** The chart library, with what the plots need of it: a part of its own, loaded with the first plot. */
import { LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Plot, Segment, View } from './plotting'

use([LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const COLOURS = { within: '#0f6b62', beyond: '#b42318', middle: '#55646b', limit: '#8a5a00' }
const AXIS = { axisLine: { onZero: false }, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: '#33434a' }, axisLabel: { color: '#4a5a61', hideOverlap: true }, splitLine: { lineStyle: { color: '#eef1f2' } }, scale: true }
const FONT = { fontFamily: 'inherit', fontSize: 12 }

export const chartIn = (element: HTMLElement) => init(element, null, { renderer: 'svg' })

/** One series of line segments: a gap between each and the next. */
function lines(name: string, segments: readonly Segment[], color: string, type: 'solid' | 'dashed') {
  const data = segments.flatMap(([from, to]) => [from, to, ['-', '-']])
  return { name, type: 'line', data, symbol: 'none', silent: true, lineStyle: { color, type, width: 1.5 }, itemStyle: { color } }
}

export function optionOf(plot: Plot, view: View, unit: string): object {
  const named = (text: string) => (unit ? `${text}（${unit}）` : text)
  const points = plot.points.map(({ x, y, name, beyond }) => ({ name, value: [x, y], symbol: beyond ? 'diamond' : 'circle', itemStyle: { color: beyond ? COLOURS.beyond : COLOURS.within } }))
  const drawn = [
    lines(view === 'scatter' ? '两值相等' : '零', plot.middle, COLOURS.middle, 'solid'),
    ...(plot.mean.length ? [lines('平均误差', plot.mean, COLOURS.within, 'solid')] : []),
    ...(plot.limits.length ? [lines('限值', plot.limits, COLOURS.limit, 'dashed')] : []),
  ]
  return {
    animation: false,
    textStyle: FONT,
    grid: { left: 54, right: 16, top: 36, bottom: 46 },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: '#33434a' }, data: [...drawn.map(({ name }) => ({ name, icon: 'rect' })), { name: '数据对', icon: 'circle' }] },
    tooltip: { trigger: 'item', formatter: ({ name, value }: { name: string; value: number[] }) => `${name}：${value.join('，')}` },
    xAxis: { type: 'value', min: plot.range[0], max: plot.range[1], name: named('参比值'), ...AXIS, axisLabel: { ...AXIS.axisLabel, showMinLabel: false, showMaxLabel: false } },
    yAxis: { type: 'value', name: named(view === 'scatter' ? '仪器值' : '仪器值 − 参比值'), ...AXIS, nameGap: 40 },
    series: [
      ...drawn,
      { name: '数据对', type: 'scatter', data: points, symbolSize: 9, itemStyle: { color: COLOURS.within } },
    ],
  }
}
