import { expect, test } from 'vitest'
import { customerNames, logTemplates, rareWords, templateTickets } from './log-templates.ts'
import { services } from './services.ts'
import { shapeTickets, traceShapes } from './shapes.ts'

test('shapes are trees whose spans lie within their parents', () => {
  const shapes = traceShapes()
  expect(traceShapes()).toEqual(shapes)
  for (const spans of shapes) {
    expect(spans.map(({ position }) => position)).toEqual(spans.map((_, index) => index))
    for (const { position, parent, begins, length } of spans.slice(1)) {
      const above = spans[parent]!
      expect(parent).toBeLessThan(position)
      expect(begins).toBeGreaterThanOrEqual(above.begins)
      expect(begins + length).toBeLessThanOrEqual(above.begins + above.length + 1e-9)
    }
  }
  expect(new Set(shapes.flat().map(({ service }) => service)).size).toBeGreaterThan(services.length - 5)
  expect(new Set(shapeTickets())).toEqual(new Set(shapes.keys()))
})

test('lines of fifty services have words without digits, and rare ones that nothing else has', () => {
  const templates = logTemplates()
  expect(new Set(templateTickets())).toEqual(new Set(templates.keys()))
  const usual = new Set([...templates.flatMap(({ pieces }) => pieces.join(' ').split(' ')), ...customerNames()])
  const rare = rareWords(500)
  expect(new Set(rare).size).toBe(500)
  expect(rare.filter((word) => usual.has(word) || !/^[a-z]+$/.test(word))).toEqual([])
  expect(rareWords(40)).toEqual(rare.slice(0, 40))
})
