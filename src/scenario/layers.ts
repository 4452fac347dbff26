import type { Location } from "../host/yaml/mistakes.ts";
import { isMapping, type Mapping, type Path } from "../host/yaml/path.ts";
import type { YamlSource } from "../host/yaml/yaml-source.ts";

/** A scenario's data after its target file was merged in; each value still knows which file says it. */
export interface Layers {
  readonly value: Mapping;
  readonly locate: (path: Path) => Location;
}

/** A scenario that says everything itself. */
export function oneLayer(scenario: YamlSource): Layers {
  const value = isMapping(scenario.value) ? scenario.value : {};
  return { value, locate: (path) => ({ source: scenario, path }) };
}

/** A scenario over a target file: what the scenario says under `target` wins. */
export function overTarget(scenario: YamlSource, target: YamlSource): Layers {
  const { value, locate } = oneLayer(scenario);
  const overrides = isMapping(value["target"]) ? withoutKey(value["target"], "from") : undefined;
  return {
    value: { ...value, target: overrides === undefined ? target.value : merge(target.value, overrides) },
    locate(path) {
      const ownWords = path[0] !== "target" || (overrides !== undefined && path.length > 1 && scenario.defines(path));
      return ownWords ? locate(path) : { source: target, path: path.slice(1) };
    },
  };
}

/** Mappings are merged key by key, everything else is replaced; an empty value takes a key away. */
function merge(base: unknown, override: unknown): unknown {
  if (!isMapping(base) || !isMapping(override)) return override;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = key in base ? merge(base[key], value) : value;
  }
  return merged;
}

function withoutKey(mapping: Mapping, key: string): Mapping {
  return Object.fromEntries(Object.entries(mapping).filter(([name]) => name !== key));
}
