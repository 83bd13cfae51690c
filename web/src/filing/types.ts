/** Short names for the generated types of filings. */
import type { FileRef } from '../api/types'
import type { components } from '../api/schema'

type Schemas = components['schemas']

export type FilingRow = Schemas['views.ListedFiling']
export type Filing = Schemas['views.Filing']
export type FilingState = Filing['state']
export type FilingStep = Schemas['views.FilingStep']
export type Basics = Schemas['views.FilingBasics']
export type BusinessScope = Basics['scope'][number]
export type Remark = Schemas['views.Remark']
export type Uncovered = Schemas['views.UncoveredLease']
export type ResourceRow = Schemas['views.ResourceRow']
export type TimelineLine = Schemas['views.Line']
export type ResourceKind = ResourceRow['kind']
export type ResourceState = ResourceRow['state']
export type ResourceParticulars = ResourceRow['particulars']
export type Person = Schemas['views.PersonParticulars']
export type Device = Schemas['views.DeviceParticulars']
export type Vehicle = Schemas['views.VehicleParticulars']
export type SparePart = Schemas['views.SparePartParticulars']
export type Paper = Schemas['views.Paper']
export type PaperKind = Paper['kind']
export type Education = NonNullable<Person['education']>
export type TechnicalPost = Person['technical_posts'][number]
export type NameOfPerson = Schemas['filing.NameOfPerson']
export type People = Schemas['filing.People']
export type FilingOptions = Schemas['filing.FilingOptions']
export type ResourceImport = Schemas['filing.ResourceImport']
export type ImportedRow = Schemas['filing.ImportedRow']
export type ChangeBasicsBody = Schemas['filing.ChangeBasicsBody']
export type ResourceBody = Schemas['filing.AddResourceBody']
export type Scan = FileRef
