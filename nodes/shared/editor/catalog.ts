const packageName = '@energy-nodes/node-red-envoy-linky';

/** Looks a text up in the catalog of one node type, in the language of the editor. */
export type Texts = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of the node type `type`. */
export function catalog(type: string): Texts {
  return (key, values) => RED._(`${packageName}/${type}:${key}`, values);
}
