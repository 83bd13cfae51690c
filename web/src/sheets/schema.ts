import type { PropertySchema } from './types'

export type Path = (string | number)[]

/** The property a value at this path belongs to, with what its `$ref` says; null where the form has none. */
export function propertyAt(schema: PropertySchema & { $defs: Record<string, PropertySchema> }, path: Path): PropertySchema | null {
  let found: PropertySchema | null = schema
  for (const step of path) {
    const next: PropertySchema | undefined = typeof step === 'number' ? found.items : own(found.properties, step)
    if (!next) return null
    found = resolved(schema.$defs, next)
  }
  return found
}

export function resolved(defs: Record<string, PropertySchema>, property: PropertySchema): PropertySchema {
  return property.$ref ? { ...defs[property.$ref.slice('#/$defs/'.length)], ...property } : property
}

export function own<T>(of: Record<string, T> | undefined, name: string): T | undefined {
  return of && Object.hasOwn(of, name) ? of[name] : undefined
}

/** How a sentence names a field: by its row and its title. */
export function fieldLabel(path: Path, schema: PropertySchema): string {
  const rows = path.filter((step) => typeof step === 'number').map((step) => `第 ${step + 1} 行`).join('')
  return rows + (schema.title !== undefined ? `“${schema.title}”` : rows ? '' : '本表')
}
