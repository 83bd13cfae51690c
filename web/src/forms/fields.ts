import type { Choice, Factor, InstrumentKind, Medium, Options } from '../api/types'

/** One field of a form. `key` is the event's field name; labels and stars are those of the guide's figures. */
export interface Field {
  key: string
  label: string
  required?: boolean
  kind?: 'text' | 'choice' | 'suggest' | 'factor' | 'factors' | 'yes-no' | 'number' | 'location' | 'organisation'
  placeholder?: string
  hint?: string
  wide?: boolean
}

export interface Group {
  title: string
  fields: Field[]
}

const PERMIT = '排污许可证中点位名称，请规范填写，若无排污许可证，则填无'
const PERMIT_CODE = '排污许可证中编号，请规范填写，若无排污许可证，则填无'
const INTEGRATOR = '指系统集成设备生产单位，请规范填写全称（如单位名称中有括号，请使用中文括号）'
const INSTALLER = '指系统安装单位，请规范填写全称（如单位名称中有括号，请使用中文括号）'

export const INSTRUMENT_GROUPS: Record<InstrumentKind, Group[]> = {
  wastewater_analyser: [
    { title: '', fields: [{ key: 'factor', label: '分析因子', required: true, kind: 'factor', wide: true }] },
    {
      title: '仪器基本信息',
      fields: [
        { key: 'model', label: '设备型号', required: true },
        { key: 'brand', label: '品牌', required: true, placeholder: '设备品牌' },
        { key: 'origin', label: '国产/进口', kind: 'choice' },
        { key: 'method', label: '方法原理', required: true, kind: 'suggest' },
        { key: 'construction', label: '建设情况', required: true, kind: 'choice' },
        { key: 'unit', label: '计量单位', hint: '随分析因子自动填写' },
      ],
    },
    {
      title: '厂商信息',
      fields: [
        { key: 'om_operator', label: '本次运维商', required: true, kind: 'organisation' },
        { key: 'om_operator_previous', label: '上次运维商', required: true, kind: 'organisation', placeholder: '没有则填无' },
        { key: 'manufacturer', label: '生产商', kind: 'organisation' },
        { key: 'production_licence_number', label: '生产许可证编号' },
        { key: 'test_report_number', label: '检测报告编号' },
        { key: 'serial_number', label: '出厂编号' },
      ],
    },
    {
      title: '安装信息',
      fields: [
        { key: 'permit_point_name', label: '水污染源自动监测系统安装点位名称', required: true, placeholder: PERMIT, wide: true },
        { key: 'permit_point_code', label: '水污染源自动监测系统安装点位编号', required: true, placeholder: PERMIT_CODE, wide: true },
        { key: 'integrator', label: '水污染源自动监测系统生产单位', required: true, kind: 'organisation', placeholder: INTEGRATOR, wide: true },
        { key: 'installer', label: '水污染源自动监测系统安装单位', required: true, kind: 'organisation', placeholder: INSTALLER, wide: true },
      ],
    },
  ],
  sampler: [
    {
      title: '',
      fields: [
        { key: 'name', label: '仪器名称', required: true },
        { key: 'model', label: '规格型号', required: true },
        { key: 'functions', label: '支持功能' },
        { key: 'construction', label: '建设情况', required: true, kind: 'choice' },
        { key: 'manufacturer', label: '生产商', required: true, kind: 'organisation' },
        { key: 'outlet_kind', label: '排口类型', required: true, kind: 'suggest' },
        { key: 'mixed_sampling', label: '是否混样改造完成', kind: 'yes-no' },
        { key: 'refrigeration', label: '是否具备冷藏功能', kind: 'yes-no' },
      ],
    },
  ],
  flue_gas_analyser: [
    { title: '', fields: [{ key: 'factor', label: '分析因子', required: true, kind: 'factor', wide: true }] },
    {
      title: '仪器基本信息',
      fields: [
        { key: 'brand', label: 'cems品牌', required: true },
        { key: 'model', label: 'cems型号', required: true },
        { key: 'serial_number', label: 'cems出厂编号', required: true },
        { key: 'method', label: '方法原理', required: true, kind: 'suggest' },
        { key: 'construction', label: '建设情况', required: true, kind: 'choice' },
        { key: 'unit', label: '计量单位', hint: '随分析因子自动填写' },
      ],
    },
    {
      title: '厂商信息',
      fields: [
        { key: 'manufacturer', label: '生产商', kind: 'organisation' },
        { key: 'production_licence_number', label: '生产许可证编号' },
        { key: 'maker', label: '制造商', kind: 'organisation' },
        { key: 'om_operator', label: '本次运维商', required: true, kind: 'organisation' },
      ],
    },
    {
      title: '安装信息',
      fields: [
        { key: 'permit_point_name', label: 'cems污染源自动监测系统安装点名称', required: true, placeholder: PERMIT, wide: true },
        { key: 'permit_point_code', label: 'cems污染源自动监测系统安装点编号', required: true, placeholder: PERMIT_CODE, wide: true },
        { key: 'integrator', label: 'cems污染源自动监测系统生产单位', required: true, kind: 'organisation', placeholder: INTEGRATOR, wide: true },
        { key: 'installer', label: 'cems污染源自动监测系统安装单位', required: true, kind: 'organisation', placeholder: INSTALLER, wide: true },
      ],
    },
    {
      title: '参数信息',
      fields: [
        { key: 'reference_oxygen', label: '基准氧含量(%)', kind: 'number' },
        { key: 'velocity_field_coefficient', label: '速度场系数', kind: 'number' },
        { key: 'duct_area', label: '截面积(m²)', kind: 'number' },
        { key: 'detection_limit', label: '检出限', kind: 'number' },
        { key: 'pitot_coefficient', label: '皮托管系数', kind: 'number' },
      ],
    },
  ],
}

