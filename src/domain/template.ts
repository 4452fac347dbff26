/** Values for the placeholders `${name}` of a template. */
export type Variables = Readonly<Record<string, string | number>>;

/** Strings, and lists and mappings of them, in which placeholders are filled in. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };

const PLACEHOLDER = /\$\{([A-Za-z][\w.]*)\}/g;

/** The names of all placeholders in a template, each once. */
export function placeholders(template: Template): string[] {
  const names = new Set<string>();
  collect(template, names);
  return [...names];
}

/** Texts and placeholder names in turn: `a ${b} c` gives `["a ", "b", " c"]`. */
export function splitAtPlaceholders(text: string): string[] {
  return text.split(PLACEHOLDER);
}

/** Fills in a text. An unknown placeholder stays as it is: the scenario reader has refused those already. */
export function fill(text: string, variables: Variables): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => String(variables[name] ?? whole));
}

/**
 * Fills in every text of a structure. A text that is nothing but one
 * placeholder takes the type of its value, so that `quantity: ${quantity}`
 * becomes a JSON number.
 */
export function fillAll(template: Template, variables: Variables): Template {
  if (typeof template === "string") {
    const whole = /^\$\{([A-Za-z][\w.]*)\}$/.exec(template)?.[1];
    return whole === undefined ? fill(template, variables) : (variables[whole] ?? template);
  }
  if (Array.isArray(template)) return template.map((item: Template) => fillAll(item, variables));
  if (template !== null && typeof template === "object") {
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [fill(key, variables), fillAll(value, variables)]),
    );
  }
  return template;
}

function collect(template: Template, names: Set<string>): void {
  if (typeof template === "string") {
    for (const match of template.matchAll(PLACEHOLDER)) if (match[1] !== undefined) names.add(match[1]);
  } else if (Array.isArray(template)) {
    for (const item of template as readonly Template[]) collect(item, names);
  } else if (template !== null && typeof template === "object") {
    for (const [key, value] of Object.entries(template)) {
      collect(key, names);
      collect(value, names);
    }
  }
}
