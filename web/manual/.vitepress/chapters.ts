import type { DefaultTheme } from 'vitepress'

const chapter = (text: string, name: string) => ({ text, link: `/${name}` })

/** The manual's contents, by who needs them. A test holds them to the files in docs/manual. */
export const CHAPTERS: DefaultTheme.SidebarItem[] = [
  { text: '开始', items: [chapter('第一次使用', 'first-use'), chapter('登录和首次进入', 'login'), chapter('密码与登录设备', 'sessions'), chapter('两步验证和签字的验证方式', 'second-step'), chapter('消息', 'messages'), chapter('微信：绑定和登录', 'wechat'), chapter('法人一证通登录', 'certificate'), chapter('几条处处都一样的规矩', 'everywhere'), chapter('查找、导出和打印名单', 'lists')] },
  {
    text: '登记',
    items: [
      chapter('登记和查找污染源', 'enterprises'), chapter('登记排口和测点', 'outlets'), chapter('登记仪器和采样器', 'register'), chapter('仪器清单和导出', 'instruments'),
      chapter('批量导入仪器', 'import'), chapter('变更单位名称、信用代码和所在区', 'enterprise-changes'),
    ],
  },
  {
    text: '运维',
    items: [
      chapter('机构备案', 'filing'), chapter('信用评价信息', 'credit-information'), chapter('运维合同', 'contracts'), chapter('制定运维计划', 'plans'), chapter('手机：现场运维', 'phone'), chapter('手机：待上传和转交同事', 'phone-outbox'),
      chapter('手机：补录、阻挠和中止', 'phone-reports'), chapter('手机：我的运维', 'phone-mine'),
      chapter('查看和更正运维记录', 'visits'),
    ],
  },
  { text: '确认', items: [chapter('今日确认：签字', 'signing'), chapter('手机上签字', 'phone-signing'), chapter('异议', 'disputes'), chapter('确认记录', 'confirmations'), chapter('作废的确认', 'voided')] },
  { text: '报告', items: [chapter('比对与校验报告', 'reports')] },
  { text: '监管', items: [chapter('监管看板', 'supervision'), chapter('计划周期', 'cycles'), chapter('备案审核', 'filing-review')] },
  { text: '账户', items: [chapter('单位账户', 'accounts'), chapter('平台：单位与账户', 'admin-accounts')] },
  { text: '打印和核验', items: [chapter('打印运维记录', 'printing'), chapter('公开核验打印件', 'check'), chapter('比对数据自查', 'report-check')] },
  { text: '安全', items: [chapter('锁定、会话和安全策略', 'security'), chapter('安全日志', 'security-log')] },
  { text: '查阅', items: [chapter('常见问题和系统提示', 'questions'), chapter('名词', 'words')] },
]
