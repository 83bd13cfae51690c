import type { Problem } from '../api/problem'
import { NO_KEY, type Held, SigningProblem, type SigningService } from './port'
import { daysLeft, endingOf } from './validity'

export type StepState = 'waiting' | 'running' | 'good' | 'warning' | 'bad'

/** One step of the diagnosis. `next` is what to do where it failed. */
export interface Step {
  key: string
  title: string
  state: StepState
  said: string
  next: string
}

const TITLES: [string, string][] = [
  ['service', '签名服务'], ['key', '密钥已插入'], ['lock', '密钥没有锁定'], ['validity', '证书在有效期内'],
  ['organisation', '证书上的单位'], ['server', '清源服务器'], ['trial', '试签一次'],
]
export const freshSteps = (): Step[] => TITLES.map(([key, title]) => ({ key, title, state: 'waiting', said: '', next: '' }))

/** What to do, by the code of what went wrong. */
const NEXT: Record<string, string> = {
  'service.missing': '请安装并启动发证机构的证书助手（驱动程序），再点“重新检查”。浏览器询问是否允许访问本机或本地网络时，请选择允许。已安装的，退出后重新打开它。',
  'service.failed': '请退出并重新打开发证机构的证书助手，再点“重新检查”。',
  'request.unknown': '签名服务的版本与本页不符，请更新发证机构的证书助手。',
  'key.missing': '请把密钥插到电脑上，等指示灯亮后点“重新检查”。换一个 USB 口，不要经过扩展坞；仍不行的，请重新安装驱动程序。',
  'key.locked': 'PIN 码连续输错后密钥会锁定，只有发证机构能解锁。请带单位证明到发证机构的服务网点，或拨打它的客服电话。',
  'pin.wrong': '请核对 PIN 码后再试一次。连续输错会锁定密钥。',
  'pin.cancelled': '请再点“试签一次”，并在密钥自己的窗口里输入 PIN 码。',
  'certificate.expired': '请到发证机构办理证书更新。更新期间可用密码登录，或申请找回。',
  'certificate.not_yet_valid': '证书还没有到生效日期。请核对电脑的日期和时间。',
  'certificate.revoked': '证书已被发证机构吊销，请重新申领。',
  'certificate.revocation_unknown': '本系统暂时查不到发证机构的吊销列表，不是您的电脑的问题。请稍后再试，仍不行请联系系统管理员。',
  'certificate.untrusted': '本系统不认可这家发证机构，请使用法人一证通。确认是法人一证通的，请联系系统管理员。',
  'certificate.subject': '请换用法人一证通单位证书，个人证书不能登录。',
  'certificate.usage': '请在证书助手里选用签名证书。',
  'certificate.algorithm': '密钥使用的签名算法过旧，请到发证机构更换密钥。',
  'certificate.signature': '请重新插拔密钥后再试。仍不行的，请更新发证机构的证书助手。',
  'network.down': '请检查网络；能打开其他网页的，请联系系统管理员。',
}
const ELSE = '请稍后再试；仍不行请把这一行的内容告诉系统管理员。'
export const nextOf = (code: string): string => NEXT[code] ?? ELSE

export interface Means {
  find: () => Promise<SigningService>
  reach: () => Promise<unknown>
  now: () => Date
}

export interface Found {
  service: SigningService
  held: Held
}

function say(step: Step, state: StepState, said: string, code = ''): void {
  Object.assign(step, { state, said, next: code && state === 'bad' ? nextOf(code) : '' })
}

function fail(step: Step, error: unknown): void {
  const known = error as Problem | SigningProblem
  say(step, 'bad', known.title ?? '出错了。', known.code ?? 'service.failed')
}

function sayValidity(step: Step, held: Held, now: Date): void {
  if (!held.validTo) return say(step, 'warning', '签名服务没有给出有效期，以试签的结果为准。')
  const day = held.validTo.slice(0, 10)
  if (held.validFrom && Date.parse(held.validFrom) > now.getTime()) return say(step, 'bad', `证书自 ${held.validFrom.slice(0, 10)} 起有效。`, 'certificate.not_yet_valid')
  const ending = endingOf(held.validTo, now)
  if (!ending) return say(step, 'good', `有效期至 ${day}，还有 ${daysLeft(held.validTo, now)} 天。`)
  const over = Date.parse(held.validTo) < now.getTime()
  say(step, over ? 'bad' : 'warning', `有效期至 ${day}。${ending.text}`, over ? 'certificate.expired' : '')
}

/** Everything that needs no PIN, step by step. Answers with what can be tried out, null where that makes no sense. */
export async function diagnose(steps: Step[], means: Means): Promise<Found | null> {
  const [service, key, lock, validity, organisation, server] = steps as [Step, Step, Step, Step, Step, Step]
  const reached = checkServer(server, means)
  const found = await checkKey(service, key, means)
  if (found) {
    const { held } = found
    say(lock, held.locked ? 'bad' : 'good', held.locked ? '密钥已锁定。' : '没有锁定。', 'key.locked')
    sayValidity(validity, held, means.now())
    say(organisation, 'good', `${held.organisation}${held.uscc ? `（${held.uscc}）` : ''}，证书编号 ${held.serial}。不是您的单位的，请换一把密钥。`)
  }
  return (await reached) && found && !found.held.locked ? found : null
}

async function checkServer(step: Step, means: Means): Promise<boolean> {
  step.state = 'running'
  try {
    await means.reach()
    say(step, 'good', '可以连接。')
    return true
  } catch (error) {
    fail(step, error)
    return false
  }
}

async function checkKey(service: Step, key: Step, means: Means): Promise<Found | null> {
  service.state = 'running'
  let at = service
  try {
    const found = await means.find()
    say(service, 'good', `找到 ${found.name}（${found.at}）。`)
    at = key
    key.state = 'running'
    const certificates = await found.certificates()
    const held = certificates[0]
    if (!held) throw NO_KEY
    say(key, 'good', certificates.length > 1 ? `有 ${certificates.length} 张证书，检查第一张。` : '有 1 张证书。')
    return { service: found, held }
  } catch (error) {
    fail(at, error)
    return null
  }
}

/** The last step: the server verifies a signature as for a log-in, and opens nothing. */
export async function tryLast(step: Step, attempt: () => Promise<{ organisation: string; uscc: string; valid_to: string }>): Promise<void> {
  say(step, 'running', '请在密钥自己的窗口里输入 PIN 码。')
  try {
    const tried = await attempt()
    say(step, 'good', `服务器认可这张证书：${tried.organisation}（${tried.uscc}），有效期至 ${tried.valid_to.slice(0, 10)}。可以登录。`)
  } catch (error) {
    fail(step, error)
  }
}
