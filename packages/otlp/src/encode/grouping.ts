import type { EntityRef, InstrumentationScope, Resource } from '../otlp-json.ts'
import type { ResourceRow, ScopeRow } from '../rows.ts'
import { unknownService } from '../semantic-conventions.ts'
import { attributes, compact, given } from './fields.ts'

/** What every span, log record and series row says about where it comes from. */
export interface Origin {
  readonly service: string
  readonly res_hash: string
  readonly scope_hash: string
}

export interface ScopeGroup<Item> {
  readonly scope: InstrumentationScope
  readonly schemaUrl: string | undefined
  readonly items: Item[]
}

export interface ResourceGroup<Item> {
  readonly resource: Resource
  readonly schemaUrl: string | undefined
  readonly scopes: Map<string, ScopeGroup<Item>>
}

/** Puts items under their resource and scope, in the order in which each was first met. */
export class Grouping<Item> {
  readonly groups = new Map<string, ResourceGroup<Item>>()
  readonly #resources: ReadonlyMap<string, ResourceRow>
  readonly #scopes: ReadonlyMap<string, ScopeRow>

  /** Both maps are by hash. */
  constructor(resources: ReadonlyMap<string, ResourceRow>, scopes: ReadonlyMap<string, ScopeRow>) {
    this.#resources = resources
    this.#scopes = scopes
  }

  add(origin: Origin, item: Item): void {
    this.#scopeGroup(this.#resourceGroup(origin), origin.scope_hash).items.push(item)
  }

  #resourceGroup({ res_hash, service }: Origin): ResourceGroup<Item> {
    const known = this.groups.get(res_hash)
    if (known !== undefined) return known
    const row = this.#resources.get(res_hash)
    const group = {
      resource: row === undefined ? bareResource(service) : resource(row),
      schemaUrl: given(row?.schema_url ?? ''),
      scopes: new Map<string, ScopeGroup<Item>>(),
    }
    this.groups.set(res_hash, group)
    return group
  }

  #scopeGroup({ scopes }: ResourceGroup<Item>, hash: string): ScopeGroup<Item> {
    const known = scopes.get(hash)
    if (known !== undefined) return known
    const row = this.#scopes.get(hash)
    const group = {
      scope: row === undefined ? {} : scope(row),
      schemaUrl: given(row?.schema_url ?? ''),
      items: [],
    }
    scopes.set(hash, group)
    return group
  }
}

function resource(row: ResourceRow): Resource {
  return compact<Resource>({
    attributes: attributes(row),
    droppedAttributesCount: given(row.dropped_attributes),
    entityRefs: row.entity_refs === '' ? undefined : (JSON.parse(row.entity_refs) as EntityRef[]),
  })
}

/** What is left of a resource whose own row is gone: the service name that each item carries. */
function bareResource(service: string): Resource {
  if (service === unknownService) return {}
  return { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
}

function scope(row: ScopeRow): InstrumentationScope {
  return compact<InstrumentationScope>({
    name: given(row.name),
    version: given(row.version),
    attributes: attributes(row),
    droppedAttributesCount: given(row.dropped_attributes),
  })
}