export const ENTERPRISE_GROUPS: Group[] = [
  {
    title: '',
    fields: [
      { key: 'name', label: '单位名称', required: true, wide: true },
      { key: 'uscc', label: '统一社会信用代码', required: true, placeholder: '18 位' },
      { key: 'permit_number', label: '排污许可证编号', required: true, placeholder: '22 位；没有许可证请填无' },
      { key: 'district', label: '所在区', required: true, kind: 'choice' },
      { key: 'industry', label: '行业类别', required: true },
      { key: 'address', label: '地址', required: true, wide: true },
      { key: 'location', label: '经纬度', kind: 'location', wide: true },
    ],
  },
]

export const CONTACT_GROUPS: Group[] = [
  {
    title: '联系人',
    fields: [
      { key: 'contact_name', label: '姓名', placeholder: '加密保存，可永久删除' },
      { key: 'contact_phone', label: '联系电话' },
    ],
  },
]

export const OUTLET_GROUPS: Group[] = [
  {
    title: '',
    fields: [
      { key: 'medium', label: '排口类型', required: true, kind: 'choice' },
      { key: 'code', label: '排口编号', required: true, placeholder: '如 DW001、DA001；没有编号请填无' },
      { key: 'name', label: '排口名称', required: true, wide: true },
      { key: 'location', label: '经纬度', kind: 'location', wide: true },
    ],
  },
]

export const POINT_GROUPS: Group[] = [
  {
    title: '',
    fields: [
      { key: 'code', label: '测点编号', required: true, placeholder: '排口编号；多个测点时加 -01' },
      { key: 'name', label: '测点名称', required: true },
      { key: 'factors', label: '监测因子', required: true, kind: 'factors', wide: true },
      { key: 'mn', label: '数采仪 MN 号', placeholder: '24 位', wide: true },
      { key: 'location', label: '经纬度', kind: 'location', wide: true },
    ],
  },
]

export const KIND_NAMES: Record<InstrumentKind, string> = {
  wastewater_analyser: '分析仪器',
  sampler: '自动采样器',
  flue_gas_analyser: '分析仪器',
}

export const MEDIUM_NAMES: Record<Medium, string> = { wastewater: '废水', flue_gas: '废气' }

export const KINDS_OF: Record<Medium, InstrumentKind[]> = {
  wastewater: ['wastewater_analyser', 'sampler'],
  flue_gas: ['flue_gas_analyser'],
}

export const MEDIA: Choice[] = [
  { code: 'wastewater', name: '废水' },
  { code: 'flue_gas', name: '废气' },
]

/** The closed list behind a choice field. */
export function choicesOf(key: string, options: Options): Choice[] {
  switch (key) {
    case 'origin':
      return options.origin
    case 'construction':
      return options.construction
    case 'district':
      return options.districts
    case 'medium':
      return MEDIA
    default:
      return []
  }
}

/** Words offered while typing; anything else may be typed too. */
export function suggestionsOf(key: string, options: Options, medium: Medium): string[] {
  return key === 'method' ? options.methods[medium] : key === 'outlet_kind' ? options.outlet_kinds : []
}

/** The factors of a medium that are found under what was typed: a name, a code or a short name such as COD. */
export function factorsOf(options: Options, medium: Medium, typed = ''): Factor[] {
  const wanted = typed.trim().toLowerCase()
  return options.factors[medium].filter((factor) => factor.searched.includes(wanted))
}
