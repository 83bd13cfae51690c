import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useChecker } from './checker'
import { factorsOf, kindOf, KINDS, missingOf } from './choices'
import { EXAMPLES } from './examples'
import { emptyRow } from './pairs'

const named = (title: string) => EXAMPLES.find((example) => example.title === title)!
function loaded(title: string) {
  const checker = useChecker()
  checker.load(named(title))
  return checker
}

describe('the worked examples', () => {
  it.each([
    ['二氧化硫，高浓度', 'pass', 'ACC-SO2-1', '5.1'], ['二氧化硫，低浓度', 'pass', 'ACC-SO2-3', '24.8'], ['含氧量', 'pass', 'ACC-O2-1', '4.6'], ['颗粒物，离限值很近', 'pass', 'ACC-PM-6', '4.94'],
    ['化学需氧量，三对中两对', 'pass', 'W-M3', '2'], ['化学需氧量，两种读法', 'review', 'W-M3', '2'], ['氨氮，标准溶液', 'pass', 'W-M3', '2'],
  ])('%s: %s by %s with %s', (title, result, rule, shown) => {
    const { verdict, problems } = loaded(title).checked.value!
    expect(problems).toEqual([])
    expect(verdict!.result).toBe(result)
    expect(Number(verdict!.rules.find((judged) => judged.rule === rule)!.shown)).toBeCloseTo(Number(shown), 1)
  })

  it('are all of them tried above', () => expect(EXAMPLES).toHaveLength(7))
})

describe('the checker', () => {
  it('says fail by one pair, and pass when that is corrected', () => {
    const checker = loaded('二氧化硫，高浓度')
    const write = (measured: string) => (checker.rows.value = checker.rows.value.map((row, at) => (at === 2 ? { ...row, measured } : row)))
    write('77.1')
    expect(checker.checked.value!.verdict!.result).toBe('fail')
    write('771')
    expect(checker.checked.value!.verdict!.result).toBe('pass')
  })

  it('leaves out the pair that is being typed', () => {
    const checker = loaded('二氧化硫，高浓度')
    checker.rows.value = checker.rows.value.map((row, at) => (at === 9 ? { ...row, reference: '810' } : row))
    expect(checker.counts.value).toEqual({ count: 9, typing: true })
    expect(checker.checked.value!.verdict!.factors[0]!.figures.pairs!.value).toBe('9')
    expect(checker.rows.value, 'and has room for the next').toHaveLength(11)
  })

  it('tells at the cell what is wrong, and of full-width digits even then', () => {
    const checker = useChecker()
    checker.replace([{ ...emptyRow(), reference: '８１２', measured: '770' }, { ...emptyRow(), reference: '798', measured: '762 mg' }, emptyRow(), { ...emptyRow(), reference: '1', measured: '1,5' }])
    expect(checker.checked.value!.verdict).toBeNull()
    expect(checker.messages.value.get(0)).toEqual([{ column: 'reference', wrong: false, sentence: '第 1 对数据“参比（实验室）值”“８１２”用了全角字符，已按半角数字读取。' }])
    expect(checker.messages.value.get(1)).toEqual([{ column: 'measured', wrong: true, sentence: '第 2 对数据“仪器测定值”“762 mg”不是数字，只填数字，例如 12.5。' }])
    expect(checker.messages.value.get(2)).toEqual([{ column: null, wrong: true, sentence: '第 3 对数据是空的，后面还有数据；请删除空行或补填。' }])
    expect(checker.messages.value.get(3)![0]!.sentence).toContain('中有逗号')
  })

  it('gives back what was there before an example or an emptying', () => {
    const checker = useChecker()
    checker.rows.value = [{ ...emptyRow(), reference: '1', measured: '2' }, ...checker.rows.value]
    checker.load(named('含氧量'))
    checker.undo()
    expect(checker.rows.value[0]).toMatchObject({ reference: '1', measured: '2' })
    expect(checker.before.value).toBeNull()
    checker.clear()
    expect(checker.counts.value.count).toBe(0)
    checker.undo()
    expect(checker.counts.value.count).toBe(1)
  })

  it('keeps a factor and a unit that the choice has', async () => {
    const checker = useChecker()
    checker.chosen.unit = 'µmol/mol'
    checker.chosen.kind = 'HJ 355-2019 sample_comparison'
    await nextTick()
    expect(factorsOf(kindOf(checker.chosen.kind)).map(({ code }) => code)).toContain(checker.chosen.factor)
    expect(checker.units.value).toContain(checker.chosen.unit)
  })

  it('asks for an emission limit where a rule needs one, and says what is wrong with it', () => {
    const checker = useChecker()
    checker.chosen.kind = 'HJ 1286-2023 trueness_check'
    expect(checker.asks.value.limit).toBe(true)
    checker.chosen.emissionLimit = '五十'
    checker.replace([{ ...emptyRow(), reference: '20', measured: '22' }])
    expect(checker.elsewhere.value).toEqual(['“排放限值”“五十”不是数字，只填数字，例如 12.5。'])
    checker.chosen.emissionLimit = '40'
    expect(checker.checked.value!.verdict!.rules.map(({ rule }) => rule)).toContain('N-TRUE-LOW')
  })

  it('takes two determinations of the laboratory', () => {
    const checker = loaded('化学需氧量，三对中两对')
    checker.chosen.parallels = true
    expect(checker.counts.value.typing, 'the laboratory’s values are asked for anew').toBe(true)
    checker.rows.value = checker.rows.value.map((row, at) => (at < 3 ? { ...row, first: '120', second: '122' } : row))
    expect(checker.checked.value!.verdict!.rules.find(({ rule }) => rule === 'W-REF')).toMatchObject({ value: '2', result: 'pass' })
    checker.chosen.parallels = false
    expect(checker.rows.value[0], 'and nothing of the other is lost').toMatchObject({ reference: '123', first: '120' })
  })
})

describe('what can be chosen', () => {
  it('has every standard with rules about pairs', () => {
    expect(new Set(KINDS.map(({ basis }) => basis))).toEqual(new Set(['HJ 75-2017', 'HJ 355-2019', 'HJ 1286-2023']))
    for (const kind of KINDS) expect(factorsOf(kind), kind.key).not.toHaveLength(0)
  })

  it('has factors whose rules are missing, and says what is', () => {
    expect(factorsOf(kindOf('HJ 75-2017 verification')).map(({ code }) => code)).toContain('a21005')
    const checker = useChecker()
    checker.chosen.factor = 'a21005'
    checker.replace(named('二氧化硫，高浓度').rows)
    const { verdict } = checker.checked.value!
    expect(verdict!.result).toBe('not_judged')
    expect(verdict!.factors[0]!.missing.join()).toContain('HJ 1403-2024')
    expect(missingOf('HJ 355-2019').join()).toContain('采样器')
  })

})
